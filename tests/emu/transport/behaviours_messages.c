// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* behaviours_messages.c - messages that move, fault or are sent again in another way */
#include "cmocka_all.h"
#include "injected_pair.h"

#include "base/clock.h"

#include <string.h>

#define PIECE	  512u			   /* of data that lands in any order */
#define RNR_NS	  (655360 * NSEC_PER_USEC) /* of code 0; it never passes by itself */
#define WAIT_NS	  (RNR_NS / 2 * 7) /* the timer is the least that a requester waits */
#define LENGTH	  (2 * PAGE)
#define OLD	  7u /* what an atomic finds */
#define DROP_TEXT "requester-drops:us=1000000"

static bool step(struct qp_pair *l)
{
	uint64_t next = device_deadline(l->g->dev);

	if (next == UINT64_MAX)
		return false;
	timers_run(&l->g->dev->timers, l->g->dev, next);
	guest_run(l->g);
	return true;
}

/* The responder asks for the longest wait. */
static struct qp_pair *make_not_ready(enum scheme scheme, const char *behaviour)
{
	struct qp_pair *l = behaving_pair_new(scheme, behaviour, MAPPED, 0);

	field_set(qp_get(l->g->dev, l->pair.b.number)->context, qpc_min_rnr_nak, 0);
	return l;
}

static bool completed(struct qp_pair *l)
{
	uint8_t cqe[64];

	guest_run(l->g);
	return guest_take(l->g, &l->g->cq, cqe);
}

/* A later piece is there before an earlier one, and all of them before the completion. */
static void dma_unordered__before_completion(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, "dma-unordered:us=1000000",
					      MAPPED, MAPPED);
	bool overtaken = false;

	qp_pair_post(l, OPCODE_WRITE, 0, LENGTH);
	while (!completed(l)) {
		assert_true(step(l));
		for (unsigned int at = PIECE; at < LENGTH; at += PIECE)
			overtaken |= l->to[at] && !l->to[at - PIECE];
	}
	assert_true(overtaken);
	assert_memory_equal(l->to, l->from, LENGTH);
	injected_pair_free(l);
}

/* An update of the key waits for what is under way through it. */
static void dma_unordered__before_update(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, "dma-unordered:us=1000000",
					      MAPPED, MAPPED);

	qp_pair_post(l, OPCODE_WRITE, 0, LENGTH);
	guest_run(l->g);
	qp_pair_map(l, l->rkey, l->remote, 0);
	guest_run(l->g);
	assert_int_equal(l->g->dev->stats.updates, 0);
	while (!l->g->dev->stats.updates)
		assert_true(step(l));
	assert_memory_equal(l->to, l->from, LENGTH);
	injected_pair_free(l);
}

/* The request's address, how far its data has come, and its length while it is known */
static void packets__headers(void **state)
{
	static const struct {
		enum opcode opcode;
		uint32_t done, op_len, packet;
	} rows[] = { { OPCODE_WRITE, 0, LENGTH, 1024 },
		     { OPCODE_WRITE, PAGE - 100, 0, 100 },
		     { OPCODE_READ, PAGE - 100, LENGTH, 100 } };

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = behaving_pair_new(SCHEME_TRANSPORT,
						      "packets:mtu=1024", MAPPED, 0);
		uint64_t first = (l->remote | MAPPED);
		struct guest_work k = qp_pair_work(l, rows[i].opcode, 100, LENGTH);
		uint8_t eqe[64] = { 0 };
		const uint8_t *data = const_block(eqe, eqe_data);

		if (rows[i].done) {
			guest_update(l->g, &l->umr, l->rkey, 0, 1, &first);
			assert_int_equal(guest_completion(l->g), 0);
		}
		guest_post(l->g, &l->pair.a, &k);
		assert_true(guest_event(l->g, &l->g->faults, eqe));
		assert_int_equal(field_get(data, eqe_rdma_fault_rdma_va),
				 l->remote + 100);
		assert_int_equal(field_get(data, eqe_rdma_fault_bytes_committed),
				 rows[i].done);
		assert_int_equal(field_get(data, eqe_rdma_fault_rdma_op_len),
				 rows[i].op_len);
		assert_int_equal(field_get(data, eqe_rdma_fault_packet_length),
				 rows[i].done ? 1024 - rows[i].done % 1024 :
						rows[i].packet);
		injected_pair_free(l);
	}
}

