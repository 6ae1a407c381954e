// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* walk.c - keys that refer to others: which of them an address leads to, and how far */
#include "cmocka_all.h"
#include "mkeys.h"
#include "transfer/transfer.h"

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

static void list__entry_after_entry(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_list(g, 2);

	mkeys_child(g, key, 0, leaf, AT + 0x1000, PIECE);
	mkeys_child(g, key, 1, leaf, AT, 8);
	mkeys_child(g, key, 2, leaf, AT, 8);
	mkeys_lead_to(g, key, MKEYS_START, 100, AT + 0x1000, PIECE);
	mkeys_lead_to(g, key, MKEYS_START + 4, 100, AT + 0x1004, PIECE - 4);
	mkeys_lead_to(g, key, MKEYS_START + PIECE - 1, 1, AT + 0x1000 + PIECE - 1, 1);
	mkeys_lead_to(g, key, MKEYS_START + PIECE, 100, AT, 8);
	mkeys_lead_to(g, key, MKEYS_START + PIECE + 3, 2, AT + 3, 2);
	assert_int_equal(mkeys_read(g, key, MKEYS_START + PIECE + 8, 1).ret, -EACCES);
	assert_int_equal(mkeys_read(g, mkeys_list(g, 0), MKEYS_START, 1).ret, -EACCES);
}

/* A length of 0 stands for 2 GiB. */
static void list__entry_of_2_gib(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_list(g, 2);

	mkeys_child(g, key, 0, leaf, AT - 0x7ffffff0, 0);
	mkeys_child(g, key, 1, leaf, AT, 8);
	mkeys_lead_to(g, key, MKEYS_START + 0x7ffffff0, 100, AT, 16);
	mkeys_lead_to(g, key, MKEYS_START + 0x80000000, 100, AT, 8);
}

/* A user's list may name keys of its own domain with the local right that it needs. */
static void list__rights(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_list(g, 1);
	struct mkey *child = mkeys_get(g, leaf);

	mkeys_child(g, key, 0, leaf, AT, 8);
	child->rights = RIGHT_LOCAL_READ;
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 8).ret, 0);
	assert_int_equal(mkeys_write(g, key, MKEYS_START, 8).ret, -EACCES);
	child->rights = RIGHT_LOCAL_WRITE;
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 8).ret, -EACCES);
	assert_int_equal(mkeys_write(g, key, MKEYS_START, 8).ret, 0);
	child->pd = DOMAIN + 1;
	assert_int_equal(mkeys_write(g, key, MKEYS_START, 8).ret, -EACCES);
	/* the domain of the key itself was for mkey_check() to judge */
	child->pd = DOMAIN;
	mkeys_get(g, key)->pd = DOMAIN + 1;
	assert_int_equal(mkeys_write(g, key, MKEYS_START, 8).ret, 0);
}

/* Free keys, and what lies outside of a key's bounds, cannot be reached by a list. */
static void list__child_refused(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_list(g, 1);
	struct mkey *child = mkeys_get(g, leaf);

	child->whole = false;
	child->start = AT;
	child->len = 8;
	mkeys_child(g, key, 0, leaf, AT, 9);
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 8).ret, 0);
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 9).ret, -EACCES);
	assert_int_equal(mkeys_read(g, key, MKEYS_START + 1, 8).ret, -EACCES);
	mkeys_child(g, key, 0, leaf, AT - 1, 8);
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 1).ret, -EACCES);
	assert_int_equal(mkeys_read(g, key, MKEYS_START + 1, 1).ret, 0);
	child->free = true;
	assert_int_equal(mkeys_read(g, key, MKEYS_START + 1, 1).ret, -EACCES);
	mkeys_child(g, key, 0, leaf ^ 1, AT, 8);
	assert_int_equal(mkeys_read(g, key, MKEYS_START, 1).ret, -EACCES);
}

/* The null key in a list is zeros, in the table of an implicit region a fault. */
static void null__in_list_and_table(void **state)
{
	struct guest *g = *state;
	uint32_t list = mkeys_list(g, 1);
	uint32_t table = mkeys_add(g, (struct mkey){ .mode = MKEY_KSM,
						     .page_shift = 30,
						     .whole = true,
						     .octowords = 1 });
	struct mkeys_place place;

	mkeys_child(g, list, 0, KEY_NULL, 0, 100);
	place = mkeys_read(g, list, MKEYS_START, 200);
	assert_int_equal(place.ret, 0);
	assert_int_equal(place.span.len, 100);
	mkeys_child(g, table, 0, KEY_NULL, 0x5000, 0);
	place = mkeys_read(g, table, 0x123, 200);
	assert_int_equal(place.ret, -EAGAIN);
	assert_int_equal(place.missing.mkey, KEY_NULL);
	assert_int_equal(place.missing.va, 0x5123);
	assert_int_equal(place.missing.bytes, 200);
}

