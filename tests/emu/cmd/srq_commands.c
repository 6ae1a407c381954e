// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * srq_commands.c - shared receive queues of both kinds: what they are given, limits,
 * queries
 */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"
#include "queue/eq.h"
#include "queue/receive.h"

#include <string.h>

#define PAS	  272
#define PAGES_MAX 2

/* Entries of 1 << log_stride bytes each, in pages of 4 KiB << log_page */
struct layout {
	unsigned int log_size, log_stride, log_page, offset, pages;
};

static uint32_t build(struct guest *g, uint8_t *in, bool xrc, struct layout l)
{
	uint8_t *wq = block(block(in, create_rmp_in_ctx), rmpc_wq);
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);

	memset(in, 0, PAS + 8 * PAGES_MAX);
	store_be32(in, (xrc ? COMMAND_CREATE_XRC_SRQ : COMMAND_CREATE_RMP) << 16);
	if (xrc) {
		field_set(c, xrc_srqc_log_xrc_srq_size, l.log_size);
		field_set(c, xrc_srqc_log_rq_stride, l.log_stride - 4);
		field_set(c, xrc_srqc_log_page_size, l.log_page);
		field_set(c, xrc_srqc_page_offset, l.offset);
		field_set(c, xrc_srqc_cqn, g->cq.number);
	} else {
		field_set(wq, wq_log_wq_sz, l.log_size);
		field_set(wq, wq_log_wq_stride, l.log_stride);
		field_set(wq, wq_log_wq_pg_sz, l.log_page);
		field_set(wq, wq_page_offset, l.offset);
	}
	for (unsigned int i = 0; i < l.pages; i++)
		store_be64(in + PAS + 8 * i, GUEST_BASE + i * PAGE);
	return PAS + 8 * l.pages;
}

static enum command_status make(struct guest *g, const uint8_t *in, uint32_t len,
				struct srq **srq)
{
	uint8_t out[16];
	enum command_status status = guest_command(g, in, len, out, sizeof(out));

	*srq = srq_get(g->dev, (uint32_t)field_get(out, create_rmp_out_rmpn));
	return status;
}

static enum command_status query(struct guest *g, uint16_t opcode, const struct srq *srq,
				 uint8_t out[PAS])
{
	uint8_t in[16] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	field_set(in, query_rmp_in_rmpn, srq ? srq->object.number : 0xfffff0);
	return guest_command(g, in, sizeof(in), out, PAS);
}

/* Whatever the kind: as many pages as the entries need; bounds of size and stride */
static void create__layouts(void **state)
{
	static const struct {
		struct layout layout;
		enum command_status rmp, xrc;
	} rows[] = {
		{ { 7, 5, 0, 0, 1 }, STATUS_OK, STATUS_OK },
		{ { 8, 5, 0, 0, 1 }, STATUS_BAD_PARAM, STATUS_BAD_PARAM },
		{ { 8, 5, 0, 0, 2 }, STATUS_OK, STATUS_OK },
		{ { 7, 5, 0, 1, 1 }, STATUS_BAD_PARAM, STATUS_BAD_PARAM },
		{ { 7, 5, 0, 1, 2 }, STATUS_OK, STATUS_OK },
		{ { 8, 5, 1, 0, 1 }, STATUS_OK, STATUS_OK },
		{ { 15, 9, 12, 0, 1 }, STATUS_OK, STATUS_OK },
		{ { 3, 10, 12, 0, 1 }, STATUS_BAD_PARAM, STATUS_BAD_PARAM },
		{ { 3, 5, 31, 0, 1 }, STATUS_OK, STATUS_OK },
	};
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (unsigned int xrc = 0; xrc < 2; xrc++) {
			struct layout l = rows[i].layout;
			uint8_t in[PAS + 8 * PAGES_MAX] = { 0 };
			struct srq *srq;

			assert_int_equal(make(g, in, build(g, in, xrc, l), &srq),
					 xrc ? rows[i].xrc : rows[i].rmp);
			if ((xrc ? rows[i].xrc : rows[i].rmp) != STATUS_OK)
				continue;
			assert_int_equal(srq->queue.log_size, l.log_size);
			assert_int_equal(srq->queue.log_stride, l.log_stride);
			assert_int_equal(srq->ring.bytes,
					 1ull << (l.log_size + l.log_stride));
			assert_ptr_equal(srq->queue.ring, &srq->ring);
			assert_true(srq->queue.linked);
			assert_int_equal(srq->xrc, xrc);
		}
}