/* Sent again after the peer's timer, from its start, as long as the page is missing */
static void fault_rnr__sent_again(void **state)
{
	struct qp_pair *l = make_not_ready(SCHEME_MEMORY, "fault-rnr");
	struct qp *qp = qp_get(l->g->dev, l->pair.a.number);
	uint64_t values[2] = { l->remote | MAPPED, 0 }, before = clock_ns();
	uint8_t eqe[64];

	guest_update(l->g, &l->umr, l->rkey, 0, 2, values);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, LENGTH);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(qp->wait, WAIT_TIMER);
	assert_in_range(qp->timer.due, before + WAIT_NS, clock_ns() + WAIT_NS);
	assert_int_equal(l->to[PAGE - 1], l->from[PAGE - 1]);
	memset(l->to, 0, PAGE);
	assert_true(step(l));
	/* the first page was written again, and the fault is the same one */
	assert_int_equal(l->to[PAGE - 1], l->from[PAGE - 1]);
	assert_int_equal(l->g->dev->stats.faults, 1);
	assert_int_equal(l->g->dev->stats.rnr_naks, 2);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	memset(l->to, 0, PAGE);
	assert_int_equal(guest_completion(l->g), 0);
	assert_true(step(l));
	assert_true(completed(l));
	assert_memory_equal(l->to, l->from, LENGTH);
	injected_pair_free(l);
}

/* A resume that comes after the message has gone on is none of the next message. */
static void fault_rnr__resumed_too_late(void **state)
{
	struct qp_pair *l = make_not_ready(SCHEME_MEMORY, "fault-rnr:every=2");
	uint8_t first[64], second[64];

	l->g->dev->behave.rules[BEHAVE_FAULT_RNR].occasions = 1;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, first));
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	assert_true(step(l));
	assert_true(completed(l));
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
	assert_true(guest_event(l->g, &l->g->faults, second));
	guest_resume(l->g, first, true);
	assert_false(completed(l));
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, second, false);
	assert_int_equal(guest_completion(l->g), 0);
	injected_pair_free(l);
}

static void fault_rnr__not_resolved(void **state)
{
	struct qp_pair *l = make_not_ready(SCHEME_TRANSPORT, "fault-rnr");
	uint8_t eqe[64];

	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	qp_pair_post(l, OPCODE_SEND, 0, 64);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, true);
	assert_false(completed(l));
	assert_true(step(l));
	assert_int_equal(guest_completion(l->g), SYNDROME_LOCAL_PROTECTION);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_OPERATION);
	injected_pair_free(l);
}

/*
 * A SEND takes one receive, however often it is sent; its retries last only if they
 * count.
 */
static void fault_rnr__of_a_send(void **state)
{
	static const struct {
		const char *text;
		bool fails;
	} rows[] = { { "fault-rnr", false }, { "fault-rnr:consume=1", true } };

	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = qp_pair_new(
			SCHEME_MEMORY,
			(struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 1 },
			MAPPED, 0);
		struct qp *peer = qp_get(l->g->dev, l->pair.b.number);

		field_set(peer->context, qpc_min_rnr_nak, 0);
		assert_int_equal(rules_on(&l->g->dev->behave, rows[i].text), 0);
		guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
		guest_receive(l->g, &l->pair.b, l->remote + PAGE, 64, l->rkey);
		qp_pair_post(l, OPCODE_SEND, 0, 64);
		guest_run(l->g);
		for (unsigned int n = 0; n < 3; n++)
			step(l);
		assert_int_equal(peer->receive.consumed, rows[i].fails ? 0 : 1);
		if (rows[i].fails) {
			assert_int_equal(guest_completion(l->g), SYNDROME_RNR_RETRIES);
			injected_pair_free(l);
			continue;
		}
		qp_pair_resolve(l, l->rkey, l->remote);
		assert_true(step(l));
		assert_true(completed(l));
		assert_true(completed(l));
		assert_int_equal(l->to[0], 1);
		assert_int_equal(peer->receive.consumed, 1);
		injected_pair_free(l);
	}
}

/* A READ is executed again: newer data comes. */
static void requester_drops__reads_again(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, DROP_TEXT, 0, MAPPED);
	uint64_t before = clock_ns();
	uint8_t eqe[64];

	memset(l->to, 1, LENGTH);
	qp_pair_post(l, OPCODE_READ, 0, LENGTH);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_in_range(qp_get(l->g->dev, l->pair.a.number)->timer.due,
			before + NSEC_PER_SEC, clock_ns() + NSEC_PER_SEC);
	memset(l->to, 2, LENGTH);
	qp_pair_map(l, l->lkey, l->local, MAPPED);
	guest_run(l->g);
	guest_resume(l->g, eqe, false);
	/* the update, and no READ before its time */
	assert_true(completed(l));
	assert_false(completed(l));
	assert_true(step(l));
	assert_true(completed(l));
	assert_memory_equal(l->from, l->to, LENGTH);
	injected_pair_free(l);
}

