// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * injections_outcomes.c - misbehaviour in what is permitted, and in what is reported of
 * it
 */
#include "cmocka_all.h"
#include "injected_pair.h"

#define SLACK	  8u /* bytes too much that pass */
#define SOLICITED (1u << 1)
#define SIGNALED  8u

/* Only operations that are rare: a WRITE still faults. */
static void injection__permission_ignored(void **state)
{
	static const enum opcode opcodes[] = { OPCODE_FETCH_ADD, OPCODE_WRITE_IMM };

	for (unsigned int i = 0; i < 2; i++) {
		struct qp_pair *l =
			injected_pair_new("permission-ignored", MAPPED, MTT_READ);
		uint8_t eqe[64];

		guest_receive(l->g, &l->pair.b, l->local, 8, l->lkey);
		qp_pair_post(l, opcodes[i], 0, 8);
		assert_int_equal(guest_completion(l->g), 0);
		assert_int_equal(l->to[0] != 0, true);
		while (guest_poll(l->g, &l->g->cq, eqe))
			;
		qp_pair_post(l, OPCODE_WRITE, PAGE, 8);
		assert_true(guest_event(l->g, &l->g->faults, eqe));
		injected_pair_free(l);
	}
}

/* A key of the remote region from @offset to @end, put there without the driver */
static uint32_t key_of_part(struct qp_pair *l, uint64_t offset, uint64_t end)
{
	struct mkey *mkey = mkey_find(l->g->dev, l->rkey);

	field_set(mkey->context, mkc_start_addr, l->remote + offset);
	field_set(mkey->context, mkc_len, end - offset);
	mkey_decode(mkey);
	return l->rkey;
}

/* Up to eight bytes beyond the end, where the region does not begin with a page */
static void injection__bounds_loose(void **state)
{
	static const struct {
		uint64_t begin;
		uint32_t at, len;
		enum syndrome syndrome;
	} rows[] = {
		{ 8, 100, 28 + SLACK, 0 },
		{ 8, 100, 29 + SLACK, SYNDROME_REMOTE_ACCESS },
		{ 8, 127, 1 + SLACK, 0 },
		{ 8, 128, 1, SYNDROME_REMOTE_ACCESS },
		{ 8, 0, 16, SYNDROME_REMOTE_ACCESS },
		{ 0, 100, 28 + SLACK, SYNDROME_REMOTE_ACCESS },
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_pair *l = injected_pair_mapped("bounds-loose");
		struct guest_work k =
			qp_pair_work(l, OPCODE_WRITE, rows[i].at, rows[i].len);

		key_of_part(l, rows[i].begin, 128);
		assert_int_equal(qp_pair_outcome(l, &k), rows[i].syndrome);
		qp_pair_free(l);
	}
}

/* A list of two entries, of 64 bytes each, over the remote region: a memory window */
static uint32_t list_key(struct qp_pair *l)
{
	uint32_t key = guest_list_key(l->g, 4);
	struct mkey *mkey = mkey_find(l->g->dev, key);

	for (unsigned int i = 0; i < 2; i++) {
		uint8_t *entry = mkey->translations + i * MKEY_OCTOWORD;

		field_set(entry, klm_byte_count, 64);
		field_set(entry, klm_key, l->rkey);
		field_set(entry, klm_va, l->remote + i * 64);
	}
	field_set(mkey->context, mkc_free, 0);
	field_set(mkey->context, mkc_rw, 1);
	field_set(mkey->context, mkc_len, 128);
	mkey_decode(mkey);
	return key;
}

