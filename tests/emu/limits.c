// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* limits.c - objects of which there are as many as there may be: one more leaves nothing */
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

/* What is allocated does not grow, once the first refusals have filled malloc()'s caches. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(object__one_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
