// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * windows.c - memory windows: bound and ended by work requests, and by a peer's message
 *
 * The requests are those of libmlx5's set_bind_wr(): inline, one translation, rounded up.
 */
#include "cmocka_all.h"
#include "qp_pair.h"

#define WINDOW_AT    64u /* in the region */
#define WINDOW_BYTES 128u
#define OCTOWORDS    4
#define MASK_LEN     (1ull << 0)
#define MASK_START   (1ull << 6)
#define MASK_KEY     (1ull << 13)
#define MASK_QPN     (1ull << 14)
#define MASK_RIGHTS  (1ull << 18 | 1ull << 19 | 1ull << 20 | 1ull << 21)
#define MASK_FREE    (1ull << 29)
#define INLINE	     (1u << 7)
#define MUST_BE_FREE (1u << 5)
#define AT_OFFSET    (1u << 4)
#define MUST_BE_MINE (1u << 3)

static uint32_t window; /* of @b, as its region */

static int begin(void **state)
{
	const struct qp_pair *l;

	(void)qp_pair_begin(state);
	l = *state;
	window = guest_list_key(l->g, OCTOWORDS);
	return 0;
}

/* Binds @window, with the variant @variant, to what lies @at bytes into the region. */
static unsigned int bind(struct qp_pair *l, uint8_t variant, uint64_t at)
{
	uint8_t wqe[192] = { 0 }, *umr = wqe + 16, *c = wqe + 64, *klm = wqe + 128;

	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_ds, sizeof(wqe) / 16);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_imm, window);
	field_set(umr, umr_ctrl_seg_flags, INLINE | AT_OFFSET | MUST_BE_FREE);
	field_set(umr, umr_ctrl_seg_xlt_octowords, OCTOWORDS);
	field_set(umr, umr_ctrl_seg_mkey_mask,
		  MASK_LEN | MASK_START | MASK_KEY | MASK_QPN | MASK_RIGHTS | MASK_FREE);
	field_set(c, mkc_rw, 1);
	field_set(c, mkc_qpn, l->pair.b.number);
	field_set(c, mkc_mkey_7_0, variant);
	field_set(c, mkc_start_addr, l->remote + at);
	field_set(c, mkc_len, WINDOW_BYTES);
	field_set(klm, klm_byte_count, WINDOW_BYTES);
	field_set(klm, klm_key, l->rkey);
	field_set(klm, klm_va, l->remote + at);
	guest_post_raw(l->g, &l->pair.b, wqe, sizeof(wqe) / WQE_BLOCK);
	window = (window & ~0xffu) | variant;
	return guest_completion(l->g);
}

/* IBV_WR_LOCAL_INV */
static unsigned int unbind(struct qp_pair *l)
{
	uint8_t wqe[128] = { 0 }, *umr = wqe + 16, *c = wqe + 64;

	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_ds, sizeof(wqe) / 16);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_imm, window);
	field_set(umr, umr_ctrl_seg_flags, INLINE | AT_OFFSET | MUST_BE_MINE);
	field_set(umr, umr_ctrl_seg_mkey_mask, MASK_KEY | MASK_QPN | MASK_FREE);
	field_set(c, mkc_free, 1);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	guest_post_raw(l->g, &l->pair.b, wqe, sizeof(wqe) / WQE_BLOCK);
	return guest_completion(l->g);
}

static void post_write(struct qp_pair *l, uint64_t at, uint32_t len)
{
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, len);

	k.remote += at;
	k.rkey = window;
	guest_post(l->g, &l->pair.a, &k);
}

static void window__bound(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(bind(l, 1, WINDOW_AT), 0);
	post_write(l, WINDOW_AT, WINDOW_BYTES);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[WINDOW_AT - 1], 0);
	assert_int_equal(l->to[WINDOW_AT], l->from[0]);
	assert_int_equal(l->to[WINDOW_AT + WINDOW_BYTES - 1], l->from[WINDOW_BYTES - 1]);
	assert_int_equal(l->to[WINDOW_AT + WINDOW_BYTES], 0);
}

static void window__bounds(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(bind(l, 1, WINDOW_AT), 0);
	post_write(l, WINDOW_AT + 1, WINDOW_BYTES);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
}

static void window__within_region(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(bind(l, 1, BYTES - 8), SYNDROME_BIND);
}

static void window__bound_twice(void **state)
{
	struct qp_pair *l = *state;

	assert_int_equal(bind(l, 1, WINDOW_AT), 0);
	assert_int_equal(bind(l, 2, WINDOW_AT), SYNDROME_BIND);
}

/* Ended and bound anew, it has another key: the old one opens nothing. */
static void window__ended(void **state)
{
	struct qp_pair *l = *state;
	uint32_t old;

	assert_int_equal(bind(l, 1, WINDOW_AT), 0);
	old = window;
	assert_int_equal(unbind(l), 0);
	window &= ~0xffu; /* as which the request above has left it */
	assert_int_equal(bind(l, 2, WINDOW_AT), 0);
	window = old;
	post_write(l, WINDOW_AT, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	assert_int_equal(l->to[WINDOW_AT], 0);
}

/*
 * SEND with invalidate: the receive completes with the key, which is free from then on.
 */
static void window__ended_by_message(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = { .opcode = OPCODE_SEND_INVALIDATE,
				.local = l->local,
				.len = 8,
				.lkey = l->lkey,
				.unsignaled = true };
	uint8_t cqe[64];

	assert_int_equal(bind(l, 1, WINDOW_AT), 0);
	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	k.immediate = window;
	guest_post(l->g, &l->pair.a, &k);
	assert_true(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(field_get(cqe, cqe_opcode), COMPLETION_RECEIVE_INVALIDATE);
	assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), window);
	post_write(l, WINDOW_AT, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
}

/* A key that does not let others end it fails the message, at both ends. */
static void region__not_ended_by_message(void **state)
{
	struct qp_pair *l = *state;
	struct guest_work k = { .opcode = OPCODE_SEND_INVALIDATE,
				.local = l->local,
				.len = 8,
				.lkey = l->lkey,
				.immediate = l->rkey };

	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), SYNDROME_LOCAL_OPERATION);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(window__bound),
		TEST(window__bounds),
		TEST(window__within_region),
		TEST(window__bound_twice),
		TEST(window__ended),
		TEST(window__ended_by_message),
		TEST(region__not_ended_by_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
