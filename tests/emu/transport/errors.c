// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* errors.c - each error status, and what it does to the queue pairs */
#include "cmocka_all.h"
#include "port/port.h"
#include "qp_pair.h"
#include "queue/eq.h"

static struct qp_pair *make(unsigned int retries)
{
	return qp_pair_new(SCHEME_MEMORY,
			   (struct guest_pair){ .service = SERVICE_RC,
						.retries = retries,
						.rnr_retries = retries,
						.timeout = 1 },
			   MAPPED, MAPPED);
}

static void access__refused(void **state)
{
	static const struct {
		enum opcode opcode;
		uint32_t len, lkey, rkey; /* keys: what is wrong about them */
		uint64_t beyond;
		enum syndrome syndrome;
	} rows[] = {
		{ OPCODE_WRITE, 8, 0xff, 0, 0, SYNDROME_LOCAL_PROTECTION },
		{ OPCODE_WRITE, 8, 0xff00, 0, 0, SYNDROME_LOCAL_PROTECTION },
		{ OPCODE_WRITE, 8, 0, 0xff, 0, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_READ, 8, 0, 0xff00, 0, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_WRITE, 8, 0, 0, BYTES - 7, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_WRITE, 8, 0, 0, -1ull, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_READ, BYTES + 1, 0, 0, 0, SYNDROME_LOCAL_PROTECTION },
		{ OPCODE_FETCH_ADD, 8, 0, 0, 1, SYNDROME_REMOTE_INVALID },
		{ OPCODE_FETCH_ADD, 16, 0, 0, 0, SYNDROME_LOCAL_OPERATION },
		{ (enum opcode)0x33, 8, 0, 0, 0, SYNDROME_LOCAL_OPERATION },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = make(1);
		struct guest_work k = qp_pair_work(l, rows[i].opcode, 0, rows[i].len);

		k.lkey ^= rows[i].lkey;
		k.rkey ^= rows[i].rkey;
		k.remote += rows[i].beyond;
		assert_int_equal(qp_pair_outcome(l, &k), rows[i].syndrome);
		qp_pair_free(l);
	}
}

static void access__needs_rights(void **state)
{
	static const struct {
		enum opcode opcode;
		unsigned int lacking_local, lacking_remote;
		enum syndrome syndrome;
	} rows[] = {
		{ OPCODE_WRITE, 0, RIGHT_REMOTE_WRITE, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_READ, 0, RIGHT_REMOTE_READ, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_FETCH_ADD, 0, RIGHT_ATOMIC, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_READ, RIGHT_LOCAL_WRITE, 0, SYNDROME_LOCAL_PROTECTION },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = make(1);
		struct guest_work k = qp_pair_work(l, rows[i].opcode, 0, 8);

		k.lkey = guest_mkey(l->g, l->local, 1,
				    RIGHTS_ALL & ~rows[i].lacking_local, MAPPED);
		k.rkey = guest_mkey(l->g, l->remote, 1,
				    RIGHTS_ALL & ~rows[i].lacking_remote, MAPPED);
		assert_int_equal(qp_pair_outcome(l, &k), rows[i].syndrome);
		qp_pair_free(l);
	}
}

static void access__other_domain(void **state)
{
	struct qp_pair *l = make(1);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);

	l->g->pd++;
	k.rkey = guest_mkey(l->g, l->remote, 1, RIGHTS_ALL, MAPPED);
	assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_REMOTE_ACCESS);
	qp_pair_free(l);
}

static void error__vendor_code(void **state)
{
	struct qp_pair *l = make(1);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
	uint8_t cqe[64];

	k.rkey ^= 0xff;
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_vendor_err_synd), 0x88);
	qp_pair_free(l);
}

