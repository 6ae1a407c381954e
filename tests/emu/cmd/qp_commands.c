// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * qp_commands.c - queue pairs: what they are made of, what is refused, what a query shows
 */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"
#include "queue/receive.h"

#include <string.h>

#define PAS	  272
#define PAGES_MAX 3
#define NOWHERE	  0xfffff0u /* no such object */

/* Sizes as the context has them: entries, and 16 bytes << log_stride of a receive */
struct layout {
	unsigned int log_send, log_receive, log_stride, log_page, offset, pages;
	bool no_send;
	enum qp_receive_type type;
};

static const struct layout small = { .log_send = 2, .log_receive = 2, .pages = 1 };

static uint32_t build(struct guest *g, uint8_t *in, struct layout l)
{
	uint8_t *c = block(in, create_qp_in_qpc);

	memset(in, 0, PAS + 8 * PAGES_MAX);
	store_be32(in, COMMAND_CREATE_QP << 16);
	field_set(c, qpc_log_sq_size, l.log_send);
	field_set(c, qpc_log_rq_size, l.log_receive);
	field_set(c, qpc_log_rq_stride, l.log_stride);
	field_set(c, qpc_log_page_size, l.log_page);
	field_set(c, qpc_page_offset, l.offset);
	field_set(c, qpc_no_sq, l.no_send);
	field_set(c, qpc_rq_type, l.type);
	field_set(c, qpc_cqn_snd, g->cq.number);
	field_set(c, qpc_cqn_rcv, g->cq.number);
	for (unsigned int i = 0; i < l.pages; i++)
		store_be64(in + PAS + 8 * i, GUEST_BASE + i * PAGE);
	return PAS + 8 * l.pages;
}

static enum command_status make(struct guest *g, const uint8_t *in, uint32_t len,
				struct qp **qp)
{
	uint8_t out[16];
	enum command_status status = guest_command(g, in, len, out, sizeof(out));

	*qp = qp_get(g->dev, (uint32_t)field_get(out, create_qp_out_qpn));
	return status;
}

/*
 * The receive queue, if it has one of its own, lies before the send queue, if it has one.
 */
static void create__layouts(void **state)
{
	static const struct {
		struct layout layout;
		enum command_status status;
		uint64_t receive, bytes;
	} rows[] = {
		{ { 5, 7, 0, 0, 0, 1, false, RECEIVE_OWN }, STATUS_OK, 2048, 4096 },
		{ { 5, 7, 1, 0, 0, 1, false, RECEIVE_OWN }, STATUS_BAD_PARAM, 0, 0 },
		{ { 5, 7, 1, 0, 0, 2, false, RECEIVE_OWN }, STATUS_OK, 4096, 6144 },
		{ { 5, 7, 1, 0, 0, 1, true, RECEIVE_OWN }, STATUS_OK, 4096, 4096 },
		{ { 6, 7, 1, 0, 0, 1, false, RECEIVE_NONE }, STATUS_OK, 0, 4096 },
		{ { 6, 7, 1, 0, 1, 1, false, RECEIVE_NONE }, STATUS_BAD_PARAM, 0, 0 },
		{ { 6, 7, 1, 0, 1, 2, false, RECEIVE_NONE }, STATUS_OK, 0, 4096 },
		{ { 7, 7, 1, 0, 0, 1, false, RECEIVE_NONE }, STATUS_BAD_PARAM, 0, 0 },
		{ { 7, 7, 1, 1, 0, 1, false, RECEIVE_NONE }, STATUS_OK, 0, 8192 },
		{ { 6, 2, 5, 0, 0, 2, false, RECEIVE_OWN }, STATUS_OK, 2048, 6144 },
		{ { 6, 2, 6, 0, 0, 3, false, RECEIVE_OWN }, STATUS_BAD_PARAM, 0, 0 },
		{ { 15, 15, 0, 10, 0, 1, false, RECEIVE_OWN },
		  STATUS_OK,
		  16 << 15,
		  (16 + 64) << 15 },
	};
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct layout l = rows[i].layout;
		uint8_t in[PAS + 8 * PAGES_MAX] = { 0 };
		struct qp *qp;

		assert_int_equal(make(g, in, build(g, in, l), &qp), rows[i].status);
		if (rows[i].status != STATUS_OK)
			continue;
		assert_int_equal(qp->send_offset, rows[i].receive);
		assert_int_equal(qp->ring.bytes, rows[i].bytes);
		assert_int_equal(qp->has_send, !l.no_send);
		assert_int_equal(qp->send_log, l.log_send);
		assert_int_equal(qp->receive.log_size, l.log_receive);
		assert_int_equal(qp->receive.log_stride, l.log_stride + 4);
		assert_ptr_equal(qp->receive.ring, rows[i].receive ? &qp->ring : NULL);
	}
}

