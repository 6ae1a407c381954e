// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* work_requests.c - entries of send queues: which are taken, and how they are read */
#include "cmocka_all.h"
#include "qp_pair.h"

#include "base/util.h"
#include "transport/fetch.h"

#define UNIT	    16u
#define MAX_MESSAGE (1u << 30)
#define ENTRY_BYTES 128u

#define CONNECTED   (1u << SERVICE_RC | 1u << SERVICE_XRC | 1u << SERVICE_DCI)
#define DATAGRAM    (1u << SERVICE_UD | 1u << SERVICE_GSI | 1u << SERVICE_SMI)
#define UPDATES	    (1u << SERVICE_UMR)

static const enum qp_service services[] = { SERVICE_RC,	 SERVICE_UD,  SERVICE_XRC,
					    SERVICE_DCI, SERVICE_SMI, SERVICE_GSI,
					    SERVICE_UMR };

/* A queue pair in RTS that is connected to nothing */
static struct guest_qp ready(struct guest *g, enum qp_service service)
{
	static const uint16_t steps[] = { COMMAND_RST2INIT_QP, COMMAND_INIT2RTR_QP,
					  COMMAND_RTR2RTS_QP };
	uint8_t c[QP_CONTEXT] = { 0 };
	struct guest_qp qp;

	field_set(c, qpc_pd, g->pd);
	guest_create_qp(g, &qp, service, 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(guest_modify(g, &qp, steps[i], c, 0), STATUS_OK);
	return qp;
}

/* Whether the device finds no fault with the entry itself */
static bool accepted(struct guest *g, struct guest_qp *qp, const uint8_t *wqe,
		     unsigned int blocks)
{
	uint8_t cqe[64];

	guest_post_raw(g, qp, wqe, blocks);
	guest_run(g);
	if (!guest_take(g, &g->cq, cqe))
		return true;
	store_be32(guest_at(g, g->cq.record), g->cq.consumed);
	return field_get(cqe, cqe_opcode) != COMPLETION_SEND_ERROR ||
	       field_get(cqe, cqe_syndrome) != SYNDROME_LOCAL_OPERATION;
}

/* An address vector, whole or compact, or the number of an XRC receive queue */
static unsigned int address_units(enum qp_service service, bool compact)
{
	if (service == SERVICE_XRC)
		return 1;
	if (service == SERVICE_DCI || 1u << service & DATAGRAM)
		return compact ? 1 : 3;
	return 0;
}

static unsigned int blocks(unsigned int units)
{
	return units ? (units * UNIT + WQE_BLOCK - 1) / WQE_BLOCK : 1;
}

/* Each opcode on each service that has it, if its segments are all there; on no other. */
static void opcode__by_service(void **state)
{
	static const struct {
		enum opcode opcode;
		unsigned int services, units; /* after the address */
	} rows[] = {
		{ OPCODE_SEND, CONNECTED | DATAGRAM, 0 },
		{ OPCODE_SEND_IMM, CONNECTED | DATAGRAM, 0 },
		{ OPCODE_SEND_INVALIDATE, CONNECTED, 0 },
		{ OPCODE_WRITE, CONNECTED, 1 },
		{ OPCODE_WRITE_IMM, CONNECTED, 1 },
		{ OPCODE_READ, CONNECTED, 1 },
		{ OPCODE_COMPARE_SWAP, CONNECTED, 2 },
		{ OPCODE_FETCH_ADD, CONNECTED, 2 },
		{ OPCODE_UMR, CONNECTED | UPDATES, 7 }, /* instead of an address */
		{ OPCODE_NOP, CONNECTED | DATAGRAM | UPDATES, 0 },
		{ (enum opcode)0x33, 0, 0 },
	};
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
		for (unsigned int k = 0; k < 2 * ARRAY_SIZE(services); k++) {
			enum qp_service service = services[k / 2];
			bool known = rows[i].services >> service & 1, compact = k % 2;
			struct guest_qp qp = ready(l->g, service);
			unsigned int units = 1 + rows[i].units;
			uint8_t wqe[ENTRY_BYTES] = { 0 };

			if (rows[i].opcode != OPCODE_UMR)
				units += address_units(service, compact);
			field_set(wqe, ctrl_seg_opcode, rows[i].opcode);
			field_set(wqe + AV_AT, av_extended, !compact);
			field_set(wqe, ctrl_seg_ds, units);
			assert_int_equal(accepted(l->g, &qp, wqe, blocks(units)), known);
			if (!known || rows[i].opcode == OPCODE_NOP)
				continue;
			qp = ready(l->g, service);
			field_set(wqe, ctrl_seg_ds, units - 1);
			assert_false(accepted(l->g, &qp, wqe, blocks(units - 1)));
		}
}

/*
 * Lengths of an entry that cannot be: none, more than is posted, more than there is room
 */
static void entry__length(void **state)
{
	struct qp_pair *l = *state;
	struct guest_qp qp = ready(l->g, SERVICE_RC);
	const struct qp *inner = qp_get(l->g->dev, qp.number);
	uint8_t wqe[2 * WQE_BLOCK] = { 0 };

	assert_false(accepted(l->g, &qp, wqe, 1));
	qp = ready(l->g, SERVICE_RC);
	inner = qp_get(l->g->dev, qp.number);
	field_set(wqe, ctrl_seg_ds, WQE_BLOCK / UNIT + 1);
	assert_false(accepted(l->g, &qp, wqe, 1));
	assert_int_equal(inner->send_consumed, 1);
	qp = ready(l->g, SERVICE_RC);
	inner = qp_get(l->g->dev, qp.number);
	assert_true(accepted(l->g, &qp, wqe, 2));
	assert_int_equal(inner->send_consumed, 2);
	qp = ready(l->g, SERVICE_RC);
	inner = qp_get(l->g->dev, qp.number);
	qp.send.produced = 1u << QUEUE_LOG;
	assert_false(accepted(l->g, &qp, wqe, 1));
	assert_int_equal(inner->send_consumed, (1u << QUEUE_LOG) + 1);
	assert_int_equal(message_posted(l->g->dev, inner), 0);
}

/* As many as the queue holds, posted with one doorbell: the last one reports them all. */
static void entry__whole_queue(void **state)
{
	struct qp_pair *l = *state;
	uint8_t nops[WQE_BLOCK << QUEUE_LOG] = { 0 }, cqe[64];
	unsigned int n = 1u << QUEUE_LOG;

	for (unsigned int i = 0; i < n; i++) {
		field_set(nops + i * WQE_BLOCK, ctrl_seg_ds, 1);
		field_set(nops + i * WQE_BLOCK, ctrl_seg_fm_ce_se, i == n - 1 ? 8 : 0);
	}
	guest_post_raw(l->g, &l->pair.a, nops, n);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_SEND);
	assert_int_equal(field_get(cqe, cqe_wqe_counter), n - 1);
}

