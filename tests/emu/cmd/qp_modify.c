// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp_modify.c - which attributes each transition of a queue pair takes from the driver */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"

#include <string.h>

enum step { INIT, RTR, RTS, NEVER };

/*
 * The transition that needs it, and the bit of the mask (MLX5_QP_OPTPAR_*) for any other
 */
static const struct {
	const struct field *field;
	bool of_path;
	enum step step;
	int bit; /* -1: none */
} rows[] = {
	{ &qpc_pd, false, INIT, -1 },
	{ &qpc_pm_state, false, INIT, -1 },
	{ &qpc_counter_set_id, false, INIT, -1 },
	{ &qpc_rre, false, INIT, 1 },
	{ &qpc_rae, false, INIT, 2 },
	{ &qpc_atomic_mode, false, INIT, 2 },
	{ &qpc_rwe, false, INIT, 3 },
	{ &qpc_q_key, false, INIT, 5 },
	{ &qpc_deth_sqpn, false, INIT, -1 },
	{ &qpc_mtu, false, RTR, -1 },
	{ &qpc_log_msg_max, false, RTR, -1 },
	{ &qpc_remote_qpn, false, RTR, -1 },
	{ &qpc_next_rcv_psn, false, RTR, -1 },
	{ &qpc_log_rra_max, false, RTR, -1 },
	{ &qpc_min_rnr_nak, false, RTR, 6 },
	{ &qpc_next_send_psn, false, RTS, -1 },
	{ &qpc_log_sra_max, false, RTS, -1 },
	{ &qpc_log_ack_req_freq, false, RTS, -1 },
	{ &qpc_retry_count, false, RTS, 12 },
	{ &qpc_rnr_retry, false, RTS, 13 },
	{ &ads_pkey_index, true, INIT, 4 },
	{ &ads_vhca_port_num, true, INIT, 16 },
	{ &ads_ack_timeout, true, RTS, 14 },
	{ &ads_grh, true, RTR, 7 },
	{ &ads_mlid, true, RTR, 7 },
	{ &ads_rlid, true, RTR, 7 },
	{ &ads_src_addr_index, true, RTR, 7 },
	{ &ads_stat_rate, true, RTR, 7 },
	{ &ads_hop_limit, true, RTR, 7 },
	{ &ads_tclass, true, RTR, 7 },
	{ &ads_flow_label, true, RTR, 7 },
	{ &ads_sl, true, RTR, 7 },
	{ &qpc_log_sq_size, false, NEVER, -1 },
	{ &qpc_cqn_rcv, false, NEVER, -1 },
};

static const uint16_t steps[] = { COMMAND_RST2INIT_QP, COMMAND_INIT2RTR_QP,
				  COMMAND_RTR2RTS_QP };

static void *place(uint8_t *context, size_t row)
{
	return rows[row].of_path ? block(context, qpc_primary_address_path) : context;
}

static uint64_t query(struct guest *g, const struct guest_qp *qp, size_t row)
{
	uint8_t in[16] = { 0 }, out[16 + 512];

	store_be32(in, COMMAND_QUERY_QP << 16);
	field_set(in, query_qp_in_qpn, qp->number);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return field_get(place(block(out, query_qp_out_qpc), row), *rows[row].field);
}

/* The attribute's lowest bit inverted, with that mask; returns whether it was taken. */
static bool takes(struct guest *g, const struct guest_qp *qp, uint16_t opcode, size_t row,
		  uint32_t mask)
{
	uint8_t c[QP_CONTEXT] = { 0 };
	uint64_t before = query(g, qp, row), after;

	field_set(place(c, row), *rows[row].field, before ^ 1);
	assert_int_equal(guest_modify(g, qp, opcode, c, mask), STATUS_OK);
	after = query(g, qp, row);
	assert_true(after == before || after == (before ^ 1));
	return after != before;
}

