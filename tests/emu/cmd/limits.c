// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* limits.c - what is refused, or replaced, leaves no memory behind */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"

#include <malloc.h>

#define LIMIT 64 /* a table is not smaller */
#define INPUT (272 + 16)

/* Small ones, each with a buffer of its own */
static void build(const struct guest *g, uint16_t opcode, uint8_t in[INPUT])
{
	uint8_t *c = block(in, create_qp_in_qpc);

	store_be32(in, (uint32_t)opcode << 16);
	store_be64(in + 272, GUEST_BASE);
	switch (opcode) {
	case COMMAND_CREATE_CQ:
		field_set(block(in, create_cq_in_cq_context), cqc_c_eqn_or_apu_element,
			  g->events.number);
		break;
	case COMMAND_CREATE_QP:
		field_set(c, qpc_cqn_snd, g->cq.number);
		field_set(c, qpc_cqn_rcv, g->cq.number);
		break;
	case COMMAND_CREATE_MKEY:
		field_set(block(in, create_mkey_in_memory_key_mkey_entry),
			  mkc_translations_octword_size, 4);
		break;
	default:
		break;
	}
}

static void refuse(struct guest *g, const uint8_t in[INPUT], unsigned int times)
{
	while (times--)
		assert_int_equal(guest_command(g, in, INPUT, NULL, 16), STATUS_LIMIT);
}

/*
 * What is allocated does not grow, once the first refusals have filled malloc()'s caches.
 */
static void object__one_too_many(void **state)
{
	struct guest *g = *state;
	struct device *dev = g->dev;
	const struct {
		struct objects *table;
		uint16_t opcode;
	} rows[] = {
		{ &dev->cqs, COMMAND_CREATE_CQ },
		{ &dev->qps, COMMAND_CREATE_QP },
		{ &dev->srqs, COMMAND_CREATE_RMP },
		{ &dev->mkeys, COMMAND_CREATE_MKEY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t in[INPUT] = { 0 };
		size_t before;

		build(g, rows[i].opcode, in);
		rows[i].table->limit = LIMIT;
		while (rows[i].table->count < LIMIT)
			assert_int_equal(guest_command(g, in, sizeof(in), NULL, 16),
					 STATUS_OK);
		refuse(g, in, 100);
		before = mallinfo2().uordblks;
		refuse(g, in, 100);
		assert_true(mallinfo2().uordblks <= before);
	}
}

/* Resizes the queue, of which nothing is left to take; @status is what comes of it. */
static void resize(struct guest *g, enum command_status status, unsigned int times)
{
	uint8_t in[INPUT] = { 0 };

	store_be32(in, COMMAND_MODIFY_CQ << 16);
	store_be32(in + 4, 1);
	field_set(in, modify_cq_in_cqn, g->cq.number);
	store_be64(block(in, modify_cq_in_pas), g->cq.ring);
	while (times--) {
		store_be32(guest_at(g, g->cq.record),
			   cq_get(g->dev, g->cq.number)->producer);
		assert_int_equal(guest_command(g, in, sizeof(in), NULL, 8), status);
	}
}

/* Of two buffers, one is given back: the old one, or the new one of a queue in error. */
static void cq__resized_often(void **state)
{
	struct guest *g = *state;
	size_t before;

	resize(g, STATUS_OK, 100);
	before = mallinfo2().uordblks;
	resize(g, STATUS_OK, 100);
	assert_true(mallinfo2().uordblks <= before);
	cq_get(g->dev, g->cq.number)->error = true;
	resize(g, STATUS_BAD_RESOURCE_STATE, 100);
	assert_true(mallinfo2().uordblks <= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(object__one_too_many),
		GUEST_TEST(cq__resized_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
