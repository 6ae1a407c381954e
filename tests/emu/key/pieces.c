// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * pieces.c - lists of pieces that repeat: which of them an address leads to, and how far
 */
#include "cmocka_all.h"
#include "mkeys.h"

#include <errno.h>

#define AT    0x200000ull /* in the guest's memory */
#define PIECE 24u

static uint32_t leaf; /* physical, all of the guest's memory */

static int begin(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);

	leaf = mkeys_leaf(g);
	*state = g;
	return 0;
}

static int end(void **state)
{
	guest_free(*state);
	return 0;
}

/* Two pieces of PIECE and 8 bytes, three rounds of them, each at its stride */
static uint32_t pieces(struct guest *g)
{
	uint32_t key = mkeys_list(g, 3);
	uint8_t *head = mkeys_get(g, key)->translations, *piece = head + MKEY_OCTOWORD;

	field_set(head, repeat_block_byte_count, PIECE + 8);
	field_set(head, repeat_block_op, 0x400);
	field_set(head, repeat_block_repeat_count, 3);
	field_set(head, repeat_block_num_ent, 2);
	for (unsigned int i = 0; i < 3; i++, piece += MKEY_OCTOWORD) {
		field_set(piece, repeat_ent_stride, i ? 0x200 : 0x100);
		field_set(piece, repeat_ent_byte_count, i ? 8 : PIECE);
		field_set(piece, repeat_ent_memkey, leaf);
		field_set(piece, repeat_ent_va, AT + i * 0x1000);
	}
	return key;
}

static void pieces__round_after_round(void **state)
{
	struct guest *g = *state;
	uint64_t second = MKEYS_START + PIECE + 8, third = second + PIECE + 8;
	uint32_t key = pieces(g);

	mkeys_lead_to(g, key, MKEYS_START, 100, AT, PIECE);
	mkeys_lead_to(g, key, MKEYS_START + PIECE - 1, 100, AT + PIECE - 1, 1);
	mkeys_lead_to(g, key, MKEYS_START + PIECE, 100, AT + 0x1000, 8);
	mkeys_lead_to(g, key, second + 3, 2, AT + 0x103, 2);
	mkeys_lead_to(g, key, second + PIECE + 3, 100, AT + 0x1203, 5);
	mkeys_lead_to(g, key, third, 100, AT + 0x200, PIECE);
	mkeys_lead_to(g, key, third + PIECE + 7, 100, AT + 0x1407, 1);
	assert_int_equal(mkeys_read(g, key, third + PIECE + 8, 1).ret, -EACCES);
	/* by the injection, all rounds but the first follow each other */
	assert_int_equal(
		rules_on(&g->dev->inject, injection_table.rows[INJECT_STRIDE].name), 0);
	mkeys_lead_to(g, key, MKEYS_START + 1, 2, AT + 1, 2);
	mkeys_lead_to(g, key, third + 1, 2, AT + 2 * PIECE + 1, 2);
	assert_int_equal(g->dev->inject.rules[INJECT_STRIDE].occasions, 1);
}

/* What the head says but the list does not hold is refused. */
static void pieces__head_wrong(void **state)
{
	struct guest *g = *state;
	uint32_t key = pieces(g);
	uint8_t *head = mkeys_get(g, key)->translations;

	field_set(head, repeat_block_byte_count, PIECE + 9);
	assert_int_equal(mkeys_read(g, key, MKEYS_START + PIECE + 8, 1).ret, -EACCES);
	field_set(head, repeat_block_num_ent, 3); /* the list has two */
	assert_int_equal(mkeys_read(g, key, MKEYS_START + PIECE + 8, 1).ret, -EACCES);
	field_set(head, repeat_block_num_ent, 1);
	assert_int_equal(mkeys_read(g, key, MKEYS_START + PIECE, 1).ret, -EACCES);
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 1).ret, 0);
	field_set(head, repeat_block_byte_count, 0);
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 1).ret, -EACCES);
}

/* The children of a list of pieces are checked as those of any list. */
static void pieces__child_refused(void **state)
{
	struct guest *g = *state;
	uint32_t key = pieces(g);

	mkeys_get(g, leaf)->pd = DOMAIN + 1;
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 1).ret, -EACCES);
	mkeys_child(g, key, 0, leaf, 0, PIECE); /* a list that does not repeat */
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 1).ret, -EACCES);
}

/*
 * A list of pieces is one of the four keys that may lie between an address and its pages.
 */
static void pieces__depth(void **state)
{
	struct guest *g = *state;
	uint32_t key = pieces(g);

	for (unsigned int i = 0; i < 3; i++) {
		uint32_t child = mkeys_list(g, 1);

		mkeys_child(g, child, 0, leaf, 0, 0);
		mkeys_get(g, child)->start = 0;
		leaf = child;
	}
	field_set(mkeys_get(g, key)->translations + MKEY_OCTOWORD, repeat_ent_memkey,
		  leaf);
	mkeys_lead_to(g, key, MKEYS_START, 100, AT, PIECE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pieces__round_after_round),
		TEST(pieces__head_wrong),
		TEST(pieces__child_refused),
		TEST(pieces__depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