/* It begins in the queue's last block, and goes on in the first. */
static void entry__wraps(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 0);

	l->pair.a.send.produced = (1u << QUEUE_LOG) - 1;
	qp_get(l->g->dev, l->pair.a.number)->send_consumed = (1u << QUEUE_LOG) - 1;
	k.inlined = 60;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_memory_equal(l->to, l->from, 60);
	assert_int_equal(l->to[60], 0);
}

static void entry__out_of_reach(void **state)
{
	struct qp_pair *l = *state;
	struct guest_qp qp = ready(l->g, SERVICE_RC);
	struct qp *inner = qp_get(l->g->dev, qp.number);
	uint8_t wqe[2 * WQE_BLOCK] = { 0 };

	field_set(wqe, ctrl_seg_ds, 1);
	for (unsigned int i = 0; i < inner->ring.n; i++)
		inner->ring.pages[i] = GUEST_BASE + GUEST_BYTES;
	assert_false(accepted(l->g, &qp, wqe, 1));
}

/*
 * The most that fits into an entry: all of it but the control segment are data segments.
 */
static void segments__most(void **state)
{
	struct qp_pair *l = *state;
	struct guest_qp qp = ready(l->g, SERVICE_RC);
	uint8_t wqe[1024] = { 0 };

	field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
	field_set(wqe, ctrl_seg_ds, 1 + SEND_SGES);
	for (unsigned int i = 1; i <= SEND_SGES; i++)
		field_set(wqe + i * UNIT, data_seg_byte_count, 1);
	assert_true(accepted(l->g, &qp, wqe, 16));
	assert_int_equal(qp_get(l->g->dev, qp.number)->message.n, SEND_SGES);
	assert_int_equal(qp_get(l->g->dev, qp.number)->message.length, SEND_SGES);
}

/* Inline data of that many bytes in what is left of a block, then a segment after it */
static void inline__bounds(void **state)
{
	static const struct {
		uint32_t len, units; /* bytes; units of the entry */
		bool fits;
	} rows[] = { { 12, 2, true },  { 13, 2, false }, { 28, 3, true },
		     { 29, 3, false }, { 0, 2, true },	 { 0x7fffffff, 3, false } };
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct guest_qp qp = ready(l->g, SERVICE_RC);
		uint8_t wqe[WQE_BLOCK] = { 0 };

		field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
		field_set(wqe, ctrl_seg_ds, rows[i].units);
		store_be32(wqe + UNIT, 1u << 31 | rows[i].len);
		assert_int_equal(accepted(l->g, &qp, wqe, 1), rows[i].fits);
	}
}

/* A gigabyte at most, as log_max_msg says; a length of 0 stands for two of them. */
static void message__length(void **state)
{
	static const struct {
		enum qp_service service;
		uint32_t len;
		bool fits;
	} rows[] = { { SERVICE_RC, MAX_MESSAGE, true },
		     { SERVICE_RC, 0, false },
		     { SERVICE_UD, MAX_MESSAGE, true },
		     { SERVICE_UD, MAX_MESSAGE + 1, false } };
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct guest_qp qp = ready(l->g, rows[i].service);
		unsigned int at = UNIT * (1 + address_units(rows[i].service, true));
		uint8_t wqe[WQE_BLOCK] = { 0 };

		field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
		field_set(wqe, ctrl_seg_ds, at / UNIT + 1);
		field_set(wqe + at, data_seg_byte_count, rows[i].len);
		assert_int_equal(accepted(l->g, &qp, wqe, 1), rows[i].fits);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(opcode__by_service),  TEST(entry__length),
		TEST(entry__whole_queue),  TEST(entry__wraps),
		TEST(entry__out_of_reach), TEST(segments__most),
		TEST(inline__bounds),	   TEST(message__length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
