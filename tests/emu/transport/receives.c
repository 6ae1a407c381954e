// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * receives.c - which receive a message takes, and what becomes of it if the message ends
 */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"
#include "queue/receive.h"

#include "base/util.h"

#define LENGTH 64u

static void reset(struct qp_pair *l, const struct guest_qp *qp)
{
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      qp->number),
			 STATUS_OK);
}

static void receive(struct qp_pair *l, uint64_t offset)
{
	guest_receive(l->g, &l->pair.b, l->remote + offset, LENGTH, l->rkey);
}

/* A SEND that waits for the page of its receive */
static void send_and_fault(struct qp_pair *l, uint8_t eqe[64])
{
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_SEND, 0, LENGTH);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
}

static void expect(struct qp_pair *l, enum completion_kind kind, uint16_t index)
{
	uint8_t cqe[64];

	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), kind);
	assert_int_equal(field_get(cqe, cqe_wqe_counter), index);
	if (kind == COMPLETION_RECEIVE_ERROR)
		assert_int_equal(field_get(cqe, cqe_syndrome), SYNDROME_FLUSHED);
	if (kind != COMPLETION_SEND)
		assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), l->pair.b.number);
}

/* The sender is reset while its message waits: as if the message had never come. */
static void receive__given_back(void **state)
{
	struct qp_pair *l = *state;
	struct qp *b = qp_get(l->g->dev, l->pair.b.number);
	uint8_t eqe[64], cqe[64];

	receive(l, 0);
	qp_pair_post(l, OPCODE_SEND, 0, LENGTH);
	expect(l, COMPLETION_RECEIVE, 0);
	expect(l, COMPLETION_SEND, 0);
	receive(l, LENGTH);
	send_and_fault(l, eqe);
	assert_int_equal(b->receive.consumed, 2);
	reset(l, &l->pair.a);
	assert_int_equal(b->receive.consumed, 1);
	assert_int_equal(receive_posted(l->g->dev, &b->receive), 1);
	guest_resume(l->g, eqe, false);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
}

/* Others were taken since, so that it cannot go back: it ends with a flush error. */
static void receive__flushed_if_not_the_last(void **state)
{
	struct qp_pair *l = *state;
	struct qp *b = qp_get(l->g->dev, l->pair.b.number);
	struct receive another;
	uint8_t eqe[64];

	receive(l, 0);
	receive(l, LENGTH);
	send_and_fault(l, eqe);
	assert_int_equal(receive_take(l->g->dev, &b->receive, &another), 0);
	reset(l, &l->pair.a);
	expect(l, COMPLETION_RECEIVE_ERROR, 0);
	assert_int_equal(b->receive.consumed, 2);
}

/* The responder's receives are those of a shared queue, which is full. */
static void share(struct qp_pair *l, struct guest_queue *queue)
{
	l->pair.srqn = guest_shared_queue(l->g, queue);
	guest_connect(l->g, &l->pair);
	guest_shared_fill(l->g, queue, l->remote, LENGTH, l->rkey);
}

/* A shared queue's entries are in a chain, to which none can be given back. */
static void receive__flushed_if_shared(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;
	uint8_t eqe[64];

	share(l, &queue);
	store_be32(guest_at(l->g, queue.record), 1);
	send_and_fault(l, eqe);
	reset(l, &l->pair.a);
	expect(l, COMPLETION_RECEIVE_ERROR, 0);
}

/*
 * The receiver goes: its receive is flushed, and the message begins anew, without answer.
 */
static void receiver__reset(void **state)
{
	struct qp_pair *l = *state;
	const struct qp *a = qp_get(l->g->dev, l->pair.a.number);
	uint8_t eqe[64];

	receive(l, 0);
	send_and_fault(l, eqe);
	assert_true(a->message.received && a->message.started);
	reset(l, &l->pair.b);
	expect(l, COMPLETION_RECEIVE_ERROR, 0);
	assert_false(a->message.received || a->message.started);
	assert_true(a->message.active);
	guest_resume(l->g, eqe, false);
	guest_run(l->g);
	assert_int_equal(a->wait, WAIT_TIMER);
}

