// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * bindings.c - what a memory window, or a key that is a list, may be bound to, and by
 * which queue
 */
#include "cmocka_all.h"
#include "qp_pair.h"

#include "base/util.h"

#define OCTOWORDS    4u
#define WINDOW_BYTES 64u
#define INLINE	     (1u << 7)

struct binding {
	uint32_t rights; /* of the window */
	uint32_t key, len;
	uint64_t va;
};

/* Two entries, of which the first is none; libmlx5 rounds their number up to four. */
static void post(struct qp_pair *l, struct guest_qp *qp, const struct binding *b)
{
	uint8_t wqe[192] = { 0 }, *umr = wqe + 16, *c = wqe + 64, *klm = wqe + 128 + 16;

	field_set(wqe, ctrl_seg_opcode, OPCODE_UMR);
	field_set(wqe, ctrl_seg_ds, sizeof(wqe) / 16);
	field_set(wqe, ctrl_seg_fm_ce_se, 8);
	field_set(wqe, ctrl_seg_imm, guest_list_key(l->g, OCTOWORDS));
	field_set(umr, umr_ctrl_seg_flags, INLINE);
	field_set(umr, umr_ctrl_seg_xlt_octowords, OCTOWORDS);
	field_set(c, mkc_rr, !!(b->rights & RIGHT_REMOTE_READ));
	field_set(c, mkc_rw, !!(b->rights & RIGHT_REMOTE_WRITE));
	field_set(c, mkc_a, !!(b->rights & RIGHT_ATOMIC));
	field_set(klm, klm_byte_count, b->len);
	field_set(klm, klm_key, b->key);
	field_set(klm, klm_va, b->va);
	guest_post_raw(l->g, qp, wqe, sizeof(wqe) / WQE_BLOCK);
}

static unsigned int bind(struct qp_pair *l, const struct binding *b)
{
	guest_connect(l->g, &l->pair);
	post(l, &l->pair.b, b);
	return guest_completion(l->g);
}

/* It allows no access that its region does not allow the queue that binds it. */
static void rights__within_those_of_region(void **state)
{
	static const struct {
		unsigned int lacking; /* of the region */
		unsigned int wanted;
		enum syndrome syndrome;
	} rows[] = {
		{ 0, RIGHT_REMOTE_READ | RIGHT_REMOTE_WRITE | RIGHT_ATOMIC, 0 },
		{ RIGHT_LOCAL_WRITE, RIGHT_REMOTE_READ, 0 },
		{ RIGHT_LOCAL_WRITE, RIGHT_REMOTE_WRITE, SYNDROME_BIND },
		{ RIGHT_LOCAL_WRITE, RIGHT_ATOMIC, SYNDROME_BIND },
		{ RIGHT_LOCAL_READ, RIGHT_REMOTE_READ, SYNDROME_BIND },
	};
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct binding b = { rows[i].wanted,
					   guest_mkey(l->g, l->remote, PAGES,
						      RIGHTS_ALL & ~rows[i].lacking,
						      MAPPED),
					   WINDOW_BYTES, l->remote };

		assert_int_equal(bind(l, &b), rows[i].syndrome);
	}
}

static void range__within_region(void **state)
{
	struct qp_pair *l = *state;
	struct binding b = { RIGHT_REMOTE_READ, l->rkey, WINDOW_BYTES,
			     l->remote + BYTES - WINDOW_BYTES };

	assert_int_equal(bind(l, &b), 0);
	b.va++;
	assert_int_equal(bind(l, &b), SYNDROME_BIND);
	b.len = 0; /* an entry that is none */
	b.key ^= 0xff;
	assert_int_equal(bind(l, &b), 0);
}

/* All memory by its address: for the driver only */
static void key__reserved(void **state)
{
	struct qp_pair *l = *state;
	const struct binding b = { RIGHT_REMOTE_READ, KEY_RESERVED, WINDOW_BYTES,
				   l->remote };

	qp_get(l->g->dev, l->pair.b.number)->physical_keys = true;
	assert_int_equal(bind(l, &b), SYNDROME_BIND);
	post(l, &l->umr, &b);
	assert_int_equal(guest_completion(l->g), 0);
}

static void key__of_another_domain(void **state)
{
	struct qp_pair *l = *state;
	struct binding b = { RIGHT_REMOTE_READ, 0, WINDOW_BYTES, l->remote };

	l->g->pd++;
	b.key = guest_mkey(l->g, l->remote, PAGES, RIGHTS_ALL, MAPPED);
	l->g->pd--;
	assert_int_equal(bind(l, &b), SYNDROME_BIND);
}

/*
 * A SEND that ends a key: it must be one of the receiver's domain that lets it, and
 * bound.
 */
static void invalidation__by_message(void **state)
{
	static const struct {
		bool exists, free, other_domain, lets;
		unsigned int syndrome;
	} rows[] = {
		{ true, false, false, true, 0 },
		{ false, false, false, true, SYNDROME_REMOTE_ACCESS },
		{ true, true, false, true, SYNDROME_REMOTE_ACCESS },
		{ true, false, true, true, SYNDROME_REMOTE_ACCESS },
		{ true, false, false, false, SYNDROME_REMOTE_ACCESS },
	};
	struct qp_pair *l = *state;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t key = guest_mkey(l->g, l->remote, 1, RIGHTS_ALL, MAPPED);
		struct mkey *mkey = mkey_find(l->g->dev, key);
		struct guest_work k = qp_pair_work(l, OPCODE_SEND_INVALIDATE, 0, 8);
		bool ends = !rows[i].syndrome;

		mkey->free = rows[i].free;
		mkey->pd += rows[i].other_domain;
		field_set(mkey->context, mkc_en_rinval, rows[i].lets);
		k.immediate = rows[i].exists ? key : key ^ 0xff;
		guest_connect(l->g, &l->pair);
		guest_receive(l->g, &l->pair.b, l->remote, 8, l->rkey);
		guest_post(l->g, &l->pair.a, &k);
		assert_int_equal(guest_completion(l->g),
				 ends ? 0 : SYNDROME_LOCAL_OPERATION);
		assert_int_equal(guest_completion(l->g), rows[i].syndrome);
		assert_int_equal(mkey->free, ends || rows[i].free);
		assert_memory_equal(l->to, l->from, 8);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, qp_pair_begin, qp_pair_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rights__within_those_of_region),
		TEST(range__within_region),
		TEST(key__reserved),
		TEST(key__of_another_domain),
		TEST(invalidation__by_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
