// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mkey.c - memory keys: what their context holds, and which accesses they allow */
#include "key/mkey.h"
#include "cmocka_all.h"
#include "mkeys.h"

#include <errno.h>

#define START 0x10000ull
#define BYTES 0x300ull
#define QPN   0x51u

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

/* Each bit of the context is one right, or one property, and no other. */
static void context__decoded(void **state)
{
	static const struct {
		const struct field *field;
		unsigned int rights;
		bool whole, free, updatable;
	} rows[] = {
		{ &mkc_lr, RIGHT_LOCAL_READ, false, false, false },
		{ &mkc_lw, RIGHT_LOCAL_WRITE, false, false, false },
		{ &mkc_rr, RIGHT_REMOTE_READ, false, false, false },
		{ &mkc_rw, RIGHT_REMOTE_WRITE, false, false, false },
		{ &mkc_a, RIGHT_ATOMIC, false, false, false },
		{ &mkc_length64, 0, true, false, false },
		{ &mkc_free, 0, false, true, false },
		{ &mkc_umr_en, 0, false, false, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mkey mkey = { .rights = ~0u };

		field_set(mkey.context, *rows[i].field, 1);
		mkey_decode(&mkey);
		assert_int_equal(mkey.rights, rows[i].rights);
		assert_int_equal(mkey.whole, rows[i].whole);
		assert_int_equal(mkey.free, rows[i].free);
		assert_int_equal(mkey.updatable, rows[i].updatable);
	}
}

static void context__numbers(void **state)
{
	struct mkey mkey = { 0 };

	field_set(mkey.context, mkc_log_page_size, 21);
	field_set(mkey.context, mkc_start_addr, 0x123456789abcdef0);
	field_set(mkey.context, mkc_len, 0xfedcba9876543210);
	field_set(mkey.context, mkc_pd, 0x123456);
	field_set(mkey.context, mkc_qpn, 0x654321);
	field_set(mkey.context, mkc_mkey_7_0, 0x99);
	field_set(mkey.context, mkc_access_mode_1_0, 2);
	mkey_decode(&mkey);
	assert_int_equal(mkey.page_shift, 21);
	assert_int_equal(mkey.start, 0x123456789abcdef0);
	assert_int_equal(mkey.len, 0xfedcba9876543210);
	assert_int_equal(mkey.pd, 0x123456);
	assert_int_equal(mkey.qpn, 0x654321);
	assert_int_equal(mkey.variant, 0x99);
	assert_int_equal(mkey.mode, MKEY_KLM);
	field_set(mkey.context, mkc_access_mode_4_2, 5);
	mkey_decode(&mkey);
	assert_int_equal(mkey.mode, 5 << 2 | 2);
}

static void key__found_by_index_and_variant(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_PHYSICAL });

	assert_non_null(mkey_find(g->dev, key));
	assert_null(mkey_find(g->dev, key ^ 1));
	assert_null(mkey_find(g->dev, key + (1u << 8)));
}

static int check(struct guest *g, struct access access, uint32_t key, uint64_t va,
		 uint64_t len)
{
	access.pd = DOMAIN;
	return mkey_check(g->dev, &access, key, va, len);
}

static void check__bounds(void **state)
{
	struct guest *g = *state;
	const struct access none = { 0 };
	uint32_t key = mkeys_add(g, (struct mkey){ .start = START, .len = BYTES });

	assert_int_equal(check(g, none, key, START, BYTES), 0);
	assert_int_equal(check(g, none, key, START + BYTES - 1, 1), 0);
	assert_int_equal(check(g, none, key, START + BYTES, 0), 0);
	assert_int_equal(check(g, none, key, START - 1, 1), -EACCES);
	assert_int_equal(check(g, none, key, START, BYTES + 1), -EACCES);
	assert_int_equal(check(g, none, key, START + 1, BYTES), -EACCES);
	assert_int_equal(check(g, none, key, START + BYTES, 1), -EACCES);
	assert_int_equal(check(g, none, key, START + 1, -1ull), -EACCES);
	mkeys_get(g, key)->whole = true;
	assert_int_equal(check(g, none, key, START - 1, BYTES + 100), 0);
	mkeys_get(g, key)->free = true;
	assert_int_equal(check(g, none, key, START, 1), -EACCES);
}