/* The rest is asked for: a READ ends even if each page of the requester faults once. */
static void requester_drops__ends(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, DROP_TEXT, MAPPED, MAPPED);
	unsigned int turns = 0;
	uint8_t eqe[64];

	assert_int_equal(rules_on(&l->g->dev->behave, "fault-spurious"), 0);
	memset(l->to, 3, 3 * PAGE);
	/* an update shows that its pages come and go */
	qp_pair_map(l, l->lkey, l->local, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_READ, 0, 3 * PAGE);
	while (turns < 20 && !completed(l)) {
		while (guest_event(l->g, &l->g->faults, eqe))
			guest_resume(l->g, eqe, false);
		step(l);
		turns++;
	}
	assert_true(turns < 20);
	assert_memory_equal(l->from, l->to, 3 * PAGE);
	injected_pair_free(l);
}

/* An atomic is not: its result is kept for the time that it is asked for again. */
static void requester_drops__one_atomic(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_TRANSPORT, DROP_TEXT, 0, MAPPED);
	uint64_t *target = guest_at(l->g, l->remote), *result = guest_at(l->g, l->local);

	*target = OLD;
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	guest_run(l->g);
	assert_int_equal(*target, OLD + 5);
	assert_true(step(l));
	assert_true(step(l));
	qp_pair_resolve(l, l->lkey, l->local);
	assert_true(step(l));
	assert_true(completed(l));
	assert_int_equal(*target, OLD + 5);
	assert_int_equal(*result, OLD);
	assert_int_equal(l->g->dev->stats.faults, 1);
	injected_pair_free(l);
}

/* What a SEND or a WRITE sends from is not dropped, but waits. */
static void requester_drops__no_source(void **state)
{
	struct qp_pair *l = behaving_pair_new(SCHEME_MEMORY, DROP_TEXT, 0, MAPPED);

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	assert_int_equal(qp_get(l->g->dev, l->pair.a.number)->wait, WAIT_FAULT);
	assert_int_equal(l->g->dev->behave.rules[BEHAVE_REQUESTER_DROPS].occasions, 0);
	qp_pair_free(l);
}

/*
 * Each request once, in each kind; it is executed once, and a retry of RNR is not used
 * up.
 */
static void sequence_nak__comes_again(void **state)
{
	static const enum opcode opcodes[] = { OPCODE_WRITE, OPCODE_READ, OPCODE_SEND,
					       OPCODE_FETCH_ADD };
	struct qp_pair *l = qp_pair_new(
		SCHEME_MEMORY, (struct guest_pair){ .service = SERVICE_RC, .retries = 7 },
		MAPPED, MAPPED);
	struct device *dev = l->g->dev;
	uint64_t *target = guest_at(l->g, l->remote);

	assert_int_equal(rules_on(&dev->behave, "sequence-nak:us=1000000"), 0);
	for (unsigned int i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++) {
		const struct qp *qp = qp_get(dev, l->pair.a.number);
		uint64_t before = clock_ns();

		*target = OLD;
		if (opcodes[i] == OPCODE_SEND)
			guest_receive(l->g, &l->pair.b, l->remote + PAGE, 8, l->rkey);
		qp_pair_post(l, opcodes[i], 0, 8);
		assert_false(completed(l));
		assert_in_range(qp->timer.due, before + NSEC_PER_SEC,
				clock_ns() + NSEC_PER_SEC);
		assert_int_equal(*target, OLD);
		assert_true(step(l));
		if (opcodes[i] == OPCODE_SEND)
			assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(guest_completion(l->g), 0);
	}
	assert_int_equal(*target, OLD + 5);
	assert_int_equal(dev->behave.rules[BEHAVE_SEQUENCE_NAK].hits, 4);
	injected_pair_free(l);
}

/* Where no retry is left nothing is lost: a wire that does would end the connection. */
static void sequence_nak__without_retries(void **state)
{
	struct qp_pair *l = qp_pair_new(SCHEME_MEMORY,
					(struct guest_pair){ .service = SERVICE_RC },
					MAPPED, MAPPED);

	assert_int_equal(rules_on(&l->g->dev->behave, "sequence-nak:us=1000000"), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(completed(l));
	qp_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dma_unordered__before_completion),
		cmocka_unit_test(dma_unordered__before_update),
		cmocka_unit_test(packets__headers),
		cmocka_unit_test(fault_rnr__sent_again),
		cmocka_unit_test(fault_rnr__resumed_too_late),
		cmocka_unit_test(fault_rnr__not_resolved),
		cmocka_unit_test(fault_rnr__of_a_send),
		cmocka_unit_test(requester_drops__reads_again),
		cmocka_unit_test(requester_drops__ends),
		cmocka_unit_test(requester_drops__one_atomic),
		cmocka_unit_test(requester_drops__no_source),
		cmocka_unit_test(sequence_nak__comes_again),
		cmocka_unit_test(sequence_nak__without_retries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