/* Both ends are in error; what was and what will be posted is flushed. */
static void error__flushes(void **state)
{
	struct qp_pair *l = make(1);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
	uint8_t eqe[64];

	k.rkey ^= 0xff;
	guest_receive(l->g, &l->pair.a, l->local, 8, l->lkey);
	guest_receive(l->g, &l->pair.b, l->local, 8, l->lkey);
	guest_post(l->g, &l->pair.a, &k);
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(guest_completion(l->g), SYNDROME_FLUSHED);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_ACCESS);
	/* a receive rings no doorbell, and is flushed all the same */
	guest_receive(l->g, &l->pair.b, l->local, 8, l->lkey);
	assert_int_equal(guest_completion(l->g), SYNDROME_FLUSHED);
	guest_post(l->g, &l->pair.b, &k);
	assert_int_equal(guest_completion(l->g), SYNDROME_FLUSHED);
	qp_pair_free(l);
}

static void receive__too_small(void **state)
{
	struct qp_pair *l = make(1);
	struct guest_work k = qp_pair_work(l, OPCODE_SEND, 0, 64);

	guest_receive(l->g, &l->pair.b, l->remote, 63, l->rkey);
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), SYNDROME_LOCAL_LENGTH);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_INVALID);
	qp_pair_free(l);
}

static void receive__out_of_reach(void **state)
{
	struct qp_pair *l = make(1);
	struct guest_work k = qp_pair_work(l, OPCODE_SEND, 0, 64);

	guest_receive(l->g, &l->pair.b, l->remote + BYTES, 64, l->rkey);
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), SYNDROME_LOCAL_PROTECTION);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_OPERATION);
	qp_pair_free(l);
}

static void retries__end(void **state)
{
	struct qp_pair *l = make(2);
	struct guest_work k = qp_pair_work(l, OPCODE_SEND, 0, 64);

	assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_RNR_RETRIES);
	assert_int_equal(l->g->dev->stats.rnr_naks, 3);
	qp_pair_free(l);

	l = make(2);
	k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.b.number),
			 STATUS_OK);
	assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_RETRIES);
	assert_int_equal(l->g->dev->stats.timeouts, 4);
	qp_pair_free(l);
}

static void states__in_order(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	uint8_t c[QP_CONTEXT] = { 0 };
	struct guest_qp qp;

	guest_create_qp(g, &qp, SERVICE_RC, 0);
	assert_int_equal(guest_modify(g, &qp, COMMAND_INIT2RTR_QP, c, 0),
			 STATUS_BAD_QP_STATE);
	assert_int_equal(guest_modify(g, &qp, COMMAND_RTR2RTS_QP, c, 0),
			 STATUS_BAD_QP_STATE);
	assert_int_equal(guest_modify(g, &qp, COMMAND_RST2INIT_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_modify(g, &qp, COMMAND_RST2INIT_QP, c, 0),
			 STATUS_BAD_QP_STATE);
	assert_int_equal(guest_modify(g, &qp, COMMAND_2ERR_QP, c, 0), STATUS_OK);
	assert_int_equal(guest_modify(g, &qp, COMMAND_2RST_QP, c, 0), STATUS_OK);
	guest_free(g);
}

/* No completion is taken: the queue overruns, and its queue pairs are in error. */
static void cq__overrun(void **state)
{
	struct qp_pair *l = make(1);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
	uint8_t eqe[64];

	for (unsigned int i = 0; i < 1u << QUEUE_LOG; i++) {
		guest_post(l->g, &l->pair.a, &k);
		guest_run(l->g);
	}
	assert_false(guest_event(l->g, &l->g->events, eqe));
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_CQ_ERROR);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_FATAL);
	qp_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(access__refused),
		cmocka_unit_test(access__needs_rights),
		cmocka_unit_test(access__other_domain),
		cmocka_unit_test(error__vendor_code),
		cmocka_unit_test(error__flushes),
		cmocka_unit_test(receive__too_small),
		cmocka_unit_test(receive__out_of_reach),
		cmocka_unit_test(retries__end),
		cmocka_unit_test(states__in_order),
		cmocka_unit_test(cq__overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
