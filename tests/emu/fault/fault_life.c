// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fault_life.c - page faults whose queue pair, event queue or device goes before they end
 */
#include "cmocka_all.h"
#include "qp_pair.h"

#include "fault/fault.h"

#include <string.h>

static struct qp_pair *make(enum scheme scheme)
{
	return qp_pair_new(scheme, (struct guest_pair){ .service = SERVICE_RC }, MAPPED,
			   0);
}

static void reset(struct qp_pair *l, const struct guest_qp *qp)
{
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      qp->number),
			 STATUS_OK);
}

static void map(struct qp_pair *l)
{
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
}

/* Of two that wait, one is reset: the other goes on when its fault is resumed. */
static void fault__of_another_queue_pair(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY);
	struct guest_pair other = { .service = SERVICE_RC };
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, PAGE, 8);
	uint8_t first[64], second[64], cqe[64];

	guest_connect(l->g, &other);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, first));
	guest_post(l->g, &other.a, &k);
	assert_true(guest_event(l->g, &l->g->faults, second));
	reset(l, &l->pair.a);
	map(l);
	guest_resume(l->g, first, false);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	guest_resume(l->g, second, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	qp_pair_free(l);
}

static void connect_again(struct qp_pair *l)
{
	static const uint16_t steps[] = { COMMAND_RST2INIT_QP, COMMAND_INIT2RTR_QP,
					  COMMAND_RTR2RTS_QP };
	uint8_t c[QP_CONTEXT];

	memcpy(c, qp_get(l->g->dev, l->pair.a.number)->context, sizeof(c));
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(guest_modify(l->g, &l->pair.a, steps[i], c, 0),
				 STATUS_OK);
	l->pair.a.send.produced = 0;
}

/*
 * A queue pair has one fault of a type at a time, by which the driver names it: the next
 * one waits until the driver has ended that of the life before.
 */
static void fault__of_the_life_before(void **state)
{
	struct qp_pair *l = make(SCHEME_TRANSPORT);
	uint8_t first[64], second[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, first));
	reset(l, &l->pair.a);
	connect_again(l);
	qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
	assert_false(guest_event(l->g, &l->g->faults, second));
	assert_int_equal(l->g->dev->stats.faults, 1);
	guest_resume(l->g, first, false);
	timers_run(&l->g->dev->timers, l->g->dev, UINT64_MAX);
	assert_true(guest_event(l->g, &l->g->faults, second));
	map(l);
	guest_resume(l->g, second, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	qp_pair_free(l);
}

/* The end of that does not wake a message of the life that followed. */
static void resume__of_the_life_before(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY);
	uint8_t first[64], second[64], none[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, first));
	reset(l, &l->pair.a);
	connect_again(l);
	qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
	assert_true(guest_event(l->g, &l->g->faults, second));
	guest_resume(l->g, first, true);
	assert_false(guest_event(l->g, &l->g->faults, none));
	assert_int_equal(qp_get(l->g->dev, l->pair.a.number)->wait, WAIT_FAULT);
	map(l);
	guest_resume(l->g, second, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->g->dev->stats.faults, 2);
	qp_pair_free(l);
}

/* Without an event queue the driver cannot resolve it: the access fails. */
static void fault__without_event_queue(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);

	assert_int_equal(guest_simple(l->g, COMMAND_DESTROY_EQ, destroy_eq_in_eq_number,
				      l->g->faults.number),
			 STATUS_OK);
	assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_REMOTE_ACCESS);
	assert_int_equal(l->g->dev->stats.faults, 0);
	qp_pair_free(l);
}

/* The type is part of its name. */
static void resume__of_another_type(void **state)
{
	struct qp_pair *l = make(SCHEME_TRANSPORT);
	uint8_t in[16] = { 0 }, eqe[64];
	uint8_t *info = block(in, page_fault_resume_in_page_fault_info);

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	store_be32(in, COMMAND_PAGE_FAULT_RESUME << 16);
	for (unsigned int type = 0; type < 6; type++) {
		field_set(info, trans_page_fault_info_page_fault_type, type);
		field_set(info, trans_page_fault_info_fault_token, l->pair.b.number);
		assert_int_equal(guest_command(l->g, in, sizeof(in), NULL, 16),
				 STATUS_BAD_PARAM);
	}
	assert_int_equal(l->g->dev->stats.resumes, 0);
	qp_pair_free(l);
}

/* The responder's buffer stays away: both ends get an error, each its own. */
static void resume__of_receive_with_error(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY);
	uint8_t eqe[64], cqe[64];

	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	qp_pair_post(l, OPCODE_SEND, 0, 64);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, true);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE_ERROR);
	assert_int_equal(field_get(cqe, cqe_syndrome), SYNDROME_LOCAL_PROTECTION);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_OPERATION);
	assert_int_equal(l->g->dev->stats.resumes, 1);
	assert_int_equal(l->g->dev->stats.resumes_with_error, 1);
	qp_pair_free(l);
}

static void fault__of_a_device_that_is_reset(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_false(TAILQ_EMPTY(&l->g->dev->faults));
	device_reset(l->g->dev);
	assert_true(TAILQ_EMPTY(&l->g->dev->faults));
	qp_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault__of_another_queue_pair),
		cmocka_unit_test(fault__of_the_life_before),
		cmocka_unit_test(resume__of_the_life_before),
		cmocka_unit_test(fault__without_event_queue),
		cmocka_unit_test(resume__of_another_type),
		cmocka_unit_test(resume__of_receive_with_error),
		cmocka_unit_test(fault__of_a_device_that_is_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
