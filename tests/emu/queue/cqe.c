// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * cqe.c - entries of completion queues: their content, where they go, when there is no
 * room
 */
#include "cmocka_all.h"
#include "guest.h"
#include "queue/cq.h"
#include "queue/eq.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>

#define ENTRIES (1u << QUEUE_LOG)
#define OUTSIDE (GUEST_BASE + GUEST_BYTES)

static const struct completion plain = { .kind = COMPLETION_SEND };

static int begin(void **state)
{
	*state = guest_new(SCHEME_MEMORY);
	return 0;
}

static int end(void **state)
{
	guest_free(*state);
	return 0;
}

static struct cq *queue(struct guest *g)
{
	return cq_get(g->dev, g->cq.number);
}

static void entry__success(void **state)
{
	const struct completion c = { .kind = COMPLETION_RECEIVE_IMM,
				      .qpn = 0x123456,
				      .user_index = 0x654321,
				      .wqe_index = 0xabcd,
				      .send_opcode = 0x0b,
				      .byte_count = 0x11223344,
				      .immediate = 0x55667788,
				      .solicited = true,
				      .source_lid = 0x99aa,
				      .source = 0xbbccddee };
	struct guest *g = *state;
	uint64_t before = g->dev->stats.completions;
	uint8_t cqe[64];

	g->dev->born -= NSEC_PER_SEC;
	assert_int_equal(cq_post(g->dev, queue(g), &c), 0);
	assert_true(guest_take(g, &g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), 0x3); /* MLX5_CQE_RESP_SEND_IMM */
	assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), 0x0b123456);
	assert_int_equal(field_get(cqe, cqe_srqn_uidx), 0x654321);
	assert_int_equal(field_get(cqe, cqe_wqe_counter), 0xabcd);
	assert_int_equal(field_get(cqe, cqe_byte_cnt), 0x11223344);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), 0x55667788);
	assert_int_equal(field_get(cqe, cqe_slid), 0x99aa);
	assert_int_equal(field_get(cqe, cqe_flags_rqpn), 0xbbccddee);
	assert_int_equal(field_get(cqe, cqe_solicited), 1);
	assert_int_equal(cqe[62], 0); /* no signature */
	/* the next one is still the device's */
	assert_int_equal(*(uint8_t *)guest_at(g, g->cq.ring + 64), 0xff);
	/* nanoseconds since the device was made */
	assert_in_range(field_get(cqe, cqe_timestamp), NSEC_PER_SEC,
			clock_ns() - g->dev->born);
	assert_int_equal(g->dev->stats.completions, before + 1);
}

/*
 * What the vendor's own code is for each syndrome, as far as logs of such cards show it
 */
static void entry__error(void **state)
{
	static const struct {
		enum syndrome syndrome;
		uint8_t vendor;
	} rows[] = {
		{ SYNDROME_LOCAL_LENGTH, 0 },	  { SYNDROME_LOCAL_PROTECTION, 0x51 },
		{ SYNDROME_FLUSHED, 0xf9 },	  { SYNDROME_REMOTE_INVALID, 0x8a },
		{ SYNDROME_REMOTE_ACCESS, 0x88 }, { SYNDROME_REMOTE_OPERATION, 0 },
		{ SYNDROME_RETRIES, 0x81 },	  { SYNDROME_RNR_RETRIES, 0x87 }
	};
	struct completion c = { .qpn = 0x52, .wqe_index = 7, .byte_count = 100 };
	struct guest *g = *state;
	uint8_t cqe[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c.kind = i % 2 ? COMPLETION_SEND_ERROR : COMPLETION_RECEIVE_ERROR;
		c.syndrome = rows[i].syndrome;
		assert_int_equal(cq_post(g->dev, queue(g), &c), 0);
		assert_true(guest_take(g, &g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_opcode), i % 2 ? 0xd : 0xe);
		assert_int_equal(field_get(cqe, cqe_syndrome), rows[i].syndrome);
		assert_int_equal(field_get(cqe, cqe_vendor_err_synd), rows[i].vendor);
		assert_int_equal(field_get(cqe, cqe_sop_drop_qpn), 0x52);
		assert_int_equal(field_get(cqe, cqe_wqe_counter), 7);
		assert_int_equal(field_get(cqe, cqe_byte_cnt), 0);
	}
}

/* The owner bit changes with each round, so that the driver knows what is new. */
static void entry__owner(void **state)
{
	struct guest *g = *state;
	uint8_t cqe[64];

	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < ENTRIES; i++) {
			assert_int_equal(cq_post(g->dev, queue(g), &plain), 0);
			assert_true(guest_take(g, &g->cq, cqe));
			assert_int_equal(cqe[63], round & 1); /* not solicited */
		}
		assert_false(guest_take(g, &g->cq, cqe));
		store_be32(guest_at(g, g->cq.record), g->cq.consumed);
	}
	assert_int_equal(queue(g)->producer, 3 * ENTRIES);
}