static void injection__window_unbounded(void **state)
{
	struct qp_pair *l = injected_pair_mapped("window-unbounded");
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 256);

	k.rkey = list_key(l);
	k.remote = 64;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_memory_equal(l->to + 64, l->from, 256);
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void injection__window_early(void **state)
{
	struct qp_pair *l = injected_pair_mapped("window-early");
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 64);
	struct mkey *mkey;

	k.rkey = list_key(l);
	mkey = mkey_find(l->g->dev, k.rkey);
	field_set(mkey->translations, klm_va, l->remote + 64);
	field_set(mkey->context, mkc_start_addr, 4096);
	mkey_decode(mkey);
	k.remote = 4096 - 32;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_memory_equal(l->to + 32, l->from, 64);
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void injection__address_cut(void **state)
{
	struct qp_pair *l = injected_pair_mapped("address-cut");
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 64);

	k.remote = l->remote + (1ull << 32) + 64;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_memory_equal(l->to + 64, l->from, 64);
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void injection__range_wraps(void **state)
{
	struct qp_pair *l = injected_pair_mapped("range-wraps");
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, 64);

	k.remote = (uint64_t)-64;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_memory_equal(l->to, l->from, 64);
	assert_int_equal(l->to[64], 0);
	injected_pair_free(l);
}

static void injection__freed_key(void **state)
{
	struct qp_pair *l = injected_pair_mapped("freed-key");
	struct mkey *mkey = mkey_find(l->g->dev, l->rkey);

	field_set(mkey->context, mkc_free, 1);
	mkey_decode(mkey);
	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

/* The key that the message names is as good as before. */
static void injection__invalidate_lost(void **state)
{
	struct qp_pair *l = injected_pair_mapped("invalidate-lost");
	struct guest_work k = qp_pair_work(l, OPCODE_SEND_INVALIDATE, 0, 8);
	struct guest_work write = qp_pair_work(l, OPCODE_WRITE, 0, 8);

	k.immediate = list_key(l);
	guest_receive(l->g, &l->pair.b, l->remote + PAGE, 64, l->rkey);
	guest_post(l->g, &l->pair.a, &k);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(guest_completion(l->g), 0);
	write.rkey = k.immediate;
	write.remote = 0;
	assert_int_equal(qp_pair_outcome(l, &write), 0);
	injected_pair_free(l);
}

/* The peer has failed, the requester has not. */
static void injection__refusal_ok(void **state)
{
	struct qp_pair *l = injected_pair_mapped("refusal-ok");

	l->rkey ^= 0xff;
	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[0], 0);
	assert_int_equal(qp_get(l->g->dev, l->pair.a.number)->state, QP_RTS);
	assert_int_equal(qp_get(l->g->dev, l->pair.b.number)->state, QP_ERROR);
	injected_pair_free(l);
}

/* A receive's, but no WRITE's */
static void injection__receive_fault_ok(void **state)
{
	struct qp_pair *l = injected_pair_new("receive-fault-ok", MAPPED, 0);
	uint8_t eqe[64];

	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	qp_pair_post(l, OPCODE_SEND, 0, 64);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, true);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[0], 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	guest_resume(l->g, eqe, true);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	injected_pair_free(l);
}

static void injection__receive_overrun_ok(void **state)
{
	struct qp_pair *l = injected_pair_mapped("receive-overrun-ok");

	guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
	qp_pair_post(l, OPCODE_SEND, 0, 100);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->to[63], l->from[63]);
	assert_int_equal(l->to[64], 0);
	injected_pair_free(l);
}

static void injection__resume_lost(void **state)
{
	struct qp_pair *l = injected_pair_new("resume-lost", MAPPED, 0);
	uint8_t cqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_false(guest_poll(l->g, &l->g->cq, cqe));
	assert_int_equal(l->g->dev->stats.resumes, 1);
	injected_pair_free(l);
}

static void injection__completion_of_another(void **state)
{
	struct qp_pair *l = injected_pair_mapped("completion-of-another");
	uint8_t cqe[64];

	for (unsigned int i = 0; i < 2; i++)
		qp_pair_post(l, OPCODE_WRITE, 0, 8);
	for (unsigned int i = 0; i < 2; i++) {
		assert_true(guest_poll(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_wqe_counter), (i - 1) & 0xffff);
	}
	injected_pair_free(l);
}

