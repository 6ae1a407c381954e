// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * cq_commands.c - completion queues: what create, modify and resize take, what a query
 * shows
 */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAS	  272	      /* where the page list of a command begins */
#define PAGES_MAX 2	      /* in it */
#define READ_ONLY 0x80000000u /* address of a window that the device may only read */
#define RESIZE	  1	      /* op_mod of MODIFY_CQ */

/*
 * What CREATE_CQ and a resize are given: entries of 64 or 128 bytes, pages of 4 KiB <<
 * log_page
 */
struct layout {
	unsigned int log_size, entries_of_128, log_page, offset, pages;
};

static uint32_t build(struct guest *g, uint8_t *in, uint16_t opcode, struct layout l)
{
	uint8_t *c = block(in, create_cq_in_cq_context);

	memset(in, 0, PAS + 8 * PAGES_MAX);
	store_be32(in, (uint32_t)opcode << 16);
	field_set(c, cqc_log_cq_size, l.log_size);
	field_set(c, cqc_cqe_sz, l.entries_of_128);
	field_set(c, cqc_log_page_size, l.log_page);
	field_set(c, cqc_page_offset, l.offset);
	for (unsigned int i = 0; i < l.pages; i++)
		store_be64(in + PAS + 8 * i, g->cq.ring + i * PAGE);
	return PAS + 8 * l.pages;
}

static enum command_status create(struct guest *g, struct layout l, uint32_t eqn,
				  uint32_t *cqn)
{
	uint8_t in[PAS + 8 * PAGES_MAX], out[16];
	uint32_t len = build(g, in, COMMAND_CREATE_CQ, l);
	enum command_status status;

	field_set(block(in, create_cq_in_cq_context), cqc_c_eqn_or_apu_element, eqn);
	status = guest_command(g, in, len, out, sizeof(out));
	*cqn = (uint32_t)field_get(out, create_cq_out_cqn);
	return status;
}

static enum command_status resize(struct guest *g, struct layout l)
{
	uint8_t in[PAS + 8 * PAGES_MAX];
	uint32_t len = build(g, in, COMMAND_MODIFY_CQ, l);

	store_be32(in + 4, RESIZE);
	field_set(in, modify_cq_in_cqn, g->cq.number);
	return guest_command(g, in, len, NULL, 8);
}

static enum command_status query(struct guest *g, uint32_t cqn, uint8_t context[64])
{
	uint8_t in[16] = { 0 }, out[PAS];
	enum command_status status;

	store_be32(in, COMMAND_QUERY_CQ << 16);
	field_set(in, query_cq_in_cqn, cqn);
	status = guest_command(g, in, sizeof(in), out, sizeof(out));
	memcpy(context, const_block(out, query_cq_out_cq_context), 64);
	return status;
}

static struct cq *queue(struct guest *g)
{
	return cq_get(g->dev, g->cq.number);
}

/* A page that the device may only read, whose first word is @value */
static void map_read_only(struct guest *g, uint32_t value)
{
	int fd = memfd_create("record", MFD_CLOEXEC);
	uint8_t word[4];

	store_be32(word, value);
	assert_int_equal(ftruncate(fd, PAGE), 0);
	assert_int_equal(pwrite(fd, word, sizeof(word), 0), sizeof(word));
	assert_int_equal(dma_map(&g->dev->dma, READ_ONLY, PAGE, fd, 0, false), 0);
	close(fd);
}

/* What the driver gave, and the state (PRM, "CQ Context": fired, armed, solicited) */
static void query__context_and_state(void **state)
{
	static const struct {
		enum cq_arm arm;
		unsigned int st;
	} rows[] = { { CQ_NOT_ARMED, 0xa },
		     { CQ_ARMED_SOLICITED, 0x6 },
		     { CQ_ARMED, 0x9 } };
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], expected[64], c[64];

	build(g, in, COMMAND_CREATE_CQ, (struct layout){ QUEUE_LOG, 0, 0, 0, 1 });
	memcpy(expected, const_block(in, create_cq_in_cq_context), 64);
	field_set(expected, cqc_c_eqn_or_apu_element, g->events.number);
	field_set(expected, cqc_dbr_addr, g->cq.record);
	field_set(expected, cqc_producer_counter, 0x123456);
	field_set(expected, cqc_consumer_counter, 0x654321);
	queue(g)->producer = 0x123456;
	store_be32(guest_at(g, g->cq.record), 0x654321);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		queue(g)->arm = rows[i].arm;
		field_set(expected, cqc_st, rows[i].st);
		assert_int_equal(query(g, g->cq.number, c), STATUS_OK);
		assert_memory_equal(c, expected, 64);
	}
	queue(g)->error = true;
	field_set(expected, cqc_status, 0x9); /* overflow */
	assert_int_equal(query(g, g->cq.number, c), STATUS_OK);
	assert_memory_equal(c, expected, 64);
	assert_int_equal(query(g, 0xfffff0, c), STATUS_BAD_RESOURCE);
}

