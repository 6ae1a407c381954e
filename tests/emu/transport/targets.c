// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * targets.c - targets of dynamic connections as objects: what commands make, report and
 * free
 */
#include "cmocka_all.h"
#include "guest.h"
#include "port/port.h"
#include "queue/eq.h"
#include "queue/receive.h"
#include "transport/dct.h"

#include <stdlib.h>
#include <string.h>

#define KEY	0x1234567890abcdefull
#define NOTHING 0x3fffff /* no object has that number */

/* Values of dctc.state: MLX5_DCTC_STATE_*, linux/mlx5/mlx5_ifc.h */
enum { ACTIVE = 0, DRAINED = 2 };

struct setup {
	struct guest *g;
	struct guest_queue receives;
	uint32_t srqn, target;
};

static int begin(void **state)
{
	struct setup *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->g = guest_new(SCHEME_MEMORY);
	w->srqn = guest_shared_queue(w->g, &w->receives);
	w->target = guest_target(w->g, w->srqn, KEY);
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct setup *w = *state;

	guest_free(w->g);
	free(w);
	return 0;
}

static enum command_status ask(struct setup *w, uint16_t opcode, uint32_t target)
{
	uint8_t in[16] = { 0 };

	store_be32(in, (uint32_t)opcode << 16);
	field_set(in, destroy_dct_in_dctn, target);
	return guest_command(w->g, in, sizeof(in), NULL, 16);
}

static enum command_status query(struct setup *w, uint32_t target, uint8_t context[64])
{
	uint8_t in[16] = { 0 }, out[144] = { 0 };
	enum command_status status;

	store_be32(in, COMMAND_QUERY_DCT << 16);
	field_set(in, query_dct_in_dctn, target);
	status = guest_command(w->g, in, sizeof(in), out, sizeof(out));
	memcpy(context, const_block(out, query_dct_out_dct_context_entry), 64);
	return status;
}

static struct cq *completions(struct setup *w)
{
	return cq_get(w->g->dev, w->g->cq.number);
}

static struct srq *shared(struct setup *w)
{
	return srq_get(w->g->dev, w->srqn);
}

static enum command_status create(struct setup *w, const uint8_t context[64])
{
	uint8_t in[144] = { 0 }, out[16];
	enum command_status status;

	store_be32(in, COMMAND_CREATE_DCT << 16);
	memcpy(block(in, create_dct_in_dct_context_entry), context, 64);
	status = guest_command(w->g, in, sizeof(in), out, sizeof(out));
	w->target = (uint32_t)field_get(out, create_dct_out_dctn);
	return status;
}

/* A query returns what the driver gave, and what became of it since. */
static void target__query(void **state)
{
	struct setup *w = *state;
	uint8_t given[64], c[64];

	for (unsigned int i = 0; i < sizeof(given); i++)
		given[i] = (uint8_t)(i * 7 + 1);
	field_set(given, dctc_cqn, w->g->cq.number);
	field_set(given, dctc_srqn_xrqn, w->srqn);
	assert_int_equal(create(w, given), STATUS_OK);
	field_set(given, dctc_state, ACTIVE);
	field_set(given, dctc_dc_access_key_violation_count, 0);
	assert_int_equal(query(w, w->target, c), STATUS_OK);
	assert_memory_equal(c, given, sizeof(given));
	assert_int_equal(ask(w, COMMAND_DRAIN_DCT, w->target), STATUS_OK);
	assert_int_equal(query(w, w->target, c), STATUS_OK);
	field_set(given, dctc_state, DRAINED);
	assert_memory_equal(c, given, sizeof(given));
}

/* The attributes that a queue pair would get by its transitions */
static void target__attributes(void **state)
{
	struct setup *w = *state;
	uint8_t c[64] = { 0 };
	const struct qp *dct;

	field_set(c, dctc_cqn, w->g->cq.number);
	field_set(c, dctc_srqn_xrqn, w->srqn);
	field_set(c, dctc_user_index, 0x123456);
	field_set(c, dctc_pd, 0x77);
	field_set(c, dctc_rwe, 1);
	field_set(c, dctc_min_rnr_nak, 21);
	field_set(c, dctc_counter_set_id, 9);
	assert_int_equal(create(w, c), STATUS_OK);
	dct = qp_get(w->g->dev, w->target);
	assert_int_equal(dct->user_index, 0x123456);
	assert_int_equal(dct->pd, 0x77);
	assert_int_equal(field_get(dct->context, qpc_rre), 0);
	assert_int_equal(field_get(dct->context, qpc_rwe), 1);
	assert_int_equal(field_get(dct->context, qpc_rae), 0);
	assert_int_equal(field_get(dct->context, qpc_min_rnr_nak), 21);
	assert_int_equal(field_get(dct->context, qpc_counter_set_id), 9);
	assert_false(dct->has_send);
}

