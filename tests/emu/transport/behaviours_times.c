// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * behaviours_times.c - events, resumes, completions and updates that come late, or at
 * once
 */
#include "cmocka_all.h"
#include "injected_pair.h"

#include "base/clock.h"

#include <errno.h>

/* What the tests ask for: so long that it never passes by itself */
#define LATE_NS NSEC_PER_SEC

static bool arming_fails;

int __real_timer_arm(struct timers *timers, struct timer *timer, uint64_t due);
int __wrap_timer_arm(struct timers *timers, struct timer *timer, uint64_t due);
int __wrap_timer_arm(struct timers *timers, struct timer *timer, uint64_t due)
{
	return arming_fails ? -ENOMEM : __real_timer_arm(timers, timer, due);
}

static struct qp_pair *make(const char *behaviour, unsigned int remote)
{
	return behaving_pair_new(SCHEME_MEMORY, behaviour, MAPPED, remote);
}

static bool event(struct qp_pair *l, uint8_t eqe[64])
{
	return guest_event(l->g, &l->g->faults, eqe);
}

/* Time passes for the device, as far as the next thing that it has to do. */
static void to_next_deadline(struct qp_pair *l)
{
	uint64_t next = device_deadline(l->g->dev);

	assert_true(next != UINT64_MAX);
	timers_run(&l->g->dev->timers, l->g->dev, next);
	guest_run(l->g);
}

static void map(struct qp_pair *l)
{
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
}

/* Completions so far, without waiting for more */
static unsigned int completions(struct qp_pair *l)
{
	unsigned int n = 0;
	uint8_t cqe[64];

	guest_run(l->g);
	while (guest_take(l->g, &l->g->cq, cqe))
		n++;
	return n;
}

/* Of two queue pairs that are resumed one after the other, the second goes on first. */
static void resume_late__overtaken(void **state)
{
	struct qp_pair *l = make("resume-late:us=1000000", 0);
	struct guest_pair other = { .service = SERVICE_RC };
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, PAGE, 8);
	uint8_t first[64], second[64];
	uint64_t before;

	guest_connect(l->g, &other);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(event(l, first));
	guest_post(l->g, &other.a, &k);
	assert_true(event(l, second));
	map(l);
	before = clock_ns();
	guest_resume(l->g, first, false);
	guest_resume(l->g, second, false);
	assert_int_equal(completions(l), 0);
	assert_true(device_deadline(l->g->dev) >= before + LATE_NS / 2);
	to_next_deadline(l);
	assert_int_equal(completions(l), 1);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	assert_true(device_deadline(l->g->dev) >= before + LATE_NS);
	to_next_deadline(l);
	assert_int_equal(completions(l), 1);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

/* A queue pair that is reset while it waits to go on does not. */
static void resume_late__of_a_queue_pair_that_is_reset(void **state)
{
	struct qp_pair *l = make("resume-late:us=1000000", 0);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(event(l, eqe));
	map(l);
	guest_resume(l->g, eqe, false);
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.a.number),
			 STATUS_OK);
	assert_int_equal(device_deadline(l->g->dev), UINT64_MAX);
	assert_int_equal(completions(l), 0);
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void events_late__in_time(void **state)
{
	struct qp_pair *l = make("events-late:us=1000000", 0);
	uint64_t before = clock_ns();
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_false(event(l, eqe));
	assert_true(device_deadline(l->g->dev) >= before + LATE_NS);
	to_next_deadline(l);
	assert_true(event(l, eqe));
	assert_true(TAILQ_EMPTY(&l->g->dev->held_events));
	map(l);
	guest_resume(l->g, eqe, false);
	assert_int_equal(guest_completion(l->g), 0);
	injected_pair_free(l);
}

/* What is held when the device is reset is never reported. */
static void events_late__dropped_by_reset(void **state)
{
	struct qp_pair *l = make("events-late:us=1000000", 0);

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_false(TAILQ_EMPTY(&l->g->dev->held_events));
	device_reset(l->g->dev);
	assert_true(TAILQ_EMPTY(&l->g->dev->held_events));
	assert_int_equal(device_deadline(l->g->dev), UINT64_MAX);
	injected_pair_free(l);
}

/* Both at the same moment, which is the end of a period. */
static void events_burst__at_once(void **state)
{
	struct qp_pair *l = make("events-burst:us=1000000", 0);
	struct guest_pair other = { .service = SERVICE_RC };
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, PAGE, 8);
	uint64_t before = clock_ns(), due;
	uint8_t eqe[64];

	guest_connect(l->g, &other);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	due = device_deadline(l->g->dev);
	assert_int_equal(due % NSEC_PER_SEC, 0);
	assert_true(due > before);
	guest_post(l->g, &other.a, &k);
	guest_run(l->g);
	if (clock_passed(due)) /* the period has ended between the two */
		skip();
	assert_false(event(l, eqe));
	to_next_deadline(l);
	assert_true(event(l, eqe));
	assert_true(event(l, eqe));
	injected_pair_free(l);
}

