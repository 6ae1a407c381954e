// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bar.c - the initialisation segment, and writes that are no doorbells */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/util.h"
#include "guest.h"
#include "queue/eq.h"

#include <string.h>
#include <unistd.h>

#define SEGMENT 0x2000u
#define TIMER	0x1000u
#define HEALTH	0x1010u

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

static uint32_t read32(struct guest *g, uint64_t offset)
{
	uint8_t bytes[4];

	bar_read(g->dev, offset, bytes, sizeof(bytes));
	return load_be32(bytes);
}

static void write32(struct guest *g, uint64_t offset, uint32_t value)
{
	uint8_t bytes[4];

	store_be32(bytes, value);
	bar_write(g->dev, offset, bytes, sizeof(bytes));
}

static void segment__versions(void **state)
{
	struct guest *g = *state;
	uint8_t segment[64];

	bar_read(g->dev, 0, segment, sizeof(segment));
	assert_int_equal(field_get(segment, initial_seg_fw_rev_major), 35);
	assert_int_equal(field_get(segment, initial_seg_fw_rev_minor), 16);
	assert_int_equal(field_get(segment, initial_seg_fw_rev_subminor), 4000);
	assert_int_equal(field_get(segment, initial_seg_cmd_interface_rev), 5);
	assert_int_equal(field_get(segment, initial_seg_log_cmdq_size), 5);
	assert_int_equal(field_get(segment, initial_seg_log_cmdq_stride), 6);
}

/* The command queue's address: each half by itself, without its lowest bits */
static void segment__queue_address(void **state)
{
	struct guest *g = *state;
	uint8_t both[8];

	write32(g, 0x10, 0x12345678);
	write32(g, 0x14, 0x9abcdfff);
	assert_int_equal(read32(g, 0x10), 0x12345678);
	assert_int_equal(read32(g, 0x14) & ~0xfffu, 0x9abcd000);
	assert_int_equal(g->dev->commands.addr, 0x123456789abcd000);
	store_be64(both, 0x1111111122222000);
	bar_write(g->dev, 0x10, both, sizeof(both));
	assert_int_equal(g->dev->commands.addr, 0x1111111122222000);
	bar_write(g->dev, 0x10, both, 7); /* one word and a part of the next */
	write32(g, 0x11, 5);
	write32(g, 0x0, 5);
	write32(g, BAR_BYTES + 0x10, 5);
	assert_int_equal(g->dev->commands.addr, 0x1111111122222000);
}

static void segment__clocks(void **state)
{
	struct guest *g = *state;
	uint8_t bytes[8];
	uint64_t before, after;

	g->dev->born -= 3 * NSEC_PER_SEC;
	before = clock_ns() - g->dev->born;
	bar_read(g->dev, TIMER, bytes, sizeof(bytes));
	after = clock_ns() - g->dev->born;
	assert_in_range(load_be64(bytes), before, after);
	before = (clock_ns() - g->dev->born) / 10000000;
	assert_in_range(read32(g, HEALTH), before, before + 100);
	g->dev->born -= (1ull << 24) * 10000000; /* it has 24 bits */
	assert_in_range(read32(g, HEALTH), before, before + 100);
}

static void read__outside(void **state)
{
	struct guest *g = *state;
	uint8_t bytes[8];

	assert_int_equal(read32(g, SEGMENT), 0);
	assert_int_equal(read32(g, BAR_BYTES - 4), 0);
	assert_int_equal(read32(g, UINT64_MAX - 3), 0);
	memset(bytes, 0xee, sizeof(bytes));
	bar_read(g->dev, SEGMENT - 4, bytes, sizeof(bytes)); /* half of it outside */
	assert_int_equal(load_be64(bytes), 0);
	bar_read(g->dev, 3, bytes, 2); /* within words */
	assert_int_equal(bytes[0], 35);
}

