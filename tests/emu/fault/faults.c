// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* faults.c - page faults of every kind, in both schemes, from event to resume */
#include "cmocka_all.h"
#include "qp_pair.h"
#include "queue/eq.h"

static struct qp_pair *make(enum scheme scheme, unsigned int local, unsigned int remote)
{
	return qp_pair_new(scheme,
			   (struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 7 },
			   local, remote);
}

static const enum scheme schemes[] = { SCHEME_MEMORY, SCHEME_TRANSPORT };

static void fault__write(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make(schemes[i], MTT_READ, 0);
		struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 24, 2 * PAGE);
		uint8_t cqe[64], eqe[64];

		guest_post(l->g, &l->pair.a, &k);
		assert_false(guest_poll(l->g, &l->g->cq, cqe));
		qp_pair_resolve(l, l->rkey, l->remote);
		assert_int_equal(guest_completion(l->g), 0);
		assert_memory_equal(guest_at(l->g, l->remote + 24),
				    guest_at(l->g, l->local + 24), 2 * PAGE);
		assert_false(guest_event(l->g, &l->g->faults, eqe));
		assert_int_equal(l->g->dev->stats.faults, 1);
		qp_pair_free(l);
	}
}

static void fault__event(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY, MTT_READ, 0);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, PAGE + 8, 2 * PAGE);
	uint8_t eqe[64] = { 0 };
	const uint8_t *data = const_block(eqe, eqe_data);

	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_PAGE_FAULT);
	assert_int_equal(field_get(data, eqe_memory_fault_mkey), l->rkey);
	assert_int_equal(field_get(data, eqe_memory_fault_va), l->remote + PAGE);
	assert_int_equal(field_get(data, eqe_memory_fault_demand_pages), 3);
	qp_pair_free(l);

	l = make(SCHEME_TRANSPORT, MTT_READ, 0);
	k = qp_pair_work(l, OPCODE_WRITE, PAGE + 8, 2 * PAGE);
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(field_get(data, eqe_rdma_fault_r_key), l->rkey);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_va), l->remote + PAGE + 8);
	assert_int_equal(field_get(data, eqe_rdma_fault_rdma_op_len), 2 * PAGE);
	assert_int_equal(field_get(data, eqe_rdma_fault_token), l->pair.b.number);
	qp_pair_free(l);
}

static void fault__local_buffer(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make(schemes[i], 0, MAPPED);
		struct guest_work k = qp_pair_work(l, OPCODE_READ, 0, PAGE);

		guest_post(l->g, &l->pair.a, &k);
		qp_pair_resolve(l, l->lkey, l->local);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(l->from[0], 0);
		qp_pair_free(l);
	}
}

static void fault__receive(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make(schemes[i], MTT_READ, 0);
		struct guest_work k = qp_pair_work(l, OPCODE_SEND, 0, PAGE);

		guest_receive(l->g, &l->pair.b, l->remote, PAGE, l->rkey);
		guest_post(l->g, &l->pair.a, &k);
		qp_pair_resolve(l, l->rkey, l->remote);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(l->to[0], l->from[0]);
		qp_pair_free(l);
	}
}

/* Both the target and the buffer for what it held fault: it is added to once. */
static void fault__atomic_once(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make(schemes[i], 0, 0);
		struct guest_work k = qp_pair_work(l, OPCODE_FETCH_ADD, 0, 8);
		uint64_t *target = guest_at(l->g, l->remote);

		*target = 10;
		k.swap = 5;
		guest_post(l->g, &l->pair.a, &k);
		qp_pair_resolve(l, l->rkey, l->remote);
		guest_run(l->g);
		qp_pair_resolve(l, l->lkey, l->local);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(*target, 15);
		assert_int_equal(*(uint64_t *)guest_at(l->g, l->local), 10);
		qp_pair_free(l);
	}
}

static void fault__read_only_page(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY, MTT_READ, MTT_READ);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);

	guest_post(l->g, &l->pair.a, &k);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_free(l);
}