static uint32_t xrc_queue(struct setup *w)
{
	uint8_t in[272 + 16] = { 0 }, out[16];
	uint8_t *c = block(in, create_xrc_srq_in_xrc_srq_context_entry);

	store_be32(in, COMMAND_CREATE_XRC_SRQ << 16);
	store_be64(in + 272, guest_alloc(w->g, PAGE));
	field_set(c, xrc_srqc_log_xrc_srq_size, 2);
	field_set(c, xrc_srqc_log_rq_stride, 1);
	field_set(c, xrc_srqc_cqn, w->g->cq.number);
	assert_int_equal(guest_command(w->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	return (uint32_t)field_get(out, create_xrc_srq_out_xrc_srqn);
}

/* It needs a completion queue, and a shared queue that is not one of XRC. */
static void target__needs_queues(void **state)
{
	struct setup *w = *state;
	const uint32_t rows[][2] = { { NOTHING, w->srqn },
				     { w->g->cq.number, NOTHING },
				     { w->g->cq.number, xrc_queue(w) } };
	uint32_t cq_refs = completions(w)->object.refs, qps = w->g->dev->qps.count;

	for (unsigned int i = 0; i < 3; i++) {
		uint8_t c[64] = { 0 };

		field_set(c, dctc_cqn, rows[i][0]);
		field_set(c, dctc_srqn_xrqn, rows[i][1]);
		assert_int_equal(create(w, c), STATUS_BAD_RESOURCE);
		assert_int_equal(w->target, 0);
		assert_int_equal(w->g->dev->qps.count, qps);
		assert_int_equal(completions(w)->object.refs, cq_refs);
	}
}

/* It holds its queues as long as it lives: drained, an event, destroyed. */
static void target__life(void **state)
{
	struct setup *w = *state;
	uint32_t cq_refs = completions(w)->object.refs, srq_refs = shared(w)->object.refs;
	uint32_t qps = w->g->dev->qps.count;
	uint8_t c[64], eqe[64];

	assert_int_equal(ask(w, COMMAND_DRAIN_DCT, w->target), STATUS_OK);
	assert_int_equal(ask(w, COMMAND_DRAIN_DCT, w->target), STATUS_BAD_RESOURCE_STATE);
	assert_true(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_DCT_DRAINED);
	assert_false(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(completions(w)->object.refs, cq_refs);
	assert_int_equal(ask(w, COMMAND_DESTROY_DCT, w->target), STATUS_OK);
	assert_int_equal(completions(w)->object.refs, cq_refs - 1);
	assert_int_equal(shared(w)->object.refs, srq_refs - 1);
	assert_int_equal(w->g->dev->qps.count, qps - 1);
	assert_int_equal(query(w, w->target, c), STATUS_BAD_RESOURCE);
}

static void target__unknown(void **state)
{
	static const uint16_t opcodes[] = { COMMAND_DRAIN_DCT, COMMAND_DESTROY_DCT,
					    COMMAND_ARM_DCT_FOR_KEY_VIOLATION };
	struct setup *w = *state;
	uint8_t c[64];

	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(ask(w, opcodes[i], NOTHING), STATUS_BAD_RESOURCE);
	assert_int_equal(query(w, NOTHING, c), STATUS_BAD_RESOURCE);
}

/* Every violation is counted; the first one after each request is an event. */
static void violation__reported(void **state)
{
	struct setup *w = *state;
	struct device *dev = w->g->dev;
	struct qp *dct = qp_get(dev, w->target);
	uint8_t eqe[64], c[64];

	assert_true(dct_admits(dev, dct, NULL, KEY));
	assert_false(dct_admits(dev, dct, NULL, KEY + 1));
	assert_false(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(ask(w, COMMAND_ARM_DCT_FOR_KEY_VIOLATION, w->target), STATUS_OK);
	assert_true(dct_admits(dev, dct, NULL, KEY));
	assert_false(guest_event(w->g, &w->g->events, eqe));
	for (unsigned int i = 0; i < 2; i++)
		assert_false(dct_admits(dev, dct, NULL, KEY ^ 1ull << 63));
	assert_true(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_DCT_KEY_VIOLATION);
	assert_int_equal(field_get(const_block(eqe, eqe_data), eqe_qp_srq_number),
			 w->target);
	assert_false(guest_event(w->g, &w->g->events, eqe));
	assert_int_equal(query(w, w->target, c), STATUS_OK);
	assert_int_equal(field_get(c, dctc_dc_access_key_violation_count), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(target__query), TEST(target__attributes), TEST(target__needs_queues),
		TEST(target__life),  TEST(target__unknown),    TEST(violation__reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
