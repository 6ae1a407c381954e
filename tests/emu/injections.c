// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* injections.c - misbehaviour in where data goes: each injection does what its row says */
#include "cmocka_all.h"
#include "injected.h"

#include <string.h>

static void stale_translation(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("stale-translation");
	uint8_t eqe[64];

	injected_map(w, w->rkey, w->remote, 0);
	assert_int_equal(guest_completion(w->g), 0);
	injected_write(w, 0, 8);
	assert_false(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(w->to[0], 1);
	injected_free(w);
}

static void early_invalidate_ack(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("early-invalidate-ack");

	injected_post(w, OPCODE_WRITE, 0, 8);
	guest_run(w->g);
	injected_map(w, w->rkey, w->remote, 0);
	guest_run(w->g);
	assert_int_equal(w->g->dev->stats.updates, 1);
	assert_int_equal(w->to[0], 0);
	injected_wait(w);
	assert_int_equal(w->to[0], 1);
	injected_free(w);
}

static void offset_dropped(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("offset-dropped");

	injected_write(w, 100, 8);
	assert_int_equal(w->to[0], 1);
	assert_int_equal(w->to[100], 0);
	injected_free(w);
}

static void pages_swapped(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("pages-swapped");

	injected_write(w, 0, 2 * PAGE);
	assert_int_equal(w->to[0], 2);
	assert_int_equal(w->to[PAGE], 1);
	injected_free(w);
}

static void tail_missing(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("tail-missing");

	injected_write(w, 0, 64);
	assert_int_equal(w->to[55], 1);
	assert_int_equal(w->to[56], 0);
	injected_free(w);
}

static void write_beyond(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("write-beyond");

	injected_write(w, 0, 64);
	assert_int_equal(w->to[64], 0xee);
	assert_int_equal(w->to[72], 0);
	/* a whole page: into the next, as long as that is the region's */
	injected_write(w, 0, PAGE);
	assert_int_equal(w->to[PAGE], 0xee);
	assert_int_equal(w->to[PAGE + 8], 0);
	injected_write(w, BYTES - PAGE, PAGE);
	assert_int_equal(w->to[BYTES], 0);
	injected_free(w);
}

static void read_only_written(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("read-only-written", MTT_READ, MTT_READ);

	injected_write(w, 0, 8);
	assert_int_equal(w->to[0], 1);
	injected_free(w);
}

static void update_lost(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("update-lost", MTT_READ, 0);
	uint8_t eqe[64];

	injected_post(w, OPCODE_WRITE, 0, 8);
	injected_resolve(w, w->rkey, w->remote);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	/* an invalidation is not lost: that is what stale-translation is for */
	assert_int_equal(inject_off(&w->g->dev->inject, "all"), 0);
	injected_map(w, w->rkey, w->remote, MTT_READ | MTT_WRITE);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(inject_on(&w->g->dev->inject, "update-lost"), 0);
	injected_map(w, w->rkey, w->remote, 0);
	assert_int_equal(guest_completion(w->g), 0);
	guest_resume(w->g, eqe, false);
	injected_resolve(w, w->rkey, w->remote);
	assert_true(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(w->to[0], 0);
	injected_free(w);
}

static void foreign_key(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("foreign-key");

	w->rkey ^= 0xff;
	injected_write(w, 0, 8);
	assert_int_equal(w->to[0], 1);
	/* a key of another protection domain is no better */
	w->g->pd++;
	w->rkey = guest_mkey(w->g, w->remote, PAGES, RIGHTS_ALL, MTT_READ | MTT_WRITE);
	injected_write(w, PAGE, 8);
	assert_int_equal(w->to[PAGE], 2);
	injected_free(w);
}

/* Four gigabytes in entries of one; the child that is mapped is the first. */
static void child_misplaced(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("child-misplaced");
	uint8_t in[272 + 64] = { 0 }, out[16], eqe[64];
	uint8_t *c = block(in, create_mkey_in_memory_key_mkey_entry);
	uint8_t *ksm = block(in, create_mkey_in_klm_pas_mtt);

	store_be32(in, 0x200u << 16);
	field_set(in, create_mkey_in_translations_octword_actual_size, 4);
	field_set(c, mkc_translations_octword_size, 4);
	field_set(c, mkc_access_mode_1_0, MKEY_KSM);
	field_set(c, mkc_rw, 1);
	field_set(c, mkc_length64, 1);
	field_set(c, mkc_qpn, MKEY_ANY_QP);
	field_set(c, mkc_pd, w->g->pd);
	field_set(c, mkc_log_page_size, 30);
	for (unsigned int i = 0; i < 4; i++) {
		field_set(ksm + i * 16, klm_key, i ? KEY_NULL : w->rkey);
		field_set(ksm + i * 16, klm_va, (uint64_t)i << 30);
	}
	assert_int_equal(guest_command(w->g, in, sizeof(in), out, sizeof(out)),
			 STATUS_OK);
	w->rkey = (uint32_t)field_get(out, create_mkey_out_mkey_index) << 8;
	injected_post(w, OPCODE_WRITE, 0, 8);
	assert_int_equal(guest_completion(w->g), SYNDROME_REMOTE_ACCESS);
	assert_false(guest_event(w->g, &w->g->faults, eqe));
	assert_int_equal(w->to[0], 0);
	injected_free(w);
}

static void torn_write(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("torn-write");

	injected_write(w, 0, 8);
	assert_int_equal(w->to[3], 1);
	assert_int_equal(w->to[4], 0);
	injected_wait(w);
	assert_int_equal(w->to[4], 1);
	injected_free(w);
}

static void read_stale(void **state __attribute__((unused)))
{
	struct injected *w = injected_new("read-stale", MTT_READ | MTT_WRITE, 0);

	memset(w->to, FILL, BYTES);
	injected_post(w, OPCODE_READ, 0, 64);
	injected_resolve(w, w->rkey, w->remote);
	assert_int_equal(guest_completion(w->g), 0);
	/* never mapped before: nothing was there */
	assert_int_equal(w->from[0], 0);
	injected_map(w, w->rkey, w->remote, 0);
	assert_int_equal(guest_completion(w->g), 0);
	memset(w->to, FILL + 1, BYTES);
	injected_post(w, OPCODE_READ, PAGE - 32, 64);
	injected_resolve(w, w->rkey, w->remote);
	assert_int_equal(guest_completion(w->g), 0);
	/* the page that faulted is of the generation before; the next one is not */
	assert_int_equal(w->from[PAGE - 1], FILL);
	assert_int_equal(w->from[PAGE], FILL + 1);
	injected_free(w);
}

static void slow_dma(void **state __attribute__((unused)))
{
	struct injected *w = injected_mapped("slow-dma");

	injected_post(w, OPCODE_WRITE, 0, 8);
	guest_run(w->g);
	assert_int_equal(w->to[0], 0);
	assert_int_equal(guest_completion(w->g), 0);
	assert_int_equal(w->to[0], 1);
	injected_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stale_translation),
		cmocka_unit_test(early_invalidate_ack),
		cmocka_unit_test(offset_dropped),
		cmocka_unit_test(pages_swapped),
		cmocka_unit_test(tail_missing),
		cmocka_unit_test(write_beyond),
		cmocka_unit_test(read_only_written),
		cmocka_unit_test(update_lost),
		cmocka_unit_test(foreign_key),
		cmocka_unit_test(child_misplaced),
		cmocka_unit_test(torn_write),
		cmocka_unit_test(read_stale),
		cmocka_unit_test(slow_dma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