static void fault__resumed_with_error(void **state)
{
	static const struct {
		enum opcode opcode;
		unsigned int local, remote;
		enum syndrome syndrome;
	} rows[] = {
		{ OPCODE_WRITE, MTT_READ, 0, SYNDROME_REMOTE_ACCESS },
		{ OPCODE_READ, 0, MTT_READ, SYNDROME_LOCAL_PROTECTION },
		{ OPCODE_FETCH_ADD, MAPPED, 0, SYNDROME_REMOTE_ACCESS },
	};

	for (unsigned int i = 0; i < 2; i++) {
		for (unsigned int k = 0; k < 3; k++) {
			struct qp_pair *l =
				make(schemes[i], rows[k].local, rows[k].remote);
			struct guest_work job = qp_pair_work(l, rows[k].opcode, 0, 8);
			uint8_t eqe[64];

			guest_post(l->g, &l->pair.a, &job);
			assert_true(guest_event(l->g, &l->g->faults, eqe));
			guest_resume(l->g, eqe, true);
			assert_int_equal(guest_completion(l->g), rows[k].syndrome);
			qp_pair_free(l);
		}
	}
}

static void fault__many_queue_pairs(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make(schemes[i], MTT_READ, 0);
		struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
		struct guest_pair pairs[8];
		uint8_t eqes[8][64];

		for (unsigned int n = 0; n < 8; n++) {
			pairs[n] = (struct guest_pair){ .service = SERVICE_RC };
			guest_connect(l->g, &pairs[n]);
			guest_post(l->g, &pairs[n].a, &k);
		}
		for (unsigned int n = 0; n < 8; n++)
			assert_true(guest_event(l->g, &l->g->faults, eqes[n]));
		qp_pair_map(l, l->rkey, l->remote, MAPPED);
		assert_int_equal(guest_completion(l->g), 0);
		for (unsigned int n = 8; n-- > 0;)
			guest_resume(l->g, eqes[n], false);
		for (unsigned int n = 0; n < 8; n++)
			assert_int_equal(guest_completion(l->g), 0);
		qp_pair_free(l);
	}
}

/* The driver resets a queue pair while it still works on its fault. */
static void fault__reset(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l = make(schemes[i], MTT_READ, 0);
		struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
		uint8_t eqe[64], cqe[64];

		guest_post(l->g, &l->pair.a, &k);
		assert_true(guest_event(l->g, &l->g->faults, eqe));
		assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
					      l->pair.a.number),
				 STATUS_OK);
		guest_resume(l->g, eqe, false);
		assert_false(guest_poll(l->g, &l->g->cq, cqe));
		qp_pair_free(l);
	}
}

/* Two invalidations, a fault for each access after one. */
static void invalidation__faults_again(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY, MTT_READ, MAPPED);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);

	for (unsigned int i = 1; i <= 2; i++) {
		qp_pair_map(l, l->rkey, l->remote, 0);
		assert_int_equal(guest_completion(l->g), 0);
		guest_post(l->g, &l->pair.a, &k);
		qp_pair_resolve(l, l->rkey, l->remote);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(l->g->dev->stats.faults, i);
	}
	qp_pair_free(l);
}

/* A write is still on the bus: the invalidation of its page waits until it has landed. */
static void invalidation__waits_for_dma(void **state)
{
	struct qp_pair *l = make(SCHEME_MEMORY, MTT_READ, MAPPED);
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 8);
	const uint64_t none[PAGES] = { 0 };
	uint8_t *target = guest_at(l->g, l->remote);

	assert_int_equal(rules_on(&l->g->dev->behave, "slow-dma"), 0);
	guest_post(l->g, &l->pair.a, &k);
	guest_run(l->g);
	guest_update(l->g, &l->umr, l->rkey, 0, PAGES, none);
	guest_run(l->g);
	assert_int_equal(*target, 0);
	assert_int_equal(l->g->dev->stats.updates, 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(*target, l->from[0]);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->g->dev->stats.updates, 1);
	qp_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault__write),
		cmocka_unit_test(fault__event),
		cmocka_unit_test(fault__local_buffer),
		cmocka_unit_test(fault__receive),
		cmocka_unit_test(fault__atomic_once),
		cmocka_unit_test(fault__read_only_page),
		cmocka_unit_test(fault__resumed_with_error),
		cmocka_unit_test(fault__many_queue_pairs),
		cmocka_unit_test(fault__reset),
		cmocka_unit_test(invalidation__faults_again),
		cmocka_unit_test(invalidation__waits_for_dma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