static void attribute__of_transition(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	struct guest_qp qp;

	for (size_t row = 0; row < ARRAY_SIZE(rows); row++) {
		guest_create_qp(g, &qp, SERVICE_RC, 0);
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
			assert_int_equal(takes(g, &qp, steps[i], row, 0),
					 rows[row].step == i);
	}
	guest_free(g);
}

/* In RTS: each bit of the mask lets its attributes be changed, and no other. */
static void attribute__by_mask(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	uint8_t zeros[QP_CONTEXT] = { 0 };
	struct guest_qp qp;

	guest_create_qp(g, &qp, SERVICE_RC, 0);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		assert_int_equal(guest_modify(g, &qp, steps[i], zeros, 0), STATUS_OK);
	for (size_t row = 0; row < ARRAY_SIZE(rows); row++)
		for (int bit = 0; bit < 20; bit++)
			assert_int_equal(takes(g, &qp, COMMAND_RTS2RTS_QP, row,
					       1u << bit),
					 bit == rows[row].bit);
	guest_free(g);
}

/* From each state, the transitions that are allowed; the state that follows */
static void transition__allowed(void **state)
{
	static const struct {
		uint16_t opcode;
		unsigned int from; /* bits by state */
		enum qp_state to;
	} transitions[] = {
		{ COMMAND_RST2INIT_QP, 1u << QP_RESET, QP_INIT },
		{ COMMAND_INIT2INIT_QP, 1u << QP_INIT, QP_INIT },
		{ COMMAND_INIT2RTR_QP, 1u << QP_INIT, QP_RTR },
		{ COMMAND_RTR2RTS_QP, 1u << QP_RTR, QP_RTS },
		{ COMMAND_RTS2RTS_QP, 1u << QP_RTS, QP_RTS },
		{ COMMAND_SQERR2RTS_QP, 1u << QP_SQ_ERROR, QP_RTS },
		{ COMMAND_SQD_RTS_QP, 1u << QP_SQ_DRAINED, QP_RTS },
		{ COMMAND_2ERR_QP, ~0u, QP_ERROR },
		{ COMMAND_2RST_QP, ~0u, QP_RESET },
	};
	struct guest *g = guest_new(SCHEME_MEMORY);
	const uint8_t zeros[QP_CONTEXT] = { 0 };
	struct guest_qp qp;
	struct qp *inner;

	guest_create_qp(g, &qp, SERVICE_RC, 0);
	inner = qp_get(g->dev, qp.number);
	for (size_t i = 0; i < ARRAY_SIZE(transitions); i++)
		for (enum qp_state from = QP_RESET; from <= QP_ERROR; from++) {
			bool allowed = transitions[i].from >> from & 1;

			guest_modify(g, &qp, COMMAND_2RST_QP, zeros, 0);
			inner->state = from;
			assert_int_equal(guest_modify(g, &qp, transitions[i].opcode,
						      zeros, 0),
					 allowed ? STATUS_OK : STATUS_BAD_QP_STATE);
			assert_int_equal(inner->state,
					 allowed ? transitions[i].to : from);
		}
	guest_free(g);
}

/* A reset forgets what was posted and reported; the queue pair begins anew. */
static void reset__forgets(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	const uint8_t zeros[QP_CONTEXT] = { 0 };
	struct guest_qp qp;
	struct qp *inner;

	guest_create_qp(g, &qp, SERVICE_RC, 0);
	inner = qp_get(g->dev, qp.number);
	inner->state = QP_ERROR;
	inner->send_consumed = 3;
	inner->receive.consumed = 4;
	inner->wait = WAIT_TIMER;
	inner->last_receive_reported = true;
	inner->no_flush = true;
	assert_int_equal(guest_modify(g, &qp, COMMAND_2RST_QP, zeros, 0), STATUS_OK);
	assert_int_equal(inner->send_consumed, 0);
	assert_int_equal(inner->receive.consumed, 0);
	assert_int_equal(inner->wait, WAIT_NOTHING);
	assert_false(inner->last_receive_reported);
	assert_false(inner->no_flush);
	guest_free(g);
}

