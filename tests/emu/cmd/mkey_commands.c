// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mkey_commands.c - memory keys: what they may hold, and what a query shows of it */
#include "cmocka_all.h"

#include "base/util.h"
#include "guest.h"

#include <string.h>

#define LIST \
	272u	 /* where translations begin, in a command's input and a query's output */
#define UNIT 16u /* bytes of an octoword */
#define MOST (16ull << 30) /* bytes of all keys' translations */

/* A key of that mode and size, of which @given octowords come in a list of @listed */
struct shape {
	unsigned int mode;
	uint32_t octowords, given, listed;
};

static enum command_status create(struct guest *g, struct shape s, uint8_t *in,
				  uint32_t *number)
{
	uint8_t out[16], *c = block(in, create_mkey_in_memory_key_mkey_entry);
	enum command_status status;

	store_be32(in, COMMAND_CREATE_MKEY << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, s.given);
	field_set(c, mkc_translations_octword_size, s.octowords);
	field_set(c, mkc_access_mode_1_0, s.mode & 3);
	field_set(c, mkc_access_mode_4_2, s.mode >> 2);
	status = guest_command(g, in, LIST + s.listed * UNIT, out, sizeof(out));
	*number = (uint32_t)field_get(out, create_mkey_out_mkey_index);
	return status;
}

static enum command_status query(struct guest *g, uint32_t number, uint8_t *out,
				 uint32_t len)
{
	uint8_t in[16] = { 0 };

	store_be32(in, COMMAND_QUERY_MKEY << 16);
	field_set(in, query_mkey_in_mkey_index, number);
	return guest_command(g, in, sizeof(in), out, len);
}

/* The context as it was given, and as many translations as the answer has room for */
static void query__translations(void **state)
{
	struct guest *g = *state;
	uint8_t in[LIST + 4 * UNIT] = { 0 }, out[LIST + 8 * UNIT],
			      zeros[5 * UNIT] = { 0 };
	uint32_t number, all[2];

	memset(block(in, create_mkey_in_memory_key_mkey_entry), 0x5a, MKEY_CONTEXT);
	memset(in + LIST, 0x33, 4 * UNIT);
	assert_int_equal(create(g, (struct shape){ MKEY_MTT, 4, 3, 4 }, in, &number),
			 STATUS_OK);
	assert_int_equal(query(g, number, out, sizeof(out)), STATUS_OK);
	assert_memory_equal(const_block(out, query_mkey_out_memory_key_mkey_entry),
			    const_block(in, create_mkey_in_memory_key_mkey_entry),
			    MKEY_CONTEXT);
	assert_memory_equal(out + LIST, in + LIST, 3 * UNIT);
	assert_memory_equal(out + LIST + 3 * UNIT, zeros, 5 * UNIT);
	memset(out, 0, sizeof(out));
	assert_int_equal(query(g, number, out, LIST + UNIT), STATUS_OK);
	assert_memory_equal(out + LIST, in + LIST, UNIT);
	assert_int_equal(query(g, number, out, 80), STATUS_OK);
	assert_int_equal(query(g, 0xfffff0, out, sizeof(out)), STATUS_BAD_RESOURCE);
	/* after a longer answer, without translations of its own */
	assert_int_equal(create(g, (struct shape){ MKEY_PHYSICAL, 0, 0, 0 }, in, &all[0]),
			 STATUS_OK);
	assert_int_equal(query(g, all[0], out, sizeof(out)), STATUS_OK);
	assert_memory_equal(out + LIST, zeros, sizeof(zeros));
}

/* Entries come in units of 64 bytes; what is given must be there, and find room. */
static void create__shapes(void **state)
{
	static const struct {
		struct shape shape;
		enum command_status status;
	} rows[] = {
		{ { MKEY_MTT, 1, 4, 4 }, STATUS_OK },
		{ { MKEY_MTT, 1, 5, 5 }, STATUS_BAD_PARAM },
		{ { MKEY_MTT, 4, 4, 3 }, STATUS_BAD_PARAM },
		{ { MKEY_MTT, 5, 8, 8 }, STATUS_OK },
		{ { MKEY_KSM, 4, 4, 4 }, STATUS_OK },
		{ { MKEY_KSM + 1, 4, 4, 4 }, STATUS_BAD_PARAM },
		{ { MKEY_KLM, 1 << 16, 0, 0 }, STATUS_OK },
		{ { MKEY_KLM, (1 << 16) + 1, 0, 0 }, STATUS_LIMIT },
		{ { MKEY_KSM, (1 << 16) + 1, 0, 0 }, STATUS_OK },
		{ { MKEY_MTT, (1 << 24) + 1, 0, 0 }, STATUS_LIMIT },
		{ { MKEY_MTT, UINT32_MAX, 0, 0 }, STATUS_LIMIT },
	};
	struct guest *g = *state;
	uint32_t number;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t in[LIST + 8 * UNIT] = { 0 };

		assert_int_equal(create(g, rows[i].shape, in, &number), rows[i].status);
	}
}

/* What all keys hold is counted, limited, and given back. */
static void create__all_keys_together(void **state)
{
	struct guest *g = *state;
	uint8_t in[LIST] = { 0 };
	const struct shape four = { MKEY_MTT, 4, 0, 0 }, five = { MKEY_MTT, 5, 0, 0 };
	uint32_t number;

	assert_int_equal(g->dev->translations, 0);
	assert_int_equal(create(g, five, in, &number), STATUS_OK);
	assert_int_equal(g->dev->translations, 8 * UNIT);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_MKEY, destroy_mkey_in_mkey_index,
				      number),
			 STATUS_OK);
	assert_int_equal(g->dev->translations, 0);
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_MKEY, destroy_mkey_in_mkey_index,
				      number),
			 STATUS_BAD_RESOURCE);
	g->dev->translations = MOST - 4 * UNIT;
	assert_int_equal(create(g, five, in, &number), STATUS_LIMIT);
	assert_int_equal(create(g, four, in, &number), STATUS_OK);
	assert_int_equal(g->dev->translations, MOST);
	assert_int_equal(create(g, four, in, &number), STATUS_LIMIT);
	g->dev->translations = 4 * UNIT;
}

/* The most that one key may hold: 16 Mi octowords, of which none is touched here */
static void create__largest(void **state)
{
	struct guest *g = *state;
	uint8_t in[LIST] = { 0 };
	uint32_t number;

	assert_int_equal(create(g, (struct shape){ MKEY_MTT, 1 << 24, 0, 0 }, in,
				&number),
			 STATUS_OK);
	assert_int_equal(g->dev->translations, (uint64_t)UNIT << 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GUEST_TEST(query__translations),
		GUEST_TEST(create__shapes),
		GUEST_TEST(create__all_keys_together),
		GUEST_TEST(create__largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