/* The record is only read; where it cannot be, nothing has been taken. */
static void query__record(void **state)
{
	struct guest *g = *state;
	uint8_t c[64];

	map_read_only(g, 5);
	queue(g)->doorbell = READ_ONLY;
	assert_int_equal(query(g, g->cq.number, c), STATUS_OK);
	assert_int_equal(field_get(c, cqc_consumer_counter), 5);
	queue(g)->doorbell = 0;
	assert_int_equal(query(g, g->cq.number, c), STATUS_OK);
	assert_int_equal(field_get(c, cqc_consumer_counter), 0);
}

/* As many pages as the entries need, and no more than log_max_cq_sz allows */
static const struct {
	struct layout layout;
	enum command_status status;
} layouts[] = {
	{ { 6, 0, 0, 0, 1 }, STATUS_OK },
	{ { 7, 0, 0, 0, 1 }, STATUS_BAD_PARAM },
	{ { 7, 0, 0, 0, 2 }, STATUS_OK },
	{ { 5, 1, 0, 0, 1 }, STATUS_OK },
	{ { 6, 1, 0, 0, 1 }, STATUS_BAD_PARAM },
	{ { 6, 1, 0, 0, 2 }, STATUS_OK },
	{ { 6, 0, 0, 1, 1 }, STATUS_BAD_PARAM },
	{ { 6, 0, 0, 1, 2 }, STATUS_OK },
	{ { 7, 0, 1, 0, 1 }, STATUS_OK },
	{ { 22, 0, 16, 0, 1 }, STATUS_OK },
	{ { 23, 0, 17, 0, 1 }, STATUS_BAD_PARAM },
};

static void create__layouts(void **state)
{
	struct guest *g = *state;
	uint32_t cqn;

	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		struct layout l = layouts[i].layout;

		assert_int_equal(create(g, l, g->events.number, &cqn), layouts[i].status);
		if (layouts[i].status == STATUS_OK) {
			struct cq *cq = cq_get(g->dev, cqn);

			assert_int_equal(cq->log_size, l.log_size);
			assert_int_equal(cq->entry_bytes, l.entries_of_128 ? 128 : 64);
			assert_int_equal(cq->ring.bytes,
					 (uint64_t)cq->entry_bytes << l.log_size);
		}
	}
	assert_int_equal(create(g, layouts[0].layout, 0x77, &cqn), STATUS_BAD_RESOURCE);
}

/* The context then describes the new buffer, and nothing else has changed. */
static void resize__layouts(void **state)
{
	struct guest *g = *state;
	uint8_t expected[64], c[64];

	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		struct layout l = layouts[i].layout;

		store_be32(guest_at(g, g->cq.record), queue(g)->producer);
		assert_int_equal(query(g, g->cq.number, expected), STATUS_OK);
		assert_int_equal(resize(g, l), layouts[i].status);
		if (layouts[i].status == STATUS_OK) {
			field_set(expected, cqc_log_cq_size, l.log_size);
			field_set(expected, cqc_cqe_sz, l.entries_of_128);
			field_set(expected, cqc_log_page_size, l.log_page);
			field_set(expected, cqc_page_offset, l.offset);
			assert_int_equal(queue(g)->log_size, l.log_size);
			assert_int_equal(queue(g)->entry_bytes,
					 l.entries_of_128 ? 128 : 64);
		}
		field_set(expected, cqc_producer_counter, queue(g)->producer);
		assert_int_equal(query(g, g->cq.number, c), STATUS_OK);
		assert_memory_equal(c, expected, 64);
	}
}

/* What the driver has not taken must fit, and one entry more. Counters have 24 bits. */
static void resize__what_is_not_taken(void **state)
{
	static const struct {
		uint32_t producer, record;
		unsigned int log_size;
		enum command_status status;
	} rows[] = {
		{ 3, 0, 1, STATUS_BAD_PARAM },	      { 3, 0, 2, STATUS_OK },
		{ 4, 0, 2, STATUS_BAD_PARAM },	      { 3, 3, 0, STATUS_OK },
		{ 0x1000002, 0, 2, STATUS_OK },	      { 2, 0xffffff, 2, STATUS_OK },
		{ 3, 0xffffff, 2, STATUS_BAD_PARAM },
	};
	struct guest *g = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct layout l = { rows[i].log_size, 0, 0, 0, 1 };

		assert_int_equal(resize(g, (struct layout){ QUEUE_LOG, 0, 0, 0, 1 }),
				 STATUS_OK);
		queue(g)->producer = rows[i].producer;
		store_be32(guest_at(g, g->cq.record), rows[i].record);
		assert_int_equal(resize(g, l), rows[i].status);
		assert_int_equal(queue(g)->producer,
				 rows[i].producer + (rows[i].status == STATUS_OK));
		store_be32(guest_at(g, g->cq.record), queue(g)->producer);
	}
	map_read_only(g, queue(g)->producer);
	queue(g)->doorbell = READ_ONLY;
	assert_int_equal(resize(g, layouts[0].layout), STATUS_OK);
	queue(g)->doorbell = 0;
	assert_int_equal(resize(g, layouts[0].layout), STATUS_BAD_PARAM);
}