/* Of an entry of 128 bytes, the second half is what one of 64 would be. */
static void entry__of_128_bytes(void **state)
{
	uint8_t in[272 + 8] = { 0 }, out[16], *c = block(in, create_cq_in_cq_context);
	struct guest *g = *state;
	uint64_t ring = guest_alloc(g, PAGE);
	struct completion second = { .kind = COMPLETION_SEND, .qpn = 0x77 };
	struct cq *cq;

	store_be32(in, COMMAND_CREATE_CQ << 16);
	field_set(c, cqc_cqe_sz, 1);
	field_set(c, cqc_log_cq_size, 1);
	field_set(c, cqc_c_eqn_or_apu_element, g->events.number);
	field_set(c, cqc_dbr_addr, guest_alloc(g, 8));
	store_be64(block(in, create_cq_in_pas), ring);
	assert_int_equal(guest_command(g, in, sizeof(in), out, sizeof(out)), STATUS_OK);
	cq = cq_get(g->dev, (uint32_t)field_get(out, create_cq_out_cqn));
	assert_int_equal(cq_post(g->dev, cq, &plain), 0);
	assert_int_equal(cq_post(g->dev, cq, &second), 0);
	assert_int_equal(field_get(guest_at(g, ring + 192), cqe_sop_drop_qpn), 0x77);
	assert_int_equal(load_be64(guest_at(g, ring + 128 + 56)), 0);
	assert_int_equal(cq_post(g->dev, cq, &plain), -EOVERFLOW);
}

static void assert_overrun(struct guest *g)
{
	uint8_t eqe[64], data[EVENT_DATA_BYTES] = { 0 };

	assert_int_equal(cq_post(g->dev, queue(g), &plain), -EOVERFLOW);
	assert_true(queue(g)->error);
	assert_true(guest_event(g, &g->events, eqe));
	assert_int_equal(field_get(eqe, eqe_type), EVENT_CQ_ERROR);
	assert_int_equal(field_get(eqe, eqe_sub_type), 0);
	field_set(data, eqe_cq_err_cqn, g->cq.number);
	field_set(data, eqe_cq_err_syndrome, 1);
	assert_memory_equal(const_block(eqe, eqe_data), data, sizeof(data));
}

/* The driver's counter has 24 bits, and goes round. */
static void room__counter_goes_round(void **state)
{
	struct guest *g = *state;

	queue(g)->producer = (1u << 24) + ENTRIES - 2;
	store_be32(guest_at(g, g->cq.record), 0xffffff);
	assert_int_equal(cq_post(g->dev, queue(g), &plain), 0);
	assert_overrun(g);
}

static void room__record_out_of_reach(void **state)
{
	struct guest *g = *state;

	queue(g)->doorbell = OUTSIDE;
	assert_overrun(g);
}

/* The device reads the driver's counter, no more. */
static void room__record_read_only(void **state)
{
	static uint32_t record;
	struct guest *g = *state;

	queue(g)->doorbell = OUTSIDE;
	assert_int_equal(dma_map_host(&g->dev->dma, OUTSIDE, sizeof(record), &record), 0);
	dma_window(&g->dev->dma, OUTSIDE)->writable = false;
	assert_int_equal(cq_post(g->dev, queue(g), &plain), 0);
}

static void room__ring_out_of_reach(void **state)
{
	struct guest *g = *state;

	queue(g)->ring.pages[0] = OUTSIDE;
	assert_overrun(g);
}

/* A queue whose overrun is to be ignored: its entries are overwritten. */
static void room__overrun_ignored(void **state)
{
	struct guest *g = *state;

	field_set(queue(g)->context, cqc_oi, 1);
	for (unsigned int i = 0; i < 2 * ENTRIES; i++)
		assert_int_equal(cq_post(g->dev, queue(g), &plain), 0);
	assert_false(queue(g)->error);
}

static void queue__freed(void **state)
{
	struct guest *g = *state;
	struct guest_queue another;
	uint32_t refs = queue(g)->eq->object.refs;
	struct eq *eq = queue(g)->eq;
	struct cq *cq;

	guest_cq(g, &another);
	assert_int_equal(eq->object.refs, refs + 1);
	cq = cq_get(g->dev, another.number);
	cq->max_count = 2;
	cq->period_us = 60000000;
	cq->arm = CQ_ARMED;
	assert_int_equal(cq_post(g->dev, cq, &plain), 0);
	assert_int_not_equal(device_deadline(g->dev), UINT64_MAX);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_CQ, destroy_cq_in_cqn,
				      another.number),
			 STATUS_OK);
	assert_int_equal(eq->object.refs, refs);
	assert_int_equal(device_deadline(g->dev), UINT64_MAX);
	assert_null(cq_get(g->dev, another.number));
	cqs_free(g->dev);
	assert_int_equal(eq->object.refs, 0);
	assert_int_equal(g->dev->cqs.count, 0);
	assert_int_equal(g->dev->cqs.size, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entry__success),
		TEST(entry__error),
		TEST(entry__owner),
		TEST(entry__of_128_bytes),
		TEST(room__counter_goes_round),
		TEST(room__record_out_of_reach),
		TEST(room__record_read_only),
		TEST(room__ring_out_of_reach),
		TEST(room__overrun_ignored),
		TEST(queue__freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
