// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * completions.c - what completions hold, which are asked for, which queue an overrun
 * concerns
 */
#include "cmocka_all.h"
#include "injected_pair.h"
#include "queue/eq.h"
#include "transport/completion.h"

#include "base/util.h"

#define USER_INDEX 0xabcdef

static void completion__of_send_queue(void **state)
{
	static const struct {
		enum opcode opcode;
		uint32_t byte_count; /* what came back */
	} rows[] = { { OPCODE_WRITE, 0 },	 { OPCODE_READ, 8 },
		     { OPCODE_COMPARE_SWAP, 8 }, { OPCODE_FETCH_ADD, 8 },
		     { OPCODE_WRITE_IMM, 0 },	 { OPCODE_SEND, 0 },
		     { OPCODE_NOP, 0 } };
	struct qp_pair *l = *state;
	uint8_t cqe[64];

	qp_get(l->g->dev, l->pair.a.number)->user_index = USER_INDEX;
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		qp_pair_post(l, rows[i].opcode, 0, 8);
		if (rows[i].opcode == OPCODE_WRITE_IMM || rows[i].opcode == OPCODE_SEND) {
			guest_receive(l->g, &l->pair.b, l->remote, 8, l->rkey);
			assert_int_equal(guest_completion(l->g), 0);
		}
		assert_true(guest_poll(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_SEND);
		assert_int_equal(field_get(cqe, cqe_wqe_counter), i);
		assert_int_equal(field_get(cqe, cqe_byte_cnt), rows[i].byte_count);
		assert_int_equal(field_get(cqe, cqe_srqn_uidx), USER_INDEX);
		assert_int_equal(field_get(cqe, cqe_sop_drop_qpn),
				 (uint32_t)rows[i].opcode << 24 | l->pair.a.number);
	}
}

/* An inline SEND of 4 bytes with these bits in its control segment */
static void post_with_flags(struct qp_pair *l, uint8_t flags)
{
	uint8_t wqe[WQE_BLOCK] = { 0 };

	guest_receive(l->g, &l->pair.b, l->remote, 8, l->rkey);
	field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
	field_set(wqe, ctrl_seg_fm_ce_se, flags);
	field_set(wqe, ctrl_seg_ds, 2);
	store_be32(wqe + 16, 1u << 31 | 4);
	guest_post_raw(l->g, &l->pair.a, wqe, 1);
}

/*
 * MLX5_WQE_CTRL_CQ_UPDATE and MLX5_WQE_CTRL_SOLICITED, linux/mlx5/qp.h; no other bit
 * counts.
 */
static void completion__on_request(void **state)
{
	static const struct {
		uint8_t flags;
		bool signaled, solicited;
	} rows[] = { { 8, true, false },
		     { 2, false, true },
		     { 10, true, true },
		     { 0xf5, false, false },
		     { 0xfd, true, false } };
	struct qp_pair *l = *state;
	uint8_t cqe[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		post_with_flags(l, rows[i].flags);
		assert_true(guest_poll(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE);
		assert_int_equal(field_get(cqe, cqe_solicited), rows[i].solicited);
		assert_int_equal(guest_poll(l->g, &l->g->cq, cqe), rows[i].signaled);
		assert_int_equal(guest_poll(l->g, &l->g->cq, cqe), false);
	}
}

/* Without a request, too; and with what was to be done. */
static void completion__of_an_error(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_READ, 0, 8);
	uint8_t cqe[64];

	k.unsignaled = true;
	k.rkey ^= 0xff;
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_SEND_ERROR);
	assert_int_equal(field_get(cqe, cqe_syndrome), SYNDROME_REMOTE_ACCESS);
	assert_int_equal(field_get(cqe, cqe_sop_drop_qpn),
			 (uint32_t)OPCODE_READ << 24 | l->pair.a.number);
}

/* A queue pair without receives of its own, between these completion queues */
static struct qp *between(struct guest *g, uint32_t send, uint32_t receive)
{
	uint8_t in[272 + 8] = { 0 }, out[16], *c = block(in, create_qp_in_qpc);

	store_be32(in, COMMAND_CREATE_QP << 16);
	field_set(c, qpc_rq_type, RECEIVE_NONE);
	field_set(c, qpc_cqn_snd, send);
	field_set(c, qpc_cqn_rcv, receive);
	store_be64(block(in, create_qp_in_pas), guest_alloc(g, PAGE));
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return qp_get(g->dev, (uint32_t)field_get(out, create_qp_out_qpn));
}

/* Those fail that complete there and are connected: by an event each. */
static void overrun__by_queue_pair(void **state)
{
	static const struct {
		bool send, receive; /* complete at the queue that overran */
		enum qp_state state;
		bool fails;
	} rows[] = {
		{ true, true, QP_RTS, true },	{ true, false, QP_RTS, true },
		{ false, true, QP_RTS, true },	{ false, false, QP_RTS, false },
		{ true, false, QP_RTR, true },	{ false, true, QP_RTR, true },
		{ true, true, QP_INIT, false }, { true, true, QP_RESET, false },
	};
	struct qp *qps[ARRAY_SIZE(rows)];
	struct qp_pair *l = *state;
	struct guest_queue own, other;
	uint8_t eqe[64];

	guest_cq(l->g, &own);
	guest_cq(l->g, &other);
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		qps[i] = between(l->g, rows[i].send ? own.number : other.number,
				 rows[i].receive ? own.number : other.number);
		qps[i]->state = rows[i].state;
	}
	completion_overrun(l->g->dev, cq_get(l->g->dev, own.number));
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(qps[i]->state, rows[i].fails ? QP_ERROR : rows[i].state);
		if (!rows[i].fails)
			continue;
		assert_true(guest_event(l->g, &l->g->events, eqe));
		assert_int_equal(field_get(eqe, eqe_type), EVENT_WQ_FATAL);
		assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
				 qps[i]->object.number);
	}
	assert_false(guest_event(l->g, &l->g->events, eqe));
}

/* A target serves others, too, and goes on. */
static void overrun__spares_targets(void **state)
{
	struct qp_pair *l = *state;
	struct guest_queue receives;
	uint32_t srqn = guest_shared_queue(l->g, &receives);
	uint32_t target = guest_target(l->g, srqn, 1);
	uint8_t eqe[64];

	completion_overrun(l->g->dev, cq_get(l->g->dev, l->g->cq.number));
	assert_int_equal(qp_get(l->g->dev, target)->state, QP_RTR);
	/* the pair and the driver's own have failed */
	for (unsigned int i = 0; i < 3; i++)
		assert_true(guest_event(l->g, &l->g->events, eqe));
	assert_false(guest_event(l->g, &l->g->events, eqe));
}

/* Nothing can be missing from nothing: by injection, it is no occasion. */
static void injection__byte_count(void **state)
{
	struct qp_pair *l = injected_pair_mapped("byte-count");

	qp_pair_write(l, 0, 8);
	assert_int_equal(l->g->dev->inject.rules[INJECT_BYTE_COUNT].occasions, 0);
	qp_pair_post(l, OPCODE_READ, 0, 8);
	assert_int_equal(guest_completion(l->g), 0);
	injected_pair_free(l);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(completion__of_send_queue), TEST(completion__on_request),
		TEST(completion__of_an_error),	 TEST(overrun__by_queue_pair),
		TEST(overrun__spares_targets),	 cmocka_unit_test(injection__byte_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