/*
 * The peer's GID goes with the path to RTR; reserved keys and the domain with that to
 * INIT.
 */
static void attribute__with_effect(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	uint8_t c[QP_CONTEXT] = { 0 }, gid[16];
	struct guest_qp qp;
	struct qp *inner;
	const uint8_t *path;

	memset(gid, 0x5a, sizeof(gid));
	guest_create_qp(g, &qp, SERVICE_RC, 0);
	inner = qp_get(g->dev, qp.number);
	path = const_block(inner->context, qpc_primary_address_path);
	memcpy(block(block(c, qpc_primary_address_path), ads_rgid_rip), gid, sizeof(gid));
	field_set(c, qpc_pd, 0x123456);
	assert_int_equal(guest_modify(g, &qp, COMMAND_RST2INIT_QP, c, 0), STATUS_OK);
	assert_int_equal(inner->pd, 0x123456);
	assert_false(inner->physical_keys);
	assert_memory_not_equal(const_block(path, ads_rgid_rip), gid, sizeof(gid));
	field_set(c, qpc_rlky, 1);
	assert_int_equal(guest_modify(g, &qp, COMMAND_INIT2RTR_QP, c, 0), STATUS_OK);
	assert_memory_equal(const_block(path, ads_rgid_rip), gid, sizeof(gid));
	assert_false(inner->physical_keys);
	inner->state = QP_RESET;
	assert_int_equal(guest_modify(g, &qp, COMMAND_RST2INIT_QP, c, 0), STATUS_OK);
	assert_true(inner->physical_keys);
	guest_free(g);
}

/* What was posted before RTS, and rung for, is executed once it is there. */
static void transition__starts_what_is_posted(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	const uint8_t zeros[QP_CONTEXT] = { 0 };
	struct guest_work nop = { .opcode = OPCODE_NOP };
	struct guest_qp qp;
	uint8_t cqe[64];

	guest_create_qp(g, &qp, SERVICE_RC, 0);
	guest_modify(g, &qp, COMMAND_RST2INIT_QP, zeros, 0);
	guest_modify(g, &qp, COMMAND_INIT2RTR_QP, zeros, 0);
	guest_post(g, &qp, &nop);
	guest_run(g);
	assert_false(guest_take(g, &g->cq, cqe));
	assert_int_equal(guest_modify(g, &qp, COMMAND_RTR2RTS_QP, zeros, 0), STATUS_OK);
	guest_run(g);
	assert_true(guest_take(g, &g->cq, cqe));
	guest_free(g);
}

/* Contexts come whole: one byte less is refused, whatever the transition. */
static void transition__least_length(void **state)
{
	static const uint16_t opcodes[] = { COMMAND_RST2INIT_QP,  COMMAND_INIT2RTR_QP,
					    COMMAND_RTR2RTS_QP,	  COMMAND_RTS2RTS_QP,
					    COMMAND_SQERR2RTS_QP, COMMAND_SQD_RTS_QP,
					    COMMAND_INIT2INIT_QP };
	struct guest *g = guest_new(SCHEME_MEMORY);
	uint8_t in[256] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		store_be32(in, (uint32_t)opcodes[i] << 16);
		assert_int_equal(guest_command(g, in, 255, NULL, 8),
				 STATUS_BAD_INPUT_LENGTH);
		assert_int_equal(guest_command(g, in, 256, NULL, 8), STATUS_BAD_RESOURCE);
	}
	guest_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attribute__of_transition),
		cmocka_unit_test(attribute__by_mask),
		cmocka_unit_test(attribute__with_effect),
		cmocka_unit_test(reset__forgets),
		cmocka_unit_test(transition__allowed),
		cmocka_unit_test(transition__starts_what_is_posted),
		cmocka_unit_test(transition__least_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