/* Of SEND and WRITE: that of the message before, and of the first one none */
static void injection__immediate_old(void **state)
{
	static const enum opcode opcodes[] = { OPCODE_SEND_IMM, OPCODE_WRITE_IMM,
					       OPCODE_SEND_IMM };
	struct qp_pair *l = injected_pair_mapped("immediate-old");

	for (unsigned int i = 0; i < 3; i++) {
		struct guest_work k = qp_pair_work(l, opcodes[i], 0, 8);
		uint8_t cqe[64];

		k.immediate = 10 + i;
		guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
		guest_post(l->g, &l->pair.a, &k);
		assert_true(guest_poll(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_imm_inval_pkey), i ? 9 + i : 0);
		assert_int_equal(guest_completion(l->g), 0);
	}
	injected_pair_free(l);
}

static void injection__solicited_lost(void **state)
{
	for (unsigned int on = 0; on < 2; on++) {
		struct qp_pair *l = injected_pair_mapped(on ? "solicited-lost" :
							      "solicited-lost:after=1");
		uint8_t wqe[WQE_BLOCK] = { 0 }, cqe[64];

		field_set(wqe, ctrl_seg_opcode, OPCODE_SEND);
		field_set(wqe, ctrl_seg_fm_ce_se, SIGNALED | SOLICITED);
		field_set(wqe, ctrl_seg_ds, 1);
		guest_receive(l->g, &l->pair.b, l->remote, 64, l->rkey);
		guest_post_raw(l->g, &l->pair.a, wqe, 1);
		assert_true(guest_poll(l->g, &l->g->cq, cqe));
		assert_int_equal(field_get(cqe, cqe_solicited), !on);
		qp_pair_free(l);
	}
}

/* Only after a fault of the target */
static void injection__atomic_new_value(void **state)
{
	struct qp_pair *l = injected_pair_new("atomic-new-value", MAPPED, 0);
	uint64_t *result = guest_at(l->g, l->local), *target = guest_at(l->g, l->remote);

	*target = 10;
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(*result, 15);
	qp_pair_post(l, OPCODE_FETCH_ADD, 0, 8);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(*result, 15);
	assert_int_equal(*target, 20);
	injected_pair_free(l);
}

static void injection__swap_always(void **state)
{
	struct qp_pair *l = injected_pair_mapped("swap-always");
	struct guest_work k = qp_pair_work(l, OPCODE_COMPARE_SWAP, 0, 8);
	uint64_t *target = guest_at(l->g, l->remote);

	*target = 10;
	k.compare = 11;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_int_equal(*target, 5);
	injected_pair_free(l);
}

/* The driver begins at the send queue's start again, the device does not. */
static void injection__reset_incomplete(void **state)
{
	struct qp_pair *l = injected_pair_mapped("reset-incomplete");
	struct qp *qp = qp_get(l->g->dev, l->pair.a.number);

	qp_pair_write(l, 0, 8);
	assert_int_equal(qp->send_consumed, 1);
	assert_int_equal(guest_simple(l->g, COMMAND_2RST_QP, destroy_qp_in_qpn,
				      l->pair.a.number),
			 STATUS_OK);
	assert_int_equal(qp->send_consumed, 1);
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(injection__permission_ignored),
		cmocka_unit_test(injection__bounds_loose),
		cmocka_unit_test(injection__window_unbounded),
		cmocka_unit_test(injection__window_early),
		cmocka_unit_test(injection__address_cut),
		cmocka_unit_test(injection__range_wraps),
		cmocka_unit_test(injection__freed_key),
		cmocka_unit_test(injection__invalidate_lost),
		cmocka_unit_test(injection__refusal_ok),
		cmocka_unit_test(injection__receive_fault_ok),
		cmocka_unit_test(injection__receive_overrun_ok),
		cmocka_unit_test(injection__resume_lost),
		cmocka_unit_test(injection__completion_of_another),
		cmocka_unit_test(injection__immediate_old),
		cmocka_unit_test(injection__solicited_lost),
		cmocka_unit_test(injection__atomic_new_value),
		cmocka_unit_test(injection__swap_always),
		cmocka_unit_test(injection__reset_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