/* Entries of one size; the domain and the rights of what they name do not count. */
static void table__entries_of_one_size(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_KSM,
						   .page_shift = 13,
						   .start = MKEYS_START + 0x40,
						   .len = 1ull << 40,
						   .octowords = 2 });

	for (unsigned int i = 0; i < 3; i++)
		mkeys_child(g, key, i, leaf, AT + i * 0x10000, 0);
	mkeys_get(g, leaf)->pd = DOMAIN + 1;
	mkeys_get(g, leaf)->rights = 0;
	mkeys_lead_to(g, key, MKEYS_START + 0x40, 0x10000, AT, 0x2000);
	mkeys_lead_to(g, key, MKEYS_START + 0x50, 0x10000, AT + 0x10, 0x1ff0);
	mkeys_lead_to(g, key, MKEYS_START + 0x2040, 8, AT + 0x10000, 8);
	mkeys_lead_to(g, key, MKEYS_START + 0x403f, 8, AT + 0x11fff, 1);
	assert_int_equal(mkeys_read(g, key, MKEYS_START + 0x4040, 1).ret, -EACCES);
	mkeys_get(g, key)->whole = true; /* addresses count from 0 */
	mkeys_lead_to(g, key, 0x2001, 8, AT + 0x10001, 8);
}

/* By the injection, a table's entries lead 1 GiB further. */
static void table__child_misplaced(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_KSM,
						   .page_shift = 30,
						   .whole = true,
						   .octowords = 1 });

	mkeys_child(g, key, 0, leaf, AT - (1ull << 30), 0);
	assert_int_equal(mkeys_read(g, key, 8, 8).ret, -EACCES);
	assert_int_equal(
		rules_on(&g->dev->inject, injection_table.rows[INJECT_CHILD].name), 0);
	mkeys_lead_to(g, key, 8, 8, AT + 8, 8);
}

/* By the injection, what lies beyond a child's border is looked for in that child. */
static void table__border(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_KSM,
						   .page_shift = 13,
						   .whole = true,
						   .octowords = 2 });

	for (unsigned int i = 0; i < 2; i++)
		mkeys_child(g, key, i, leaf, AT + i * 0x10000, 0);
	for (unsigned int on = 0; on < 2; on++) {
		const struct sge sges[2] = { { .addr = 0x1ff8, .len = 16, .key = key },
					     { .addr = 0x2000, .len = 8, .key = key } };
		struct side side = { .sges = sges, .n = 2, .access.pd = DOMAIN };
		const uint64_t places[] = { AT + 0x1ff8, on ? AT : AT + 0x10000,
					    AT + 0x10000 };

		if (on)
			assert_int_equal(rules_on(&g->dev->inject, "child-border"), 0);
		for (unsigned int i = 0; i < 3; i++) {
			struct missing missing;
			struct span span;

			assert_int_equal(side_locate(g->dev, &side, 8, &span, &missing),
					 0);
			assert_ptr_equal(span.host, guest_at(g, places[i]));
			side_advance(&side, 8);
		}
	}
}

/* By the injection, a list's first two entries are exchanged, if there are two. */
static void list__swapped(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_list(g, 4), two = mkeys_list(g, 2), one = mkeys_list(g, 1);

	for (unsigned int i = 0; i < 3; i++)
		mkeys_child(g, key, i, leaf, AT + i * 0x1000, 8);
	for (unsigned int i = 0; i < 2; i++) {
		mkeys_child(g, two, i, leaf, AT + i * 0x1000, 8);
		mkeys_child(g, one, i, leaf, AT + i * 0x1000, 8);
	}
	assert_int_equal(rules_on(&g->dev->inject,
				  injection_table.rows[INJECT_LIST_ORDER].name),
			 0);
	mkeys_lead_to(g, key, MKEYS_START, 8, AT + 0x1000, 8);
	mkeys_lead_to(g, key, MKEYS_START + 8, 8, AT, 8);
	mkeys_lead_to(g, key, MKEYS_START + 16, 8, AT + 0x2000, 8);
	assert_int_equal(g->dev->inject.rules[INJECT_LIST_ORDER].occasions, 3);
	mkeys_lead_to(g, one, MKEYS_START, 8, AT, 8);
	mkeys_lead_to(g, two, MKEYS_START, 8, AT + 0x1000, 8);
	/* one that only was rounded up */
	mkeys_child(g, key, 1, 0, 0, 0);
	mkeys_lead_to(g, key, MKEYS_START, 8, AT, 8);
	assert_int_equal(g->dev->inject.rules[INJECT_LIST_ORDER].occasions, 4);
}

/* Four keys may lie between an address and its pages, by lists and by tables alike. */
static void walk__depth(void **state)
{
	struct guest *g = *state;

	for (enum mkey_mode mode = MKEY_KLM; mode <= MKEY_KSM; mode++) {
		uint32_t key = leaf;

		for (unsigned int i = 0; i < 5; i++) {
			uint32_t parent =
				mkeys_add(g, (struct mkey){ .mode = mode,
							    .page_shift = 30,
							    .whole = true,
							    .rights = RIGHT_LOCAL_READ,
							    .octowords = 1 });

			if (i)
				mkeys_lead_to(g, key, AT, 8, AT, 8);
			mkeys_child(g, parent, 0, key, 0, 1u << 30);
			key = parent;
		}
		assert_int_equal(mkeys_read(g, key, AT, 8).ret, -EACCES);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(list__entry_after_entry),
		TEST(list__entry_of_2_gib),
		TEST(list__rights),
		TEST(list__child_refused),
		TEST(null__in_list_and_table),
		TEST(table__entries_of_one_size),
		TEST(table__child_misplaced),
		TEST(table__border),
		TEST(list__swapped),
		TEST(walk__depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