/*
 * Reliable and unreliable datagrams, XRC, dynamic, management, the driver's own; no
 * others
 */
static void create__services(void **state)
{
	const unsigned int supported = 1u << SERVICE_RC | 1u << SERVICE_UD |
				       1u << SERVICE_XRC | 1u << SERVICE_DCI |
				       1u << SERVICE_SMI | 1u << SERVICE_GSI |
				       1u << SERVICE_UMR;
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX] = { 0 };
	uint32_t len = build(g, in, small);
	struct qp *qp;

	for (unsigned int service = 0; service < 256; service++) {
		bool known = service < 32 && supported >> service & 1;

		field_set(block(in, create_qp_in_qpc), qpc_st, service);
		assert_int_equal(make(g, in, len, &qp),
				 known ? STATUS_OK : STATUS_BAD_PARAM);
		if (known)
			assert_int_equal(qp->service, service);
	}
}

/* What the context says of it */
static void create__attributes(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], *c = block(in, create_qp_in_qpc);
	uint32_t len = build(g, in, small);
	struct qp *qp;

	assert_int_equal(make(g, in, len, &qp), STATUS_OK);
	assert_false(qp->physical_keys);
	field_set(c, qpc_pd, 0x123456);
	field_set(c, qpc_xrcd, 0x234567);
	field_set(c, qpc_user_index, 0x345678);
	field_set(c, qpc_dbr_addr, 0x123456789abc0);
	field_set(c, qpc_rlky, 1);
	assert_int_equal(make(g, in, len, &qp), STATUS_OK);
	assert_int_equal(qp->pd, 0x123456);
	assert_int_equal(qp->xrcd, 0x234567);
	assert_int_equal(qp->user_index, 0x345678);
	assert_int_equal(qp->doorbell, 0x123456789abc0);
	assert_int_equal(qp->receive.doorbell, 0x123456789abc0);
	assert_true(qp->physical_keys);
	assert_memory_equal(qp->context, c, QP_CONTEXT);
	assert_int_equal(qp->send_cq->object.number, g->cq.number);
	assert_ptr_equal(qp->send_cq, qp->receive_cq);
	assert_null(qp->srq);
}

/* Both completion queues must be there, but for a send queue that is not. */
static void create__completion_queues(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], *c = block(in, create_qp_in_qpc);
	uint32_t len = build(g, in, small);
	struct qp *qp;

	field_set(c, qpc_cqn_snd, NOWHERE);
	assert_int_equal(make(g, in, len, &qp), STATUS_BAD_RESOURCE);
	field_set(c, qpc_no_sq, 1);
	assert_int_equal(make(g, in, len, &qp), STATUS_OK);
	field_set(c, qpc_cqn_rcv, NOWHERE);
	assert_int_equal(make(g, in, len, &qp), STATUS_BAD_RESOURCE);
	field_set(c, qpc_no_sq, 0);
	field_set(c, qpc_cqn_snd, g->cq.number);
	assert_int_equal(make(g, in, len, &qp), STATUS_BAD_RESOURCE);
}

