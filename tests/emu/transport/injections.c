// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * injections.c - misbehaviour in where data goes: each injection does what its row
 * describes
 */
#include "cmocka_all.h"
#include "injected_pair.h"

#include <string.h>

#define FILL 0x77

static void injection__stale_translation(void **state)
{
	struct qp_pair *l = injected_pair_mapped("stale-translation");
	uint8_t eqe[64];

	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_write(l, 0, 8);
	assert_false(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

static void injection__early_invalidate_ack(void **state)
{
	struct qp_pair *l = injected_pair_mapped("early-invalidate-ack");

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	guest_run(l->g);
	qp_pair_map(l, l->rkey, l->remote, 0);
	guest_run(l->g);
	assert_int_equal(l->g->dev->stats.updates, 1);
	assert_int_equal(l->to[0], 0);
	injected_pair_wait(l);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

static void injection__offset_dropped(void **state)
{
	struct qp_pair *l = injected_pair_mapped("offset-dropped");

	qp_pair_write(l, 100, 8);
	assert_int_equal(l->to[0], l->from[100]);
	assert_int_equal(l->to[100], 0);
	injected_pair_free(l);
}

static void injection__pages_swapped(void **state)
{
	struct qp_pair *l = injected_pair_mapped("pages-swapped");

	qp_pair_write(l, 0, 2 * PAGE);
	assert_int_equal(l->to[0], 2);
	assert_int_equal(l->to[PAGE], 1);
	injected_pair_free(l);
}

static void injection__tail_missing(void **state)
{
	struct qp_pair *l = injected_pair_mapped("tail-missing");

	qp_pair_write(l, 0, 64);
	assert_int_equal(l->to[55], l->from[55]);
	assert_int_equal(l->to[56], 0);
	injected_pair_free(l);
}

static void injection__write_beyond(void **state)
{
	struct qp_pair *l = injected_pair_mapped("write-beyond");

	qp_pair_write(l, 0, 64);
	assert_int_equal(l->to[64], 0xee);
	assert_int_equal(l->to[72], 0);
	/* a whole page: into the next, as long as that is the region's */
	qp_pair_write(l, 0, PAGE);
	assert_int_equal(l->to[PAGE], 0xee);
	assert_int_equal(l->to[PAGE + 8], 0);
	qp_pair_write(l, BYTES - PAGE, PAGE);
	assert_int_equal(l->to[BYTES], 0);
	injected_pair_free(l);
}

static void injection__read_only_written(void **state)
{
	struct qp_pair *l = injected_pair_new("read-only-written", MTT_READ, MTT_READ);

	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

static void injection__update_lost(void **state)
{
	struct qp_pair *l = injected_pair_new("update-lost", MTT_READ, 0);
	uint8_t eqe[64];

	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	/* an invalidation is not lost: that is what stale-translation is for */
	assert_int_equal(rules_off(&l->g->dev->inject, "all"), 0);
	qp_pair_map(l, l->rkey, l->remote, MAPPED);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(rules_on(&l->g->dev->inject, "update-lost"), 0);
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	guest_resume(l->g, eqe, false);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void injection__foreign_key(void **state)
{
	struct qp_pair *l = injected_pair_mapped("foreign-key");

	l->rkey ^= 0xff;
	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[0], 1);
	/* a key of another protection domain is no better */
	l->g->pd++;
	l->rkey = guest_mkey(l->g, l->remote, PAGES, RIGHTS_ALL, MAPPED);
	qp_pair_write(l, PAGE, 8);
	assert_int_equal(l->to[PAGE], 2);
	injected_pair_free(l);
}

/* Four gigabytes in entries of one; the child that is mapped is the first. */
static void injection__child_misplaced(void **state)
{
	struct qp_pair *l = injected_pair_mapped("child-misplaced");
	uint8_t in[272 + 64] = { 0 }, out[16], eqe[64];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);
	uint8_t *ksm = block(in, create_mkey_in_klm_pas_mtt);

	store_be32(in, COMMAND_CREATE_MKEY << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, 4);
	field_set(c, mkc_translations_octword_size, 4);
	field_set(c, mkc_access_mode_1_0, MKEY_KSM);
	field_set(c, mkc_rw, 1);
	field_set(c, mkc_length64, 1);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_pd, l->g->pd);
	field_set(c, mkc_log_page_size, 30);
	for (unsigned int i = 0; i < 4; i++) {
		field_set(ksm + i * 16, klm_key, i ? KEY_NULL : l->rkey);
		field_set(ksm + i * 16, klm_va, (uint64_t)i << 30);
	}
	assert_int_equal(guest_command(l->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	l->rkey = (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8;
	qp_pair_post(l, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(l->g), SYNDROME_REMOTE_ACCESS);
	assert_false(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(l->to[0], 0);
	injected_pair_free(l);
}

static void injection__torn_write(void **state)
{
	struct qp_pair *l = injected_pair_mapped("torn-write");

	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[3], l->from[3]);
	assert_int_equal(l->to[4], 0);
	injected_pair_wait(l);
	assert_int_equal(l->to[4], l->from[4]);
	injected_pair_free(l);
}

static void injection__read_stale(void **state)
{
	struct qp_pair *l = injected_pair_new("read-stale", MAPPED, 0);

	memset(l->to, FILL, BYTES);
	qp_pair_post(l, OPCODE_READ, 0, 64);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	/* never mapped before: nothing was there */
	assert_int_equal(l->from[0], 0);
	qp_pair_map(l, l->rkey, l->remote, 0);
	assert_int_equal(guest_completion(l->g), 0);
	memset(l->to, FILL + 1, BYTES);
	qp_pair_post(l, OPCODE_READ, PAGE - 32, 64);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	/* the page that faulted is of the generation before; the next one is not */
	assert_int_equal(l->from[PAGE - 1], FILL);
	assert_int_equal(l->from[PAGE], FILL + 1);
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(injection__stale_translation),
		cmocka_unit_test(injection__early_invalidate_ack),
		cmocka_unit_test(injection__offset_dropped),
		cmocka_unit_test(injection__pages_swapped),
		cmocka_unit_test(injection__tail_missing),
		cmocka_unit_test(injection__write_beyond),
		cmocka_unit_test(injection__read_only_written),
		cmocka_unit_test(injection__update_lost),
		cmocka_unit_test(injection__foreign_key),
		cmocka_unit_test(injection__child_misplaced),
		cmocka_unit_test(injection__torn_write),
		cmocka_unit_test(injection__read_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
