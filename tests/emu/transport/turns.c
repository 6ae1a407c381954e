// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * turns.c - queue pairs at work: whose turn it is, how much of it, and when there is none
 */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/receive.h"
#include "transport/qp_life.h"
#include "transport/turn.h"

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

/* Sixty-four messages are a turn, however short they are. */
static void turn__messages(void **state)
{
	struct qp_pair *l = *state;
	uint8_t nops[WQE_BLOCK << QUEUE_LOG] = { 0 };

	for (unsigned int i = 0; i < 1u << QUEUE_LOG; i++)
		field_set(nops + i * WQE_BLOCK, ctrl_seg_ds, 1);
	guest_post_raw(l->g, &l->pair.a, nops, 1u << QUEUE_LOG);
	assert_true(qp_turn(l->g->dev, first(l)));
	assert_int_equal(l->g->dev->stats.operations, 64);
	assert_false(qp_turn(l->g->dev, first(l)));
	assert_int_equal(l->g->dev->stats.operations, 64);
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

/* What is posted before RTS waits for it, and takes no turns. */
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

/* It waits to try again: a reset ends that, too. */
static void reset__ends_waiting(void **state)
{
	struct qp_pair *l = *state;

	qp_pair_post(l, OPCODE_SEND, 0, 8);
	guest_run(l->g);
	assert_int_equal(first(l)->wait, WAIT_TIMER);
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.a.number),
			 STATUS_OK);
	assert_int_equal(device_deadline(l->g->dev), UINT64_MAX);
	assert_int_equal(first(l)->wait, WAIT_NOTHING);
	assert_false(first(l)->message.active);
	assert_null(first(l)->list);
	/* it has no error to enter from there */
	qp_fail(l->g->dev, first(l));
	assert_int_equal(first(l)->state, QP_RESET);
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
		TEST(turn__half_a_megabyte), TEST(turn__of_others_meanwhile),
		TEST(turn__messages),	     TEST(turn__not_before_rts),
		TEST(doorbell__ignored),     TEST(reset__ends_waiting),
		TEST(life__holds_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
