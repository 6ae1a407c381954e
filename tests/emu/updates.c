// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* updates.c - work requests that update memory keys: what they may change, and from where */
#include "cmocka_all.h"
#include "qp_pair.h"

#include "base/util.h"

#include <string.h>

#define OCTOWORDS 4u /* of the key */
#define UNITS	  8u /* of an entry without translations */

/* MLX5_UMR_*, linux/mlx5/qp.h */
#define INLINE	     (1u << 7)
#define MUST_BE_USED (1u << 6)
#define MUST_BE_FREE (1u << 5)
#define AT_OFFSET    (1u << 4)
#define MUST_BE_MINE (1u << 3) /* libmlx5: MLX5_WQE_UMR_CTRL_FLAG_CHECK_QPN */

struct request {
	uint32_t key, octowords, units; /* units: of translations, in the entry */
	uint64_t mask, offset;
	uint8_t flags;
	uint8_t context[MKEY_CONTEXT];
	uint8_t data[2 * OCTOWORDS * MKEY_OCTOWORD];
};

static void post(struct qp_pair *l, struct guest_qp *qp, const struct request *r)
{
	uint8_t wqe[4 * WQE_BLOCK] = { 0 }, *umr = wqe + 16;
	unsigned int bytes = (UNITS + r->units) * 16;

	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_ds, UNITS + r->units);
	field_set(wqe, ctrl_seg_imm, r->key);
	field_set(umr, umr_ctrl_seg_flags, r->flags);
	field_set(umr, umr_ctrl_seg_xlt_octowords, r->octowords);
	field_set(umr, umr_ctrl_seg_xlt_offset_15_0, r->offset & 0xffff);
	field_set(umr, umr_ctrl_seg_xlt_offset_47_16, r->offset >> 16);
	field_set(umr, umr_ctrl_seg_mkey_mask, r->mask);
	memcpy(wqe + 64, r->context, sizeof(r->context));
	memcpy(wqe + 128, r->data, r->units * 16);
	guest_post_raw(l->g, qp, wqe, (bytes + WQE_BLOCK - 1) / WQE_BLOCK);
}

/* The outcome of a request of the driver's own queue pair, or of a user's that is new */
static unsigned int by_driver(struct qp_pair *l, const struct request *r)
{
	guest_umr_qp(l->g, &l->umr);
	post(l, &l->umr, r);
	return guest_completion(l->g);
}

static unsigned int by_user(struct qp_pair *l, const struct request *r)
{
	guest_connect(l->g, &l->pair);
	post(l, &l->pair.a, r);
	return guest_completion(l->g);
}

static uint32_t new_key(const struct qp_pair *l)
{
	return guest_mkey(l->g, l->remote, 2 * OCTOWORDS, RIGHTS_ALL, MAPPED);
}

/* Each bit of the mask lets its fields be set, and no other: MLX5_MKEY_MASK_*, device.h */
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
	struct request r = { .key = new_key(l), .flags = INLINE };
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
		assert_int_equal(by_driver(l, &r), 0);
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
		{ MUST_BE_FREE, true, false, true, true },
		{ MUST_BE_FREE, false, false, true, false },
		{ MUST_BE_USED, false, false, true, true },
		{ MUST_BE_USED, true, false, true, false },
		{ MUST_BE_MINE, false, true, false, true },
		{ MUST_BE_MINE, false, false, true, true },
		{ MUST_BE_MINE, false, false, false, false },
		{ 0, true, false, false, true },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct request r = { .key = new_key(l), .flags = INLINE | rows[i].flags };
		struct mkey *mkey = mkey_find(l->g->dev, r.key);

		guest_connect(l->g, &l->pair);
		mkey->free = rows[i].free;
		mkey->qpn = rows[i].of_any ? MKEY_ANY_QP :
			    rows[i].mine   ? l->pair.a.number :
					     l->pair.b.number;
		post(l, &l->pair.a, &r);
		assert_int_equal(guest_completion(l->g),
				 rows[i].allowed ? 0 : SYNDROME_BIND);
	}
}

/* The driver's queue pair may update all keys that are made for it, a user's its own. */
static void key__of_domain(void **state)
{
	struct qp_pair *l = *state;
	struct request r = { .key = new_key(l), .flags = INLINE };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	assert_int_equal(by_user(l, &r), 0);
	mkey->pd++;
	assert_int_equal(by_user(l, &r), SYNDROME_BIND);
	assert_int_equal(by_driver(l, &r), 0);
	mkey->updatable = false;
	assert_int_equal(by_driver(l, &r), SYNDROME_BIND);
	r.key = 0x12345600;
	assert_int_equal(by_driver(l, &r), SYNDROME_BIND);
}

