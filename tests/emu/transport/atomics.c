// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* atomics.c - atomics that fault, that are refused, and that are executed just once */
#include "cmocka_all.h"
#include "injected_pair.h"
#include "queue/eq.h"

#define FOUND 10u /* in the target before */
#define ADDED 5u

static struct qp_pair *make(unsigned int local, unsigned int remote)
{
	struct qp_pair *l = qp_pair_new(SCHEME_MEMORY,
					(struct guest_pair){ .service = SERVICE_RC },
					local, remote);

	*(uint64_t *)l->to = FOUND;
	return l;
}

static uint64_t target(const struct qp_pair *l)
{
	return *(const uint64_t *)l->to;
}

/* Resumes the fault that must be there, which was for no reason. */
static void resume(struct qp_pair *l, bool error)
{
	uint8_t eqe[64];

	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, error);
}

/* The responder is in error, and its driver gets the event. */
static void assert_refused(struct qp_pair *l, const struct guest_work *k,
			   unsigned int syndrome)
{
	uint8_t eqe[64];

	assert_int_equal(qp_pair_outcome(l, k), syndrome);
	assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_ACCESS);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
			 l->pair.b.number);
	assert_int_equal(qp_get(l->g->dev, l->pair.b.number)->state, QP_ERROR);
	assert_int_equal(target(l), FOUND);
}

static void atomic__not_aligned(void **state)
{
	for (uint32_t offset = 1; offset < 8; offset++) {
		struct qp_pair *l = make(MAPPED, MAPPED);
		struct guest_work k = qp_pair_work(l, OPCODE_FETCH_ADD, offset, 8);

		assert_refused(l, &k, SYNDROME_REMOTE_INVALID);
		qp_pair_free(l);
	}
}

/* A key that is a list of two pieces of four bytes: no place for an atomic */
static void atomic__not_in_one_piece(void **state)
{
	struct qp_pair *l = make(MAPPED, MAPPED);
	struct guest_work k = qp_pair_work(l, OPCODE_FETCH_ADD, 0, 8);
	uint8_t in[272 + 64] = { 0 }, out[16];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);
	uint8_t *klm = block(in, create_mkey_in_klm_pas_mtt);

	store_be32(in, COMMAND_CREATE_MKEY << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, 4);
	field_set(c, mkc_translations_octword_size, 4);
	field_set(c, mkc_access_mode_1_0, MKEY_KLM);
	field_set(c, mkc_a, 1);
	field_set(c, mkc_len, 8);
	field_set(c, mkc_start_addr, l->remote);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_pd, l->g->pd);
	for (unsigned int i = 0; i < 2; i++) {
		field_set(klm + i * 16, klm_byte_count, 4);
		field_set(klm + i * 16, klm_key, l->rkey);
		field_set(klm + i * 16, klm_va, l->remote + i * 4);
	}
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	k.rkey = (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8;
	assert_refused(l, &k, SYNDROME_REMOTE_ACCESS);
	qp_pair_free(l);
}

static void atomic__without_answer(void **state)
{
	struct qp_pair *l = qp_pair_new(
		SCHEME_MEMORY, (struct guest_pair){ .service = SERVICE_RC, .timeout = 1 },
		MAPPED, MAPPED);
	struct guest_work k = qp_pair_work(l, OPCODE_FETCH_ADD, 0, 8);

	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.b.number),
			 STATUS_OK);
	assert_int_equal(qp_pair_outcome(l, &k), SYNDROME_RETRIES);
	qp_pair_free(l);
}

/* However often it faults, it is one request to its responder. */
static void atomic__counted_once(void **state)
{
	struct qp_pair *l = make(0, 0);
	uint8_t in[32] = { 0 }, out[256] = { 0 };

	store_be32(in, COMMAND_ALLOC_Q_COUNTER << 16);
	assert_int_equal(guest_command(l->g, in, 16, out, 16), STATUS_OK);
	l->pair.counters = (uint32_t)field_get(out, alloc_q_counter_out_counter_set_id);
	guest_connect(l->g, &l->pair);
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	qp_pair_resolve(l, l->rkey, l->remote);
	qp_pair_resolve(l, l->lkey, l->local);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(target(l), FOUND + ADDED);
	assert_int_equal(*(uint64_t *)l->from, FOUND);
	store_be32(in, COMMAND_QUERY_Q_COUNTER << 16);
	field_set(in, query_q_counter_in_counter_set_id, l->pair.counters);
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	assert_int_equal(field_get(out, query_q_counter_out_rx_atomic_requests), 1);
	qp_pair_free(l);
}

/* By injection it is reported, though its page never came: it was not executed. */
static void injection__failed_fault_ok(void **state)
{
	struct qp_pair *l = injected_pair_new("failed-fault-ok", MAPPED, 0);

	*(uint64_t *)l->to = FOUND;
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	resume(l, true);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(target(l), FOUND);
	injected_pair_free(l);
}

/* Of target and result, each one fault for no reason, and no more */
static void behaviour__fault_spurious(void **state)
{
	struct qp_pair *l =
		behaving_pair_new(SCHEME_MEMORY, "fault-spurious", MAPPED, MAPPED);

	qp_pair_map(l, l->lkey, l->local, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	resume(l, false);
	resume(l, false);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(target(l), ADDED);
	assert_int_equal(l->g->dev->stats.faults, 2);
	injected_pair_free(l);
}

/* Replayed once, also if its result is still on the way after that. */
static void injection__atomic_twice(void **state)
{
	struct qp_pair *l = injected_pair_new("atomic-twice", 0, MAPPED);

	assert_int_equal(rules_on(&l->g->dev->behave, "slow-dma"), 0);
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	qp_pair_resolve(l, l->lkey, l->local);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(target(l), 2 * ADDED);
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(atomic__not_aligned),
		cmocka_unit_test(atomic__not_in_one_piece),
		cmocka_unit_test(atomic__without_answer),
		cmocka_unit_test(atomic__counted_once),
		cmocka_unit_test(injection__failed_fault_ok),
		cmocka_unit_test(behaviour__fault_spurious),
		cmocka_unit_test(injection__atomic_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