/* The data is there, and its completion is not yet; they come in their order. */
static void completion_late__in_order(void **state)
{
	struct qp_pair *l = make("completion-late:us=1000000:every=2", MAPPED);
	uint64_t before = clock_ns();
	uint8_t cqe[64];

	for (unsigned int i = 0; i < 4; i++)
		qp_pair_post(l, OPCODE_WRITE, i * PAGE, 8);
	guest_run(l->g);
	assert_int_equal(l->to[3 * PAGE], l->from[3 * PAGE]);
	/* the third must wait for the second */
	assert_int_equal(completions(l), 1);
	assert_true(device_deadline(l->g->dev) >= before + LATE_NS);
	for (unsigned int i = 1; i < 4; i++) {
		while (!guest_take(l->g, &l->g->cq, cqe))
			to_next_deadline(l);
		assert_int_equal(field_get(cqe, cqe_wqe_counter), i);
	}
	injected_pair_free(l);
}

/* Each in its time: one that is due takes no later one along. */
static void completion_late__one_by_one(void **state)
{
	struct qp_pair *l = make("completion-late:us=1000000", MAPPED);

	for (unsigned int i = 0; i < 2; i++) {
		qp_pair_post(l, OPCODE_WRITE, i * PAGE, 8);
		guest_run(l->g);
	}
	assert_int_equal(completions(l), 0);
	for (unsigned int i = 0; i < 2; i++) {
		to_next_deadline(l);
		assert_int_equal(completions(l), 1);
	}
	injected_pair_free(l);
}

/* Without memory for a timer nothing is late, and nothing is lost. */
static void late__without_memory(void **state)
{
	struct qp_pair *l = make("completion-late:us=1000000", MAPPED);

	arming_fails = true;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(completions(l), 1);
	arming_fails = false;
	for (unsigned int i = 0; i < 2; i++) {
		qp_pair_post(l, OPCODE_WRITE, i * PAGE, 8);
		guest_run(l->g);
	}
	arming_fails = true;
	to_next_deadline(l);
	arming_fails = false;
	assert_int_equal(completions(l), 2);
	injected_pair_free(l);
}

static void event_late__without_memory(void **state)
{
	struct qp_pair *l = make("events-late:us=1000000", 0);
	uint8_t eqe[64];

	arming_fails = true;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(event(l, eqe));
	arming_fails = false;
	assert_true(TAILQ_EMPTY(&l->g->dev->held_events));
	map(l);
	guest_resume(l->g, eqe, false);
	assert_int_equal(guest_completion(l->g), 0);
	injected_pair_free(l);
}

/* A queue pair that is reset or destroyed leaves nothing that completes later. */
static void completion_late__before_the_end(void **state)
{
	static const uint16_t commands[] = { COMMAND_2RST_QP, COMMAND_DESTROY_QP };

	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make("completion-late:us=1000000", MAPPED);

		qp_pair_post(l, OPCODE_WRITE, 0, 8);
		assert_int_equal(completions(l), 0);
		assert_int_equal(guest_simple(l->g, commands[i], destroy_qp_in_qpn,
					      l->pair.a.number),
				 STATUS_OK);
		assert_int_equal(completions(l), 1);
		assert_int_equal(device_deadline(l->g->dev), UINT64_MAX);
		injected_pair_free(l);
	}
}

/* The driver's own updates are not held: it would wait for them in the wrong place. */
static void completion_late__spares_driver(void **state)
{
	struct qp_pair *l = make("completion-late:us=1000000", MAPPED);

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(completions(l), 1);
	device_reset(l->g->dev);
	assert_true(TAILQ_EMPTY(&l->g->dev->held_completions));
	injected_pair_free(l);
}

/* Two operations, one interrupt */
static void completion_merged__by_one_interrupt(void **state)
{
	struct qp_pair *l = make("completion-merged:us=1000000", MAPPED);
	unsigned int interrupts;
	uint64_t before = clock_ns(), due;

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	due = device_deadline(l->g->dev);
	assert_int_equal(due % NSEC_PER_SEC, 0);
	assert_true(due > before);
	qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
	assert_int_equal(completions(l), 0);
	if (clock_passed(due))
		skip();
	interrupts = (unsigned int)l->g->dev->stats.events;
	cq_doorbell(l->g->dev, l->g->cq.number, 0);
	to_next_deadline(l);
	assert_int_equal(completions(l), 2);
	assert_int_equal(l->g->dev->stats.events, interrupts + 1);
	injected_pair_free(l);
}

/* It is applied when it completes, so that nothing goes on that it ends. */
static void update_slow__until_completion(void **state)
{
	struct qp_pair *l = make("update-slow:us=1000000", MAPPED);
	uint64_t before = clock_ns();
	uint8_t eqe[64];

	qp_pair_map(l, l->rkey, l->remote, 0);
	guest_run(l->g);
	assert_int_equal(l->g->dev->stats.updates, 0);
	qp_pair_write(l, 0, 8);
	assert_int_equal(l->g->dev->stats.updates, 0);
	assert_true(device_deadline(l->g->dev) >= before + LATE_NS);
	to_next_deadline(l);
	assert_int_equal(l->g->dev->stats.updates, 1);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(event(l, eqe));
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resume_late__overtaken),
		cmocka_unit_test(resume_late__of_a_queue_pair_that_is_reset),
		cmocka_unit_test(events_late__in_time),
		cmocka_unit_test(events_late__dropped_by_reset),
		cmocka_unit_test(events_burst__at_once),
		cmocka_unit_test(completion_late__in_order),
		cmocka_unit_test(completion_late__one_by_one),
		cmocka_unit_test(late__without_memory),
		cmocka_unit_test(event_late__without_memory),
		cmocka_unit_test(completion_late__before_the_end),
		cmocka_unit_test(completion_late__spares_driver),
		cmocka_unit_test(completion_merged__by_one_interrupt),
		cmocka_unit_test(update_slow__until_completion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