/* ... or is destroyed; the page stays away, too. */
static void receiver__destroyed(void **state)
{
	struct qp_pair *l = *state;
	uint8_t eqe[64];

	receive(l, 0);
	send_and_fault(l, eqe);
	assert_int_equal(guest_simple(l->g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      l->pair.b.number),
			 STATUS_OK);
	expect(l, COMPLETION_RECEIVE_ERROR, 0);
	guest_resume(l->g, eqe, true);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_OPERATION);
}

/*
 * A WRITE with immediate data takes one, too, before it writes: by its index it
 * completes.
 */
static void write__with_immediate(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE_IMM, 0, LENGTH);
	uint8_t cqe[64];

	k.immediate = 0xcafe;
	guest_post(l->g, &l->pair.a, &k);
	guest_run(l->g);
	assert_int_equal(l->g->dev->stats.rnr_naks, 1);
	assert_int_equal(l->to[0], 0);
	receive(l, PAGE);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_WRITE_IMM);
	assert_int_equal(field_get(cqe, cqe_byte_cnt), LENGTH);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), 0xcafe);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(l->to, l->from, LENGTH);
	assert_int_equal(l->to[PAGE], 0);
	assert_int_equal(qp_get(l->g->dev, l->pair.b.number)->receive.consumed, 1);
}

/* An entry out of reach is the responder's error; the requester's is another. */
static void entry__out_of_reach(void **state)
{
	struct qp_pair *l = *state;
	struct qp *b = qp_get(l->g->dev, l->pair.b.number);
	uint8_t eqe[64];

	receive(l, 0);
	for (unsigned int i = 0; i < b->ring.n; i++)
		b->ring.pages[i] = GUEST_BASE + GUEST_BYTES;
	qp_pair_post(l, OPCODE_SEND, 0, LENGTH);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_INVALID);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_ACCESS);
	assert_int_equal(b->state, QP_ERROR);
	assert_int_equal(l->g->dev->stats.rnr_naks, 0);
}

/* Fewer than the limit are left: an event, once. */
static void shared__limit(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;
	uint8_t eqe[64];

	share(l, &queue);
	store_be32(guest_at(l->g, queue.record), 3);
	srq_get(l->g->dev, l->pair.srqn)->limit = 2;
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(guest_event(l->g, &l->g->events, eqe), false);
		qp_pair_post(l, OPCODE_SEND, 0, LENGTH);
		expect(l, COMPLETION_RECEIVE, (uint16_t)i);
		assert_int_equal(guest_completion(l->g), 0);
		if (i != 1)
			continue;
		assert_true(guest_event(l->g, &l->g->events, eqe));
		assert_int_equal(field_get(eqe, eqe_type), EVENT_SRQ_LIMIT);
		assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
				 l->pair.srqn);
	}
}

/* Its buffers are of the shared queue's domain, whatever the queue pair's is. */
static void shared__domain(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue queue;

	l->g->pd++;
	l->pair.srqn = guest_shared_queue(l->g, &queue);
	l->rkey = guest_mkey(l->g, l->remote, PAGES, RIGHTS_ALL, MAPPED);
	l->g->pd--;
	guest_connect(l->g, &l->pair);
	guest_shared_fill(l->g, &queue, l->remote, LENGTH, l->rkey);
	store_be32(guest_at(l->g, queue.record), 1);
	qp_pair_post(l, OPCODE_SEND, 0, LENGTH);
	expect(l, COMPLETION_RECEIVE, 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(l->to, l->from, LENGTH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(receive__given_back),
		TEST(receive__flushed_if_not_the_last),
		TEST(receive__flushed_if_shared),
		TEST(receiver__reset),
		TEST(receiver__destroyed),
		TEST(write__with_immediate),
		TEST(entry__out_of_reach),
		TEST(shared__limit),
		TEST(shared__domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