static void translations__bounds(void **state)
{
	static const struct {
		uint8_t flags;
		uint64_t offset;
		uint32_t octowords;
		bool allowed;
	} rows[] = {
		{ AT_OFFSET, 0, 4, true },
		{ AT_OFFSET, 1, 3, true },
		{ AT_OFFSET, 4, 0, true },
		{ AT_OFFSET, 1, 4, false },
		{ AT_OFFSET, 5, 0, false },
		{ AT_OFFSET, 0, 5, false },
		{ AT_OFFSET, 1ull << 16, 0, false },
		{ 0, 1ull << 16, 4, true },
		{ 0, 3, 4, true },
	};
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct request r = { .key = new_key(l),
				     .flags = INLINE | rows[i].flags,
				     .offset = rows[i].offset,
				     .octowords = rows[i].octowords,
				     .units = 8 };
		struct mkey *mkey = mkey_find(l->g->dev, r.key);
		uint8_t expected[OCTOWORDS * MKEY_OCTOWORD];
		uint64_t at = rows[i].flags ? rows[i].offset * MKEY_OCTOWORD : 0;

		memset(r.data, 0xa8, sizeof(r.data));
		memcpy(expected, mkey->translations, sizeof(expected));
		if (rows[i].allowed)
			memset(expected + at, 0xa8, rows[i].octowords * MKEY_OCTOWORD);
		assert_int_equal(by_driver(l, &r), rows[i].allowed ? 0 : SYNDROME_BIND);
		assert_memory_equal(mkey->translations, expected, sizeof(expected));
	}
}

/* All that the request counts must be in the entry. */
static void translations__inline(void **state)
{
	struct qp_pair *l = *state;
	struct request r = { .key = new_key(l), .flags = INLINE, .octowords = 4 };

	r.units = 4;
	assert_int_equal(by_driver(l, &r), 0);
	r.units = 3;
	assert_int_equal(by_driver(l, &r), SYNDROME_LOCAL_OPERATION);
}

/* A data segment of the entry */
static void add_segment(struct request *r, uint64_t addr, uint32_t len, uint32_t key)
{
	uint8_t *seg = r->data + r->units++ * 16;

	field_set(seg, data_seg_byte_count, len);
	field_set(seg, data_seg_lkey, key);
	field_set(seg, data_seg_addr, addr);
}

/* From two places in memory; those for which there is no data stay as they are. */
static void translations__gathered(void **state)
{
	struct qp_pair *l = *state;
	struct request r = {
		.key = new_key(l), .flags = AT_OFFSET, .offset = 1, .octowords = 3
	};
	struct mkey *mkey = mkey_find(l->g->dev, r.key);
	uint8_t expected[OCTOWORDS * MKEY_OCTOWORD];

	memcpy(expected, mkey->translations, sizeof(expected));
	memcpy(expected + 16, l->from + PAGE - 8, 24);
	memcpy(expected + 40, l->from + 256, 8);
	add_segment(&r, l->local + PAGE - 8, 24, l->lkey);
	add_segment(&r, l->local + 256, 8, l->lkey);
	assert_int_equal(by_user(l, &r), 0);
	assert_memory_equal(mkey->translations, expected, sizeof(expected));
	assert_true(mkey->on_demand);
	r.units = 0;
	add_segment(&r, l->local, 64, l->lkey);
	memcpy(expected + 16, l->from, 48);
	assert_int_equal(by_user(l, &r), 0);
	assert_memory_equal(mkey->translations, expected, sizeof(expected));
}

/* The driver gives the address of the data itself, by the reserved key; users may not. */
static void translations__by_reserved_key(void **state)
{
	struct qp_pair *l = *state;
	struct request r = { .key = new_key(l), .octowords = 1 };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	add_segment(&r, l->local, 16, KEY_RESERVED);
	assert_int_equal(by_driver(l, &r), 0);
	assert_memory_equal(mkey->translations, l->from, 16);
	assert_int_equal(by_user(l, &r), SYNDROME_LOCAL_PROTECTION);
	r.units = 0;
	add_segment(&r, l->local + BYTES - 15, 16, l->lkey);
	assert_int_equal(by_user(l, &r), SYNDROME_LOCAL_PROTECTION);
}

/* The page of the data is not there: all is copied when it is. */
static void translations__fault(void **state)
{
	struct qp_pair *l = *state;
	struct request r = { .key = new_key(l), .octowords = 1 };

	qp_pair_map(l, l->lkey, l->local, 0);
	assert_int_equal(guest_completion(l->g), 0);
	add_segment(&r, l->local, 16, l->lkey);
	post(l, &l->pair.a, &r);
	qp_pair_resolve(l, l->lkey, l->local);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(mkey_find(l->g->dev, r.key)->translations, l->from, 16);
}

/* Pages that come and go while the key is in use: it is one on demand, no other is. */
static void key__on_demand(void **state)
{
	struct qp_pair *l = *state;
	struct request r = { .key = new_key(l), .flags = INLINE, .units = 1 };
	struct mkey *mkey = mkey_find(l->g->dev, r.key);

	assert_int_equal(by_driver(l, &r), 0);
	assert_false(mkey->on_demand);
	r.octowords = 1;
	r.mask = 1ull << 29;
	field_set(r.context, mkc_free, 1);
	assert_int_equal(by_driver(l, &r), 0);
	r.mask = 0;
	assert_int_equal(by_driver(l, &r), 0);
	assert_true(mkey->free);
	assert_false(mkey->on_demand);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(context__by_mask),
		TEST(key__must_be),
		TEST(key__of_domain),
		TEST(translations__bounds),
		TEST(translations__inline),
		TEST(translations__gathered),
		TEST(translations__by_reserved_key),
		TEST(translations__fault),
		TEST(key__on_demand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
