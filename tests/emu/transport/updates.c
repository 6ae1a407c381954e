// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* updates.c - work requests that update memory keys: which, and what of them */
#include "cmocka_all.h"
#include "update_request.h"

#include "base/util.h"

#include <string.h>

/*
 * Each bit of the mask lets its fields be set, and no other: MLX5_MKEY_MASK_*, device.h
 */
static void context__by_mask(void **state)
{
	static const struct {
		unsigned int bit, also;
		const struct field *field;
	} rows[] = {
		{ 0, 0, &mkc_len },
		{ 0, 0, &mkc_length64 },
		{ 1, 42, &mkc_log_page_size },
		{ 6, 6, &mkc_start_addr },
		{ 7, 7, &mkc_pd },
		{ 8, 8, &mkc_en_rinval },
		{ 13, 13, &mkc_mkey_7_0 },
		{ 14, 14, &mkc_qpn },
		{ 17, 17, &mkc_lr },
		{ 18, 18, &mkc_lw },
		{ 19, 19, &mkc_rr },
		{ 20, 20, &mkc_rw },
		{ 21, 21, &mkc_a },
		{ 25, 25, &mkc_relaxed_ordering_write },
		{ 29, 29, &mkc_free },
		{ 47, 47, &mkc_relaxed_ordering_read },
	};
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l), .flags = UPDATE_INLINE };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	for (unsigned int bit = 0; bit < 64; bit++) {
		uint8_t expected[MKEY_CONTEXT];

		memcpy(expected, mkey->context, sizeof(expected));
		for (unsigned int i = 0; i < sizeof(r.context); i++)
			r.context[i] = (uint8_t)~mkey->context[i];
		for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++)
			if (rows[i].bit == bit || rows[i].also == bit)
				field_set(expected, *rows[i].field,
					  field_get(r.context, *rows[i].field));
		r.mask = 1ull << bit;
		assert_int_equal(update_by_driver(l, &r), 0);
		assert_memory_equal(mkey->context, expected, sizeof(expected));
		assert_int_equal(mkey->free, field_get(expected, mkc_free));
	}
	assert_int_equal(l->g->dev->stats.updates, 64);
}

static void key__must_be(void **state)
{
	struct qp_pair *l = *state;
	const struct {
		uint8_t flags;
		bool free, mine, of_any;
		bool allowed;
	} rows[] = {
		{ UPDATE_MUST_BE_FREE, true, false, true, true },
		{ UPDATE_MUST_BE_FREE, false, false, true, false },
		{ UPDATE_MUST_BE_USED, false, false, true, true },
		{ UPDATE_MUST_BE_USED, true, false, true, false },
		{ UPDATE_MUST_BE_MINE, false, true, false, true },
		{ UPDATE_MUST_BE_MINE, false, false, true, true },
		{ UPDATE_MUST_BE_MINE, false, false, false, false },
		{ 0, true, false, false, true },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct update_request r = { .key = update_key(l),
					    .flags = UPDATE_INLINE | rows[i].flags };
		struct mkey *mkey = mkey_find(l->g->dev, r.key);

		guest_connect(l->g, &l->pair);
		mkey->free = rows[i].free;
		mkey->qpn = rows[i].of_any ? MKEY_ANY_QP :
			    rows[i].mine   ? l->pair.a.number :
					     l->pair.b.number;
		update_post(l, &l->pair.a, &r);
		assert_int_equal(guest_completion(l->g),
				 rows[i].allowed ? 0 : SYNDROME_BIND);
	}
}

/* The driver's queue pair may update all keys that are made for it, a user's its own. */
static void key__of_domain(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l), .flags = UPDATE_INLINE };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	assert_int_equal(update_by_user(l, &r), 0);
	mkey->pd++;
	assert_int_equal(update_by_user(l, &r), SYNDROME_BIND);
	assert_int_equal(update_by_driver(l, &r), 0);
	mkey->updatable = false;
	assert_int_equal(update_by_driver(l, &r), SYNDROME_BIND);
	r.key = 0x12345600;
	assert_int_equal(update_by_driver(l, &r), SYNDROME_BIND);
}

/* Pages that come and go while the key is in use: it is one on demand, no other is. */
static void key__on_demand(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = { .key = update_key(l),
				    .flags = UPDATE_INLINE,
				    .units = 1 };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	assert_int_equal(update_by_driver(l, &r), 0);
	assert_false(mkey->on_demand);
	r.octowords = 1;
	r.mask = 1ull << 29;
	field_set(r.context, mkc_free, 1);
	assert_int_equal(update_by_driver(l, &r), 0);
	r.mask = 0;
	assert_int_equal(update_by_driver(l, &r), 0);
	assert_true(mkey->free);
	assert_false(mkey->on_demand);
}

/* The driver keeps keys for later: the next region may be one that never faults. */
static void key__on_demand_until_free(void **state)
{
	struct qp_pair *l = *state;
	struct update_request r = {
		.key = update_key(l), .flags = UPDATE_INLINE, .units = 1, .octowords = 1
	};
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	assert_int_equal(update_by_driver(l, &r), 0);
	assert_true(mkey->on_demand);
	r.octowords = 0;
	r.mask = 1ull << 29;
	field_set(r.context, mkc_free, 1);
	assert_int_equal(update_by_driver(l, &r), 0);
	field_set(r.context, mkc_free, 0);
	assert_int_equal(update_by_driver(l, &r), 0);
	assert_false(mkey->free);
	assert_false(mkey->on_demand);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(context__by_mask),
		TEST(key__must_be),
		TEST(key__of_domain),
		TEST(key__on_demand),
		TEST(key__on_demand_until_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
