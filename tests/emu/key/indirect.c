// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* indirect.c - memory keys that users lay out over others: lists, pieces that repeat */
#include "cmocka_all.h"
#include "qp_pair.h"

#include <string.h>

#define ENTRIES	    4
#define PIECE	    8u
#define STRIDE	    10u
#define ROUNDS	    3u
#define LIST_BYTES  (2 * PIECE)
#define ROUND_BYTES (2 * PIECE)
#define SECOND	    64u /* where in the region the second piece or entry begins */
#define MASK_LEN    (1ull << 0)
#define MASK_RIGHTS (1ull << 17 | 1ull << 18 | 1ull << 19 | 1ull << 20)
#define MASK_FREE   (1ull << 29)

static uint32_t key; /* laid out over @b's region */

static int begin(void **state)
{
	const struct qp_pair *l;

	(void)qp_pair_begin(state);
	l = *state;
	key = guest_list_key(l->g, ENTRIES);
	return 0;
}

/* A request of libmlx5's mlx5dv_wr_mkey_configure(); the key's addresses begin at 0. */
static unsigned int lay_out(struct qp_pair *l, const uint8_t entries[ENTRIES * 16],
			    uint64_t len)
{
	uint8_t wqe[192] = { 0 }, *umr = wqe + 16, *c = wqe + 64;

	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_ds, sizeof(wqe) / 16);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_imm, key);
	field_set(umr, umr_ctrl_seg_flags, 1u << 7);
	field_set(umr, umr_ctrl_seg_xlt_octowords, ENTRIES);
	field_set(umr, umr_ctrl_seg_mkey_mask, MASK_LEN | MASK_RIGHTS | MASK_FREE);
	field_set(c, mkc_lr, 1);
	field_set(c, mkc_lw, 1);
	field_set(c, mkc_rw, 1);
	field_set(c, mkc_len, len);
	memcpy(wqe + 128, entries, ENTRIES * MKEY_OCTOWORD);
	guest_post_raw(l->g, &l->pair.b, wqe, sizeof(wqe) / WQE_BLOCK);
	return guest_completion(l->g);
}

static unsigned int lay_out_list(struct qp_pair *l)
{
	uint8_t entries[ENTRIES * 16] = { 0 };

	for (unsigned int i = 0; i < 2; i++) {
		field_set(entries + i * 16, klm_byte_count, PIECE);
		field_set(entries + i * 16, klm_key, l->rkey);
		field_set(entries + i * 16, klm_va, l->remote + i * SECOND);
	}
	return lay_out(l, entries, LIST_BYTES);
}

static unsigned int lay_out_pieces(struct qp_pair *l)
{
	uint8_t entries[ENTRIES * 16] = { 0 };

	field_set(entries, repeat_block_byte_count, ROUND_BYTES);
	field_set(entries, repeat_block_op, MKEY_REPEAT);
	field_set(entries, repeat_block_repeat_count, ROUNDS);
	field_set(entries, repeat_block_num_ent, 2);
	for (unsigned int i = 0; i < 2; i++) {
		uint8_t *piece = entries + (i + 1) * MKEY_OCTOWORD;

		field_set(piece, repeat_ent_stride, STRIDE);
		field_set(piece, repeat_ent_byte_count, PIECE);
		field_set(piece, repeat_ent_memkey, l->rkey);
		field_set(piece, repeat_ent_va, l->remote + i * SECOND);
	}
	return lay_out(l, entries, (uint64_t)ROUNDS * ROUND_BYTES);
}

static unsigned int write_through(struct qp_pair *l, uint64_t at, uint32_t len)
{
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, len);

	k.remote = at;
	k.rkey = key;
	return qp_pair_outcome(l, &k);
}

static void list__scatters(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(lay_out_list(l), 0);
	assert_int_equal(write_through(l, 0, LIST_BYTES), 0);
	assert_memory_equal(l->to, l->from, PIECE);
	assert_int_equal(l->to[PIECE], 0);
	assert_memory_equal(l->to + SECOND, l->from + PIECE, PIECE);
}

/* Also as the local buffer: what is sent is gathered. */
static void list__gathers(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = { .opcode = OPCODE_WRITE,
				.remote = l->local,
				.len = LIST_BYTES,
				.rkey = l->lkey };

	assert_int_equal(lay_out_list(l), 0);
	k.lkey = key;
	memset(l->to, 0x11, PIECE);
	memset(l->to + SECOND, 0x22, PIECE);
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->from[PIECE - 1], 0x11);
	assert_int_equal(l->from[PIECE], 0x22);
}

static void pieces__repeat(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(lay_out_pieces(l), 0);
	assert_int_equal(write_through(l, 0, ROUNDS * ROUND_BYTES), 0);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		const uint8_t *from = l->from + i * ROUND_BYTES;
		const uint8_t *to = l->to + i * STRIDE;

		assert_memory_equal(to, from, PIECE);
		assert_int_equal(to[PIECE], 0);
		assert_memory_equal(to + SECOND, from + PIECE, PIECE);
	}
}

static void list__bounds(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(lay_out_pieces(l), 0);
	assert_int_equal(write_through(l, 1, ROUNDS * ROUND_BYTES),
			 SYNDROME_REMOTE_ACCESS);
}

/* What another domain owns cannot be reached by way of a list. */
static void domain__other(void **state)
{
	struct qp_pair *l = *state;

	l->g->pd++;
	l->rkey = guest_mkey(l->g, l->remote, 1, RIGHTS_ALL, MAPPED);
	assert_int_equal(lay_out_pieces(l), 0);
	assert_int_equal(write_through(l, 0, PIECE), SYNDROME_REMOTE_ACCESS);
	assert_int_equal(l->to[0], 0);
}

/* The driver reads the entries to resolve a fault that names such a key. */
static void list__query(void **state)
{
	struct qp_pair *l = *state;
	uint8_t in[16] = { 0 }, out[272 + 2 * 16] = { 0 };
	const uint8_t *entry = const_block(out, query_mkey_out_bsf0_klm0_pas_mtt0_1);

	assert_int_equal(lay_out_list(l), 0);
	store_be32(in, COMMAND_QUERY_MKEY << 16);
	field_set(in, query_mkey_in_mkey_index, key >> 8);
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	assert_int_equal(field_get(entry + 16, klm_key), l->rkey);
	assert_int_equal(field_get(entry + 16, klm_va), l->remote + SECOND);
}

static void injection__stride_ignored(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(rules_on(&l->g->dev->inject, "stride-ignored"), 0);
	assert_int_equal(lay_out_pieces(l), 0);
	assert_int_equal(write_through(l, 0, ROUNDS * ROUND_BYTES), 0);
	assert_memory_equal(l->to, l->from, PIECE);
	assert_memory_equal(l->to + PIECE, l->from + ROUND_BYTES, PIECE);
}

static void injection__list_swapped(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(rules_on(&l->g->dev->inject, "list-swapped"), 0);
	assert_int_equal(lay_out_list(l), 0);
	assert_int_equal(write_through(l, 0, LIST_BYTES), 0);
	assert_memory_equal(l->to + SECOND, l->from, PIECE);
	assert_memory_equal(l->to, l->from + PIECE, PIECE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(list__scatters),
		TEST(list__gathers),
		TEST(pieces__repeat),
		TEST(list__bounds),
		TEST(domain__other),
		TEST(list__query),
		TEST(injection__stride_ignored),
		TEST(injection__list_swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
