// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flush.c - queue pairs in error: all that is posted, before and since, ends with that */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"

#include "base/clock.h"
#include "base/util.h"

static struct qp *first(const struct qp_pair *l)
{
	return qp_get(l->g->dev, l->pair.a.number);
}

static void into_error(struct qp_pair *l, const struct guest_qp *qp)
{
	assert_int_equal(guest_simple(l->g, COMMAND_2ERR_QP, destroy_qp_in_qpn,
				      qp->number),
			 STATUS_OK);
	guest_run(l->g);
}

/* Sends first, then receives; each by its index, even an entry that makes no sense. */
static void flush__all_that_is_posted(void **state)
{
	static const struct {
		enum completion_kind kind;
		uint16_t index;
	} rows[] = { { COMPLETION_SEND_ERROR, 0 },
		     { COMPLETION_SEND_ERROR, 1 },
		     { COMPLETION_RECEIVE_ERROR, 0 },
		     { COMPLETION_RECEIVE_ERROR, 1 } };
	struct qp_pair *l = *state;
	uint8_t nonsense[WQE_BLOCK] = { 0 }, cqe[64];

	first(l)->user_index = 0x123;
	first(l)->state = QP_RTR; /* so that nothing is sent before */
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_post_raw(l->g, &l->pair.a, nonsense, 1);
	for (unsigned int i = 0; i < 2; i++)
		guest_receive(l->g, &l->pair.a, l->remote, 8, l->rkey);
	into_error(l, &l->pair.a);
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_true(guest_take(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_opcode), rows[i].kind);
		assert_int_equal(field_get(cqe, cqe_syndrome), SYNDROME_FLUSHED);
		assert_int_equal(field_get(cqe, cqe_wqe_counter), rows[i].index);
		assert_int_equal(field_get(cqe, cqe_srqn_uidx), 0x123);
		assert_int_equal(field_get(cqe, cqe_sop_drop_qpn) & 0xffffff,
				 l->pair.a.number);
	}
	assert_false(guest_take(l->g, &l->g->cq, cqe));
	assert_int_equal(l->g->dev->stats.operations, 0);
}

/*
 * Receives ring no doorbell: they are looked for, as long as there are such queue pairs.
 */
static void flush__looks_for_receives(void **state)
{
	struct qp_pair *l = *state;
	struct device *dev = l->g->dev;
	uint64_t before = clock_ns();

	into_error(l, &l->pair.a);
	assert_in_range(device_deadline(dev), before, clock_ns() + 5 * NSEC_PER_MSEC);
	for (unsigned int i = 0; i < 3; i++) {
		guest_receive(l->g, &l->pair.a, l->remote, 8, l->rkey);
		timers_run(&dev->timers, dev, device_deadline(dev));
		assert_int_equal(guest_completion(l->g), SYNDROME_FLUSHED);
	}
	assert_ptr_equal(first(l)->list, &dev->flushing);
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.a.number),
			 STATUS_OK);
	timers_run(&dev->timers, dev, device_deadline(dev));
	assert_int_equal(device_deadline(dev), UINT64_MAX);
}

/*
 * The last of a shared queue that it used up is known when it is in error: an event,
 * once.
 */
static void flush__last_of_shared_queue(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;
	uint8_t eqe[64];

	l->pair.srqn = guest_shared_queue(l->g, &queue);
	guest_connect(l->g, &l->pair);
	for (unsigned int i = 0; i < 2; i++) {
		into_error(l, &l->pair.a);
		qp_doorbell(l->g->dev, l->pair.a.number);
		assert_int_equal(guest_event(l->g, &l->g->events, eqe), i == 0);
	}
	assert_int_equal(field_get(eqe, eqe_type), EVENT_SRQ_LAST_WQE);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
			 l->pair.a.number);
	assert_null(first(l)->list);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flush__all_that_is_posted),
		TEST(flush__looks_for_receives),
		TEST(flush__last_of_shared_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