/* All rights that are asked for, the domain, and the queue pair if the key names one */
static void check__owner_and_rights(void **state)
{
	const struct access write = { .right = RIGHT_REMOTE_WRITE };
	const struct access both = { .right = RIGHT_REMOTE_WRITE | RIGHT_ATOMIC };
	const struct access other = { .qpn = QPN + 1 }, own = { .qpn = QPN };
	struct guest *g = *state;
	uint32_t key = mkeys_add(g, (struct mkey){ .len = BYTES,
						   .rights = RIGHT_REMOTE_WRITE |
							     RIGHT_LOCAL_READ });
	struct mkey *mkey = mkeys_get(g, key);

	assert_int_equal(check(g, write, key, 0, 1), 0);
	assert_int_equal(check(g, both, key, 0, 1), -EACCES);
	mkey->rights |= RIGHT_ATOMIC;
	assert_int_equal(check(g, both, key, 0, 1), 0);
	assert_int_equal(check(g, other, key, 0, 1), 0);
	mkey->qpn = QPN;
	assert_int_equal(check(g, other, key, 0, 1), -EACCES);
	assert_int_equal(check(g, own, key, 0, 1), 0);
	mkey->pd = DOMAIN + 1;
	assert_int_equal(check(g, own, key, 0, 1), -EACCES);
	/* by the injection, neither domain nor variant count, but the bounds do */
	assert_int_equal(rules_on(&g->dev->inject,
				  injection_table.rows[INJECT_FOREIGN_KEY].name),
			 0);
	assert_int_equal(check(g, own, key, 0, 1), 0);
	assert_int_equal(check(g, own, key ^ 1, 0, 1), 0);
	assert_int_equal(check(g, own, key, 0, BYTES + 1), -EACCES);
	assert_int_equal(check(g, own, key + (1u << 8), 0, 1), -EACCES);
}

static void check__reserved(void **state)
{
	const struct access physical = { .physical = true }, none = { 0 };
	struct guest *g = *state;

	assert_int_equal(check(g, none, KEY_NULL, 0, 1), 0);
	assert_int_equal(check(g, physical, KEY_RESERVED, 0, 1), 0);
	assert_int_equal(check(g, none, KEY_RESERVED, 0, 1), -EACCES);
	assert_int_equal(check(g, physical, KEY_TERMINATE, 0, 1), -EACCES);
}

/*
 * What the device holds for keys is counted, so that a guest cannot eat the host's
 * memory.
 */
static void translations__counted(void **state)
{
	struct guest *g = *state;
	uint64_t before = g->dev->translations;
	uint32_t key = guest_mkey(g, GUEST_BASE, 8, RIGHTS_ALL, 0);

	assert_int_equal(g->dev->translations, before + 8 * sizeof(uint64_t));
	assert_int_equal(guest_simple(g, COMMAND_DESTROY_MKEY, destroy_mkey_in_mkey_index,
				      MKEY_INDEX(key)),
			 STATUS_OK);
	assert_int_equal(g->dev->translations, before);
	assert_null(mkey_find(g->dev, key));
	assert_int_equal(g->dev->mkeys.count, 0);
	(void)guest_mkey(g, GUEST_BASE, 8, RIGHTS_ALL, 0);
	(void)guest_mkey(g, GUEST_BASE, 16, RIGHTS_ALL, 0);
	device_reset(g->dev);
	assert_int_equal(g->dev->translations, 0);
	assert_int_equal(g->dev->mkeys.size, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(context__decoded),
		TEST(context__numbers),
		TEST(key__found_by_index_and_variant),
		TEST(check__bounds),
		TEST(check__owner_and_rights),
		TEST(check__reserved),
		TEST(translations__counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
