// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * translations.c - those of a memory key that a work request loads: from where, and to
 * where
 */
#include "cmocka_all.h"
#include "update_request.h"

#include "base/util.h"

#include <string.h>

static void translations__bounds(void **state)
{
	static const struct {
		uint8_t flags;
		uint64_t offset;
		uint32_t octowords;
		bool allowed;
	} rows[] = {
		{ UPDATE_AT_OFFSET, 0, 4, true },
		{ UPDATE_AT_OFFSET, 1, 3, true },
		{ UPDATE_AT_OFFSET, 4, 0, true },
		{ UPDATE_AT_OFFSET, 1, 4, false },
		{ UPDATE_AT_OFFSET, 5, 0, false },
		{ UPDATE_AT_OFFSET, 0, 5, false },
		{ UPDATE_AT_OFFSET, 1ull << 16, 0, false },
		{ 0, 1ull << 16, 4, true },
		{ 0, 3, 4, true },
	};
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct update_request r = { .key = update_key(l),
					    .flags = UPDATE_INLINE | rows[i].flags,
					    .offset = rows[i].offset,
					    .octowords = rows[i].octowords,
					    .units = 8 };
		struct mkey *mkey = mkey_find(l->g->dev, r.key);
		uint8_t expected[UPDATE_OCTOWORDS * MKEY_OCTOWORD];
		uint64_t at = rows[i].flags ? rows[i].offset * MKEY_OCTOWORD : 0;

		memset(r.data, 0xa8, sizeof(r.data));
		memcpy(expected, mkey->translations, sizeof(expected));
		if (rows[i].allowed)
			memset(expected + at, 0xa8, rows[i].octowords * MKEY_OCTOWORD);
		assert_int_equal(update_by_driver(l, &r),
				 rows[i].allowed ? 0 : SYNDROME_BIND);
		assert_memory_equal(mkey->translations, expected, sizeof(expected));
	}
}

/* All that the request counts must be in the entry. */
static void translations__inline(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l),
				    .flags = UPDATE_INLINE,
				    .octowords = 4 };

	r.units = 4;
	assert_int_equal(update_by_driver(l, &r), 0);
	r.units = 3;
	assert_int_equal(update_by_driver(l, &r), SYNDROME_LOCAL_OPERATION);
}

/* A data segment of the entry */
static void add_segment(struct update_request *r, uint64_t addr, uint32_t len,
			uint32_t key)
{
	uint8_t *seg = r->data + r->units++ * 16;

	guest_segment(seg, addr, len, key);
}

/* From two places in memory; those for which there is no data stay as they are. */
static void translations__gathered(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l),
				    .flags = UPDATE_AT_OFFSET,
				    .offset = 1,
				    .octowords = 3 };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);
	uint8_t expected[UPDATE_OCTOWORDS * MKEY_OCTOWORD];

	memcpy(expected, mkey->translations, sizeof(expected));
	memcpy(expected + 16, l->from + PAGE - 8, 24);
	memcpy(expected + 40, l->from + 256, 8);
	add_segment(&r, l->local + PAGE - 8, 24, l->lkey);
	add_segment(&r, l->local + 256, 8, l->lkey);
	assert_int_equal(update_by_user(l, &r), 0);
	assert_memory_equal(mkey->translations, expected, sizeof(expected));
	assert_true(mkey->on_demand);
	r.units = 0;
	add_segment(&r, l->local, 64, l->lkey);
	memcpy(expected + 16, l->from, 48);
	assert_int_equal(update_by_user(l, &r), 0);
	assert_memory_equal(mkey->translations, expected, sizeof(expected));
}

/* The driver gives the address of the data itself, by the reserved key; users may not. */
static void translations__by_reserved_key(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l), .octowords = 1 };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	add_segment(&r, l->local, 16, KEY_RESERVED);
	assert_int_equal(update_by_driver(l, &r), 0);
	assert_memory_equal(mkey->translations, l->from, 16);
	assert_int_equal(update_by_user(l, &r), SYNDROME_LOCAL_PROTECTION);
	r.units = 0;
	add_segment(&r, l->local + BYTES - 15, 16, l->lkey);
	assert_int_equal(update_by_user(l, &r), SYNDROME_LOCAL_PROTECTION);
}

/* The page of the data is not there: all is copied when it is. */
static void translations__fault(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l), .octowords = 1 };

	qp_pair_map(l, l->lkey, l->local, 0);
	assert_int_equal(guest_completion(l->g), 0);
	add_segment(&r, l->local, 16, l->lkey);
	update_post(l, &l->pair.a, &r);
	qp_pair_resolve(l, l->lkey, l->local);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(mkey_find(l->g->dev, r.key)->translations, l->from, 16);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(translations__bounds),   TEST(translations__inline),
		TEST(translations__gathered), TEST(translations__by_reserved_key),
		TEST(translations__fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
