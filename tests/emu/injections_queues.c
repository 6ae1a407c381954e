// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* injections_queues.c - misbehaviour of faults, completions and receives, and its conditions */
#include "cmocka_all.h"
#include "injected.h"

#include <string.h>

static void failed_fault_ok(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("failed-fault-ok", MTT_READ, 0);
	uint8_t eqe[64];

	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	guest_resume(w->g, eqe, true);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 0);
	injected_free(w);
}

static void fault_lost(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("fault-lost", MTT_READ, 0);
	uint8_t eqe[64], cqe[64];

	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_false(guest_event(w->g, &w->g->faults, eqe));
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(w->g->dev->stats.faults, 1);
	injected_free(w);
}

static void fault_spurious(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("fault-spurious");
	uint8_t eqe[64];

	/* a region whose pages never came or went is no ODP region: it cannot fault */
	injected_write(w, 0, 8);
	injected_map(w, w->rkey, w->remote, MTT_READ | MTT_WRITE);
	assert_int_equal(guest_completion(w->g), 0);
	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	guest_resume(w->g, eqe, false);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->g->dev->stats.faults, 1);
	injected_free(w);
}

static void completion_early(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("completion-early");

	injected_write(w, 0, 8);
	assert_int_equal(w->to[0], 0);
	injected_wait(w);
	assert_int_equal(w->to[0], 1);
	injected_free(w);
}

static void completion_twice(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("completion-twice");

	injected_write(w, 0, 8);
	assert_int_equal(guest_completion(w->g), 0);
	injected_free(w);
}

static void completion_lost(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("completion-lost");
	uint8_t cqe[64];

	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(w->to[0], 1);
	injected_free(w);
}

static void byte_count(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("byte-count");
	uint8_t cqe[64];

	injected_post(w, OPCODE_READ, 0, 64);
	assert_true(guest_poll(w->g, &w->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 63);
	injected_free(w);
}

static void atomic_twice(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("atomic-twice", 0, MTT_READ | MTT_WRITE);

	injected_post(w, OPCODE_FETCH_ADD, 0, 8);
	injected_resolve(w, w->lkey, w->local);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 10);
	injected_free(w);
}

/* A replay after either fault: of the target, or of where the result goes. */
static void atomic_twice_at_its_target(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("atomic-twice", MTT_READ | MTT_WRITE, 0);

	injected_post(w, OPCODE_FETCH_ADD, 0, 8);
	injected_resolve(w, w->rkey, w->remote);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 10);
	assert_int_equal(w->from[0], 5);
	injected_free(w);
}

static void receive_twice(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("receive-twice");

	guest_receive(w->g, &w->pair.b, w->remote, 64, w->rkey);
	guest_receive(w->g, &w->pair.b, w->remote + PAGE, 64, w->rkey);
	injected_post(w, OPCODE_SEND, 0, 64);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 0);
	assert_int_equal(w->to[PAGE], 1);
	injected_free(w);
}

static void flush_missing(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("flush-missing");
	uint8_t cqe[64];

	w->rkey ^= 0xff;
	guest_receive(w->g, &w->pair.a, w->remote, 64, w->lkey);
	injected_post(w, OPCODE_WRITE, 0, 8);
	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(w->g), SYNDROME_REMOTE_ACCESS);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	injected_free(w);
}

/* The driver waits for the completion of its own updates: it must come, and once. */
static void the_driver_is_spared(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("completion-lost");
	uint8_t cqe[64];

	assert_int_equal(inject_on(&w->g->dev->inject, "completion-twice"), 0);
	injected_map(w, w->rkey, w->remote, MTT_READ | MTT_WRITE);
	assert_int_equal(guest_completion(w->g), 0);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_false(guest_poll(w->g, &w->g->cq, cqe));
	injected_free(w);
}

static void conditions(void **state __attribute__((unused)))
{
	static const struct {
		const char *text;
		uint64_t hits; /* of twelve occasions */
	} rows[] = { { "byte-count", 12 },
		     { "byte-count:every=3", 4 },
		     { "byte-count:after=10", 2 } };
	struct injected *w = injected_mapped("slow-dma");

	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(inject_on(&w->g->dev->inject, rows[i].text), 0);
		for (unsigned int n = 0; n < 12; n++)
			(void)inject(w->g->dev, INJECT_BYTE_COUNT);
		assert_int_equal(w->g->dev->inject.rules[INJECT_BYTE_COUNT].hits,
				 rows[i].hits);
	}
	assert_int_equal(inject_on(&w->g->dev->inject, "byte-count:prob=0.5"), 0);
	for (unsigned int n = 0; n < 1000; n++)
		(void)inject(w->g->dev, INJECT_BYTE_COUNT);
	assert_in_range(w->g->dev->inject.rules[INJECT_BYTE_COUNT].hits, 400, 600);
	injected_free(w);
}

static void wrong_words_are_refused(void **state __attribute__((unused)))
{
	static const char *const words[] = { "nonsense",
					     "byte-count:",
					     "byte-count:every=0",
					     "byte-count:prob=2",
					     "byte-count:prob=x",
					     "byte-count:after=-1",
					     "" };
	struct injections injections = { 0 };

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_not_equal(inject_on(&injections, words[i]), 0);
	assert_int_equal(injections.active, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failed_fault_ok),
		cmocka_unit_test(fault_lost),
		cmocka_unit_test(fault_spurious),
		cmocka_unit_test(completion_early),
		cmocka_unit_test(completion_twice),
		cmocka_unit_test(completion_lost),
		cmocka_unit_test(byte_count),
		cmocka_unit_test(atomic_twice),
		cmocka_unit_test(atomic_twice_at_its_target),
		cmocka_unit_test(receive_twice),
		cmocka_unit_test(the_driver_is_spared),
		cmocka_unit_test(flush_missing),
		cmocka_unit_test(conditions),
		cmocka_unit_test(wrong_words_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
