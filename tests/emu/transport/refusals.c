// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* refusals.c - accesses that either end does not allow, and what the other one learns */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"
#include "transport/responder.h"

#include "base/util.h"

static struct qp_pair *make(void)
{
	return qp_pair_new(SCHEME_MEMORY, (struct guest_pair){ .service = SERVICE_RC },
			   MAPPED, MAPPED);
}

static struct qp *responder(const struct qp_pair *l)
{
	return qp_get(l->g->dev, l->pair.b.number);
}

/* The queue pair's own attributes let others read, write, and execute atomics. */
static void attribute__of_responder(void **state)
{
	static const struct {
		enum opcode opcode;
		const struct field *needed;
	} rows[] = { { OPCODE_READ, &qpc_rre },
		     { OPCODE_WRITE, &qpc_rwe },
		     { OPCODE_FETCH_ADD, &qpc_rae } };

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		for (unsigned int k = 0; k < ARRAY_SIZE(rows); k++) {
			struct qp_pair *l = make();
			struct guest_work work = qp_pair_work(l, rows[i].opcode, 0, 8);

			field_set(responder(l)->context, *rows[k].needed, 0);
			assert_int_equal(qp_pair_outcome(l, &work),
					 i == k ? SYNDROME_REMOTE_ACCESS : 0);
			qp_pair_free(l);
		}
}

/*
 * What the requester may not touch itself ends there: the responder does not learn of it.
 */
static void buffer__of_requester(void **state)
{
	static const struct {
		enum opcode opcode;
		enum right lacking;
	} rows[] = { { OPCODE_SEND, RIGHT_LOCAL_READ },
		     { OPCODE_WRITE, RIGHT_LOCAL_READ },
		     { OPCODE_READ, RIGHT_LOCAL_WRITE },
		     { OPCODE_FETCH_ADD, RIGHT_LOCAL_WRITE } };

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct qp_pair *l = make();
		struct guest_work work = qp_pair_work(l, rows[i].opcode, 0, 8);
		uint8_t eqe[64];

		work.lkey = guest_mkey(l->g, l->local, 1, RIGHTS_ALL & ~rows[i].lacking,
				       MAPPED);
		guest_receive(l->g, &l->pair.b, l->remote, 8, l->rkey);
		assert_int_equal(qp_pair_outcome(l, &work), SYNDROME_LOCAL_PROTECTION);
		assert_false(guest_event(l->g, &l->g->events, eqe));
		assert_int_equal(responder(l)->state, QP_RTS);
		assert_int_equal(responder(l)->receive.consumed, 0);
		qp_pair_free(l);
	}
}

/* Once in error, it reports no further access; a target of others is never in error. */
static void refusal__reported_once(void **state)
{
	struct qp_pair *l = make();
	struct guest_queue receives;
	uint32_t srqn = guest_shared_queue(l->g, &receives);
	struct qp *target = qp_get(l->g->dev, guest_target(l->g, srqn, 1));
	uint8_t eqe[64];

	responder_refuse(l->g->dev, responder(l));
	responder_refuse(l->g->dev, responder(l));
	responder_refuse(l->g->dev, target);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_ACCESS);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
			 l->pair.b.number);
	assert_false(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(responder(l)->state, QP_ERROR);
	assert_int_equal(target->state, QP_RTR);
	qp_pair_free(l);
}

/* It fails by a message that has taken no receive: there is none to complete. */
static void failure__without_receive(void **state)
{
	struct qp_pair *l = make();
	struct qp *a = qp_get(l->g->dev, l->pair.a.number);
	uint8_t cqe[64];

	responder_fail(l->g->dev, a, responder(l), SYNDROME_LOCAL_PROTECTION);
	assert_int_equal(responder(l)->state, QP_ERROR);
	assert_int_equal(a->state, QP_RTS);
	guest_run(l->g);
	assert_false(guest_take(l->g, &l->g->cq, cqe));
	qp_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attribute__of_responder),
		cmocka_unit_test(buffer__of_requester),
		cmocka_unit_test(refusal__reported_once),
		cmocka_unit_test(failure__without_receive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