/*
 * A full queue has no room for the last entry: it overruns, and its queue pairs fail,
 * once.
 */
static void resize__of_a_full_queue(void **state)
{
	struct guest *g = *state;
	struct guest_pair pair = { .service = SERVICE_RC };
	const struct layout larger = { QUEUE_LOG + 1, 0, 0, 0, 2 };

	guest_connect(g, &pair);
	queue(g)->producer = 1u << QUEUE_LOG;
	store_be32(guest_at(g, g->cq.record), 0);
	assert_int_equal(resize(g, larger), STATUS_BAD_RESOURCE_STATE);
	assert_true(queue(g)->error);
	assert_int_equal(queue(g)->log_size, QUEUE_LOG);
	assert_int_equal(qp_get(g->dev, pair.a.number)->state, QP_ERROR);
	qp_get(g->dev, pair.a.number)->state = QP_RTS;
	assert_int_equal(resize(g, larger), STATUS_BAD_RESOURCE_STATE);
	assert_int_equal(qp_get(g->dev, pair.a.number)->state, QP_RTS);
}

/* Period, count and overrun are chosen by a bit each (MLX5_CQ_MODIFY_*). */
static void modify__by_bit(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS] = { 0 }, *given = block(in, modify_cq_in_cq_context), c[64];

	store_be32(in, COMMAND_MODIFY_CQ << 16);
	field_set(in, modify_cq_in_cqn, g->cq.number);
	field_set(given, cqc_cq_period, 0x21);
	field_set(given, cqc_cq_max_count, 0x22);
	field_set(given, cqc_oi, 1);
	for (uint32_t select = 0; select < 16; select++) {
		uint32_t taken = select < 8 ? select : 0;

		queue(g)->period_us = 0x11;
		queue(g)->max_count = 0x12;
		memset(queue(g)->context, 0, sizeof(queue(g)->context));
		store_be32(block(in,
				 modify_cq_in_modify_field_select_resize_field_select),
			   select);
		assert_int_equal(guest_command(g, in, sizeof(in), NULL, 8),
				 select < 8 ? STATUS_OK : STATUS_BAD_PARAM);
		assert_int_equal(queue(g)->period_us, taken & 1 ? 0x21 : 0x11);
		assert_int_equal(queue(g)->max_count, taken & 2 ? 0x22 : 0x12);
		assert_int_equal(query(g, g->cq.number, c), STATUS_OK);
		assert_int_equal(field_get(c, cqc_oi), !!(taken & 4));
		if (select >= 8)
			continue;
		assert_int_equal(field_get(c, cqc_cq_period), queue(g)->period_us);
		assert_int_equal(field_get(c, cqc_cq_max_count), queue(g)->max_count);
	}
	field_set(in, modify_cq_in_cqn, 0xfffff0);
	assert_int_equal(guest_command(g, in, sizeof(in), NULL, 8), STATUS_BAD_RESOURCE);
}

/* Moderation as it was when the queue was made */
static void create__moderation(void **state)
{
	struct guest *g = *state;
	uint8_t in[PAS + 8 * PAGES_MAX], out[16], *c = block(in, create_cq_in_cq_context);
	uint32_t len = build(g, in, COMMAND_CREATE_CQ, layouts[0].layout);
	struct cq *cq;

	field_set(c, cqc_c_eqn_or_apu_element, g->events.number);
	field_set(c, cqc_cq_period, 0x123);
	field_set(c, cqc_cq_max_count, 0x4567);
	field_set(c, cqc_dbr_addr, 0x123456789abc0);
	assert_int_equal(guest_command(g, in, len, out, sizeof(out)), STATUS_OK);
	cq = cq_get(g->dev, (uint32_t)field_get(out, create_cq_out_cqn));
	assert_int_equal(cq->period_us, 0x123);
	assert_int_equal(cq->max_count, 0x4567);
	assert_int_equal(cq->doorbell, 0x123456789abc0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(query__context_and_state),
		GUEST_TEST(query__record),
		GUEST_TEST(create__layouts),
		GUEST_TEST(create__moderation),
		GUEST_TEST(resize__layouts),
		GUEST_TEST(resize__what_is_not_taken),
		GUEST_TEST(resize__of_a_full_queue),
		GUEST_TEST(modify__by_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