static uint32_t make_xrc_queue(struct guest *g)
{
	uint8_t in[PAS + 8] = { 0 }, out[16];
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);

	store_be32(in, COMMAND_CREATE_XRC_SRQ << 16);
	field_set(c, xrc_srqc_cqn, g->cq.number);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	return (uint32_t)field_get(out, create_xrc_srq_out_xrc_srqn);
}

/*
 * A shared queue must be there, and of the right kind. XRC and initiators look at none.
 */
static void create__shared_queue(void **state)
{
	struct guest *g = *state;
	struct guest_queue shared;
	uint32_t rmpn = guest_shared_queue(g, &shared);
	const struct {
		enum qp_service service;
		uint32_t number;
		enum command_status status;
		bool taken;
	} rows[] = {
		{ SERVICE_RC, rmpn, STATUS_OK, true },
		{ SERVICE_UD, rmpn, STATUS_OK, true },
		{ SERVICE_RC, NOWHERE, STATUS_BAD_RESOURCE, false },
		{ SERVICE_RC, make_xrc_queue(g), STATUS_BAD_RESOURCE, false },
		{ SERVICE_XRC, rmpn, STATUS_OK, false },
		{ SERVICE_XRC, NOWHERE, STATUS_OK, false },
		{ SERVICE_DCI, rmpn, STATUS_OK, false },
		{ SERVICE_DCI, NOWHERE, STATUS_OK, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t in[PAS + 8 * PAGES_MAX], *c = block(in, create_qp_in_qpc);
		uint32_t len = build(g, in, small);
		struct qp *qp;

		field_set(c, qpc_rq_type, RECEIVE_SHARED);
		field_set(c, qpc_st, rows[i].service);
		field_set(c, qpc_srqn_rmpn_xrqn, rows[i].number);
		assert_int_equal(make(g, in, len, &qp), rows[i].status);
		if (rows[i].status == STATUS_OK)
			assert_ptr_equal(qp->srq,
					 rows[i].taken ? srq_get(g->dev, rmpn) : NULL);
	}
}

static enum command_status query(struct guest *g, const struct qp *qp, uint8_t out[PAS])
{
	uint8_t in[16] = { 0 };

	store_be32(in, COMMAND_QUERY_QP << 16);
	field_set(in, query_qp_in_qpn, qp->object.number);
	return guest_command(g, in, sizeof(in), out, PAS);
}

/*
 * The context with the state and the counters of both sides; the record may be out of
 * reach.
 */
static void query__counters(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], *c = block(in, create_qp_in_qpc);
	uint8_t out[PAS], expected[QP_CONTEXT];
	uint64_t record = guest_alloc(g, 8);
	uint32_t len = build(g, in, small);
	struct qp *qp;

	assert_int_equal(make(g, in, len, &qp), STATUS_OK);
	qp->state = QP_RTR;
	qp->send_consumed = 0x1234;
	qp->receive.consumed = 0x2345;
	memcpy(expected, c, sizeof(expected));
	field_set(expected, qpc_state, QP_RTR);
	field_set(expected, qpc_hw_sq_wqebb_counter, 0x1234);
	field_set(expected, qpc_hw_rq_counter, 0x2345);
	assert_int_equal(query(g, qp, out), STATUS_OK);
	assert_memory_equal(const_block(out, query_qp_out_qpc), expected, QP_CONTEXT);
	qp->doorbell = record;
	store_be32(guest_at(g, record), 0x3456);
	store_be32(guest_at(g, record + 4), 0x4567);
	field_set(expected, qpc_sw_rq_counter, 0x3456);
	field_set(expected, qpc_sw_sq_wqebb_counter, 0x4567);
	assert_int_equal(query(g, qp, out), STATUS_OK);
	assert_memory_equal(const_block(out, query_qp_out_qpc), expected, QP_CONTEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(create__layouts),	  GUEST_TEST(create__services),
		GUEST_TEST(create__attributes),	  GUEST_TEST(create__completion_queues),
		GUEST_TEST(create__shared_queue), GUEST_TEST(query__counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