/* What neither kind, or one of them, cannot have */
static void create__refused(void **state)
{
	struct guest *g = *state;
	const struct layout small = { 2, 5, 0, 0, 1 };
	uint8_t in[PAS + 8 * PAGES_MAX] = { 0 };
	uint8_t *wq = block(block(in, create_rmp_in_ctx), rmpc_wq);
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);
	struct srq *srq;
	uint32_t len = build(g, in, false, small);

	field_set(wq, wq_wq_type, 1); /* cyclic, as Ethernet has it */
	assert_int_equal(make(g, in, len, &srq), STATUS_BAD_PARAM);
	field_set(wq, wq_wq_type, 0);
	field_set(wq, wq_wq_signature, 1);
	assert_int_equal(make(g, in, len, &srq), STATUS_BAD_PARAM);
	build(g, in, false, (struct layout){ 16, 5, 12, 0, 1 });
	assert_int_equal(make(g, in, len, &srq), STATUS_BAD_PARAM);
	build(g, in, true, small);
	field_set(c, xrc_srqc_wq_signature, 1);
	assert_int_equal(make(g, in, len, &srq), STATUS_BAD_PARAM);
	build(g, in, true, (struct layout){ 2, 5, 32, 0, 1 });
	assert_int_equal(make(g, in, len, &srq), STATUS_BAD_PARAM);
	build(g, in, true, small);
	field_set(c, xrc_srqc_cqn, 0xfffff0);
	assert_int_equal(make(g, in, len, &srq), STATUS_BAD_RESOURCE);
	assert_int_equal(g->dev->srqs.count, 0);
}

/*
 * A query shows the context as given, with the limit and the entries taken as they are
 * now.
 */
static void rmp__query(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], out[PAS], expected[240];
	uint8_t *rmpc = block(in, create_rmp_in_ctx), *wq = block(rmpc, rmpc_wq);
	uint32_t len = build(g, in, false, (struct layout){ 2, 5, 0, 0, 1 });
	struct srq *srq;

	field_set(wq, wq_pd, 0x123456);
	field_set(wq, wq_lwm, 3);
	field_set(wq, wq_dbr_addr, 0x123456789abc0);
	assert_int_equal(make(g, in, len, &srq), STATUS_OK);
	assert_int_equal(srq->pd, 0x123456);
	assert_int_equal(srq->limit, 3);
	assert_int_equal(srq->queue.doorbell, 0x123456789abc0);
	memcpy(expected, rmpc, sizeof(expected));
	field_set(expected, rmpc_state, 1); /* ready */
	field_set(block(expected, rmpc_wq), wq_lwm, 2);
	field_set(block(expected, rmpc_wq), wq_hw_counter, 7);
	srq->limit = 2;
	srq->queue.consumed = 7;
	assert_int_equal(query(g, COMMAND_QUERY_RMP, srq, out), STATUS_OK);
	assert_memory_equal(const_block(out, query_rmp_out_rmp_context), expected,
			    sizeof(expected));
	assert_int_equal(query(g, COMMAND_QUERY_XRC_SRQ, srq, out), STATUS_BAD_RESOURCE);
	assert_int_equal(query(g, COMMAND_QUERY_RMP, NULL, out), STATUS_BAD_RESOURCE);
}

static void xrc__query(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], out[PAS], expected[64];
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);
	uint32_t len = build(g, in, true, (struct layout){ 2, 5, 0, 0, 1 });
	struct srq *srq;

	field_set(c, xrc_srqc_pd, 0x123456);
	field_set(c, xrc_srqc_xrcd, 0x234567);
	field_set(c, xrc_srqc_user_index, 0x345678);
	field_set(c, xrc_srqc_lwm, 3);
	field_set(c, xrc_srqc_db_record_addr_h, 0x12345678);
	field_set(c, xrc_srqc_db_record_addr_l, 0x9abcdef0u >> 2);
	assert_int_equal(make(g, in, len, &srq), STATUS_OK);
	assert_int_equal(srq->pd, 0x123456);
	assert_int_equal(srq->xrcd, 0x234567);
	assert_int_equal(srq->user_index, 0x345678);
	assert_int_equal(srq->limit, 3);
	assert_int_equal(srq->queue.doorbell, 0x123456789abcdef0);
	memcpy(expected, c, sizeof(expected));
	field_set(expected, xrc_srqc_lwm, 2);
	srq->limit = 2;
	assert_int_equal(query(g, COMMAND_QUERY_XRC_SRQ, srq, out), STATUS_OK);
	assert_memory_equal(const_block(out, query_xrc_srq_out_xrc_srq_context_entry),
			    expected, sizeof(expected));
	assert_int_equal(query(g, COMMAND_QUERY_RMP, srq, out), STATUS_BAD_RESOURCE);
	assert_int_equal(query(g, COMMAND_QUERY_XRC_SRQ, NULL, out), STATUS_BAD_RESOURCE);
}