/* A completion queue's doorbell needs both of its words. */
static void doorbell__too_short(void **state)
{
	struct guest *g = *state;
	struct cq *cq = (struct cq *)objects_get(&g->dev->cqs, g->cq.number);
	uint8_t bell[8];

	store_be32(bell, 0);
	store_be32(bell + 4, g->cq.number);
	cq->arm = CQ_NOT_ARMED;
	bar_write(g->dev, 0x10000 + 0x20, bell, 4);
	bar_write(g->dev, 0x10000 + 0x20, bell, 3);
	bar_write(g->dev, 0x10000 + 0x24, bell, 8);
	assert_int_equal(cq->arm, CQ_NOT_ARMED);
	bar_write(g->dev, 0x10000 + 0x20, bell, 8);
	assert_int_equal(cq->arm, CQ_ARMED);
	store_be32(bell, 1u << 24);
	bar_write(g->dev, SEGMENT + 0x20, bell, 8);
	assert_int_equal(cq->arm, CQ_ARMED_SOLICITED);
}

/* What the segment does not define is zero, whatever the stack held before. */
static void __attribute__((noinline)) soil_stack(void)
{
	volatile uint8_t bytes[4 * SEGMENT];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = 0xee;
}

static void segment__rest_is_zero(void **state)
{
	static const struct {
		uint32_t at, len;
	} defined[] = { { 0, 8 }, { 0x10, 8 }, { TIMER, 8 }, { HEALTH, 4 } };
	static uint8_t segment[SEGMENT], zeros[SEGMENT];
	struct guest *g = *state;

	soil_stack();
	bar_read(g->dev, 0, segment, sizeof(segment));
	for (size_t i = 0; i < ARRAY_SIZE(defined); i++)
		memset(segment + defined[i].at, 0, defined[i].len);
	assert_memory_equal(segment, zeros, sizeof(segment));
}

/* A counter of 24 bits, for the queue that the upper 8 name */
static void doorbell__of_an_event_queue(void **state)
{
	struct guest *g = *state;
	struct eq *eq = (struct eq *)objects_get(&g->dev->eqs, g->events.number);

	eq->armed = false;
	write32(g, 0x10048, g->events.number << 24 | 0x654321);
	assert_int_equal(eq->consumer, 0x654321);
	assert_false(eq->armed);
	eq->producer = 0xfedcba; /* nothing is left to interrupt for */
	write32(g, 0x10040, g->events.number << 24 | 0xfedcba);
	assert_int_equal(eq->consumer, 0xfedcba);
	assert_true(eq->armed);
}

/* A send doorbell is 8 bytes at one of its places in any page, and nowhere else. */
static void doorbell__of_a_send_queue(void **state)
{
	static const struct {
		uint64_t offset;
		size_t len;
		bool rings;
	} rows[] = {
		{ 0x10024, 8, false },
		{ 0x10020, 8, false },
		{ 0x11020, 8, false },
		{ 0x10800, 4, false },
		{ 0x107fc, 8, false },
		{ 0x10801, 8, false },
		{ BAR_BYTES + 0x800, 8, false },
		{ 0x10800, 8, true },
		{ 0x11a00, 8, true },
		{ BAR_BYTES - 8, 8, true },
	};
	struct guest *g = *state;
	struct guest_pair pair = { .service = SERVICE_RC };
	uint8_t bell[8] = { 0 };
	struct qp *qp;

	guest_connect(g, &pair);
	guest_run(g);
	qp = qp_get(g->dev, pair.a.number);
	store_be32(bell + 4, pair.a.number << 8);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bar_write(g->dev, rows[i].offset, bell, rows[i].len);
		assert_int_equal(qp->list == &g->dev->ready, rows[i].rings);
		guest_run(g);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(segment__versions),
		TEST(segment__queue_address),
		TEST(segment__clocks),
		TEST(read__outside),
		TEST(doorbell__too_short),
		TEST(segment__rest_is_zero),
		TEST(doorbell__of_an_event_queue),
		TEST(doorbell__of_a_send_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
