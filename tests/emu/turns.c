// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* turns.c - queue pairs at work: whose turn it is, how much of it, and the end in error */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"
#include "queue/receive.h"

#include "base/clock.h"
#include "base/util.h"

#define LONG_PAGES 256u
#define LONG_BYTES (LONG_PAGES * PAGE) /* two turns' worth */

static struct qp *first(const struct qp_pair *l)
{
	return qp_get(l->g->dev, l->pair.a.number);
}

/* A message of a megabyte, of which half goes in a turn */
static struct guest_work long_write(struct qp_pair *l)
{
	uint64_t local = guest_alloc(l->g, LONG_BYTES);
	uint64_t remote = guest_alloc(l->g, LONG_BYTES);

	return (struct guest_work){
		.opcode = OPCODE_WRITE,
		.local = local,
		.remote = remote,
		.len = LONG_BYTES,
		.lkey = guest_mkey(l->g, local, LONG_PAGES, RIGHTS_ALL, MAPPED),
		.rkey = guest_mkey(l->g, remote, LONG_PAGES, RIGHTS_ALL, MAPPED)
	};
}

static void turn__half_a_megabyte(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = long_write(l);
	struct device *dev = l->g->dev;
	uint8_t cqe[64];

	guest_post(l->g, &l->pair.a, &k);
	assert_true(qp_turn(dev, first(l)));
	assert_int_equal(first(l)->message.transfer.done, LONG_BYTES / 2);
	assert_false(guest_take(l->g, &l->g->cq, cqe));
	assert_int_equal(dev->stats.operations, 0);
	assert_true(qp_turn(dev, first(l)));
	assert_true(guest_take(l->g, &l->g->cq, cqe));
	assert_int_equal(dev->stats.operations, 1);
	assert_int_equal(dev->stats.bytes, LONG_BYTES);
	assert_int_equal(dev->lingering, l->pair.a.number);
	assert_false(qp_turn(dev, first(l)));
	assert_null(first(l)->list);
}

/* A short message does not wait for the end of another queue pair's long one. */
static void turn__of_others_meanwhile(void **state)
{
	struct qp_pair *l = *state;
	struct guest_pair other = { .service = SERVICE_RC };
	struct guest_work k = long_write(l), brief = qp_pair_work(l, OPCODE_WRITE, 0, 8);
	uint8_t cqe[64];

	guest_connect(l->g, &other);
	guest_post(l->g, &l->pair.a, &k);
	guest_post(l->g, &other.a, &brief);
	guest_run(l->g);
	assert_true(guest_take(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_sop_drop_qpn) & 0xffffff, other.a.number);
	assert_true(guest_take(l->g, &l->g->cq, cqe));
}

/* A doorbell of a queue pair that is not there, or that sends nothing, does nothing. */
static void doorbell__ignored(void **state)
{
	struct qp_pair *l = *state;

	guest_run(l->g);
	qp_doorbell(l->g->dev, 0x3fffff);
	first(l)->has_send = false;
	qp_doorbell(l->g->dev, l->pair.a.number);
	assert_null(first(l)->list);
	first(l)->has_send = true;
	qp_doorbell(l->g->dev, l->pair.a.number);
	assert_ptr_equal(first(l)->list, &l->g->dev->ready);
}

/* What is posted before RTS waits for it, and keeps nobody busy. */
static void turn__not_before_rts(void **state)
{
	struct qp_pair *l = *state;
	uint8_t cqe[64];

	first(l)->state = QP_RTR;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_false(guest_take(l->g, &l->g->cq, cqe));
	assert_null(first(l)->list);
	assert_false(qp_has_work(l->g->dev, first(l)));
	first(l)->state = QP_RTS;
	assert_true(qp_has_work(l->g->dev, first(l)));
	first(l)->wait = WAIT_FAULT;
	assert_false(qp_has_work(l->g->dev, first(l)));
	first(l)->wait = WAIT_NOTHING;
	qp_doorbell(l->g->dev, l->pair.a.number);
	assert_int_equal(guest_completion(l->g), 0);
	assert_false(qp_has_work(l->g->dev, first(l)));
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

/* Receives ring no doorbell: they are looked for, as long as there are such queue pairs. */
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

/* The last of a shared queue that it used up is known when it is in error: an event, once. */
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

/* It holds its completion queue and shared queue until it is destroyed. */
static void life__holds_queues(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;
	struct guest_qp qp;
	const struct cq *cq = cq_get(l->g->dev, l->g->cq.number);
	uint32_t srqn = guest_shared_queue(l->g, &queue), refs = cq->object.refs;

	guest_create_qp(l->g, &qp, SERVICE_RC, srqn);
	assert_int_equal(cq->object.refs, refs + 2);
	assert_int_equal(srq_get(l->g->dev, srqn)->object.refs, 1);
	assert_true(qp_get(l->g->dev, qp.number)->serial > first(l)->serial);
	assert_int_equal(guest_simple(l->g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      qp.number),
			 STATUS_OK);
	assert_int_equal(cq->object.refs, refs);
	assert_int_equal(srq_get(l->g->dev, srqn)->object.refs, 0);
	assert_null(qp_get(l->g->dev, qp.number));
	qps_free(l->g->dev);
	assert_int_equal(cq->object.refs, 0);
	assert_int_equal(l->g->dev->qps.count, 0);
	assert_null(l->g->dev->qps.slots);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(turn__half_a_megabyte),	   TEST(turn__of_others_meanwhile),
		TEST(doorbell__ignored),	   TEST(turn__not_before_rts),
		TEST(flush__all_that_is_posted),   TEST(flush__looks_for_receives),
		TEST(flush__last_of_shared_queue), TEST(life__holds_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