static enum command_status set_limit(struct guest *g, uint16_t opcode, uint32_t number,
				     uint16_t limit, bool chosen)
{
	uint8_t in[PAS] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	field_set(in, modify_rmp_in_rmpn, number);
	if (opcode == COMMAND_ARM_XRC_SRQ) {
		field_set(in, arm_xrc_srq_in_lwm, limit);
	} else {
		field_set(block(in, modify_rmp_in_bitmask), rmp_bitmask_lwm, chosen);
		field_set(block(block(in, modify_rmp_in_ctx), rmpc_wq), wq_lwm, limit);
	}
	return guest_command(g, in, sizeof(in), NULL, 8);
}

static bool limit_event(struct guest *g, uint32_t number)
{
	uint8_t eqe[64];

	if (!guest_event(g, &g->events, eqe))
		return false;
	assert_int_equal(field_get(eqe, eqe_type), EVENT_SRQ_LIMIT);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number) &
				 0xffffff,
			 number);
	return true;
}

/* An event at once if fewer than the limit are posted, and once only */
static void limit__of_both_kinds(void **state)
{
	static const uint16_t opcodes[] = { COMMAND_MODIFY_RMP, COMMAND_ARM_XRC_SRQ };
	struct guest *g = *state;

	for (unsigned int xrc = 0; xrc < 2; xrc++) {
		uint8_t in[PAS + 8 * PAGES_MAX] = { 0 };
		uint32_t len = build(g, in, xrc, (struct layout){ 2, 5, 0, 0, 1 }),
			 number;
		struct srq *srq;

		assert_int_equal(make(g, in, len, &srq), STATUS_OK);
		number = srq->object.number;
		srq->queue.doorbell = guest_alloc(g, 8);
		store_be32(guest_at(g, srq->queue.doorbell), 2);
		assert_int_equal(set_limit(g, opcodes[xrc], number, 2, true), STATUS_OK);
		assert_int_equal(srq->limit, 2);
		assert_false(limit_event(g, number));
		assert_int_equal(set_limit(g, opcodes[xrc], number, 3, true), STATUS_OK);
		assert_true(limit_event(g, number));
		assert_int_equal(srq->limit, 0);
		assert_int_equal(set_limit(g, opcodes[!xrc], number, 2, true),
				 STATUS_BAD_RESOURCE);
		assert_int_equal(set_limit(g, opcodes[xrc], 0xfffff0, 2, true),
				 STATUS_BAD_RESOURCE);
		if (!xrc)
			assert_int_equal(set_limit(g, opcodes[xrc], number, 2, false),
					 STATUS_OK);
		assert_int_equal(srq->limit, 0);
	}
}

/*
 * While a queue pair receives from it, it stays; an XRC queue holds its completion queue.
 */
static void destroy__in_use(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX] = { 0 };
	uint32_t len = build(g, in, true, (struct layout){ 2, 5, 0, 0, 1 }), rmpn;
	struct guest_queue shared, cq;
	struct guest_qp qp;
	struct srq *xrc;

	guest_cq(g, &cq);
	field_set(block(in, create_xrc_srq_in_xrc_srq_context_entry), xrc_srqc_cqn,
		  cq.number);
	assert_int_equal(make(g, in, len, &xrc), STATUS_OK);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_CQ, destroy_cq_in_cqn,
				      cq.number),
			 STATUS_BAD_RESOURCE_STATE);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_XRC_SRQ,
				      destroy_xrc_srq_in_xrc_srqn, xrc->object.number),
			 STATUS_OK);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_CQ, destroy_cq_in_cqn,
				      cq.number),
			 STATUS_OK);
	rmpn = guest_shared_queue(g, &shared);
	guest_create_qp(g, &qp, SERVICE_RC, rmpn);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_RMP, destroy_rmp_in_rmpn, rmpn),
			 STATUS_BAD_RESOURCE_STATE);
	assert_non_null(srq_get(g->dev, rmpn));
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_QP, destroy_qp_in_qpn,
				      qp.number),
			 STATUS_OK);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_RMP, destroy_rmp_in_rmpn, rmpn),
			 STATUS_OK);
	assert_null(srq_get(g->dev, rmpn));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(create__layouts),	  GUEST_TEST(create__refused),
		GUEST_TEST(rmp__query),		  GUEST_TEST(xrc__query),
		GUEST_TEST(limit__of_both_kinds), GUEST_TEST(destroy__in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
