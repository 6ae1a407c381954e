// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* injections_data.c - misbehaviour in which bytes of a message move, and when */
#include "cmocka_all.h"
#include "injected_pair.h"

#include "transfer/delayed_dma.h"

#include <string.h>

#define UNIT	    16u
#define LONG_PAGES  20u
#define LONG_BYTES  (LONG_PAGES * PAGE)
#define HOLE	    64u
#define HOLE_AT	    (64u << 10)
#define PIECE_BYTES 8u

/* A region of @pages pages, mapped with @flags; its key */
static uint32_t region(struct qp_pair *l, unsigned int pages, unsigned int flags,
		       uint64_t *addr)
{
	*addr = guest_alloc(l->g, (uint64_t)pages * PAGE);
	return guest_mkey(l->g, *addr, pages, RIGHTS_ALL, flags);
}

/* A WRITE to the remote region of pieces of the local one, each a page further on */
static void write_pieces(struct qp_pair *l, unsigned int n, const uint32_t *keys)
{
	uint8_t wqe[2 * WQE_BLOCK] = { 0 };

	qp_pair_begin_write(l, wqe, 2 + n);
	for (unsigned int i = 0; i < n; i++) {
		uint8_t *seg = wqe + (2 + i) * UNIT;

		guest_segment(seg, l->local + i * PAGE, PIECE_BYTES, keys[i]);
	}
	guest_post_raw(l->g, &l->pair.a, wqe, n > 2 ? 2 : 1);
}

/* The second key covers no more than the second page: the third piece is out of it. */
static void injection__send_key_wrong(void **state)
{
	struct qp_pair *l = injected_pair_mapped("send-key-wrong");
	uint32_t keys[3] = { l->lkey, 0, l->lkey };

	keys[1] = guest_mkey(l->g, l->local + PAGE, 1, RIGHTS_ALL, MAPPED);
	write_pieces(l, 2, keys);
	assert_int_equal(guest_completion(l->g), 0);
	write_pieces(l, 3, keys);
	assert_int_equal(guest_completion(l->g), SYNDROME_LOCAL_PROTECTION);
	injected_pair_free(l);
}

static void injection__pieces_swapped(void **state)
{
	struct qp_pair *l = injected_pair_mapped("pieces-swapped");
	const uint32_t keys[2] = { l->lkey, l->lkey };

	write_pieces(l, 2, keys);
	assert_int_equal(guest_completion(l->g), 0);
	assert_memory_equal(l->to, l->from + PAGE, PIECE_BYTES);
	assert_memory_equal(l->to + PIECE_BYTES, l->from, PIECE_BYTES);
	injected_pair_free(l);
}

/* 64 bytes after the first 64 KiB, and only of a message that goes on after them */
static void injection__block_missing(void **state)
{
	struct qp_pair *l = injected_pair_mapped("block-missing");
	struct guest_work k = qp_pair_work(l, OPCODE_WRITE, 0, HOLE_AT + HOLE - 1);
	uint8_t *to;

	k.lkey = region(l, LONG_PAGES, MAPPED, &k.local);
	k.rkey = region(l, LONG_PAGES, MAPPED, &k.remote);
	to = guest_at(l->g, k.remote);
	memset(guest_at(l->g, k.local), 1, LONG_BYTES);
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_int_equal(to[k.len - 1], 1);
	memset(to, 0, LONG_BYTES);
	k.len = LONG_BYTES;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	for (unsigned int i = 0; i < LONG_BYTES; i++)
		assert_int_equal(to[i], i < HOLE_AT || i >= HOLE_AT + HOLE);
	injected_pair_free(l);
}

static void injection__read_tail_missing(void **state)
{
	struct qp_pair *l = injected_pair_mapped("read-tail-missing");

	memset(l->to, 0x77, BYTES);
	qp_pair_post(l, OPCODE_READ, 0, 64);
	assert_int_equal(guest_completion(l->g), 0);
	assert_int_equal(l->from[55], 0x77);
	assert_int_equal(l->from[56], 57);
	injected_pair_free(l);
}

/* What was not written lies where the message went on. */
static void resume_skips(const char *behaviour)
{
	struct qp_pair *l = injected_pair_new("resume-skips", MAPPED, 0);
	uint64_t first[2] = { l->remote | MAPPED, 0 };

	if (behaviour)
		assert_int_equal(rules_on(&l->g->dev->behave, behaviour), 0);
	guest_update(l->g, &l->umr, l->rkey, 0, 2, first);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_post(l, OPCODE_WRITE, 0, 2 * PAGE);
	qp_pair_resolve(l, l->rkey, l->remote);
	delayed_dma_finish_all(l->g->dev);
	guest_run(l->g);
	assert_int_equal(guest_completion(l->g), 0);
	for (unsigned int i = 0; i < 2 * PAGE; i++)
		assert_int_equal(l->to[i], i < PAGE || i >= PAGE + HOLE ? l->from[i] : 0);
	injected_pair_free(l);
}

static void injection__resume_skips(void **state)
{
	resume_skips(NULL);
}

/* Nor is it written by a device whose data lands later. */
static void injection__resume_skips_in_disorder(void **state)
{
	resume_skips("dma-unordered:us=1000000");
}

/* No event of the page at the end, and no data in it */
static void injection__last_page_dropped(void **state)
{
	struct qp_pair *l = injected_pair_new("last-page-dropped", MAPPED, 0);
	uint64_t first[2] = { l->remote | MAPPED, 0 };
	uint8_t eqe[64];

	guest_update(l->g, &l->umr, l->rkey, 0, 2, first);
	assert_int_equal(guest_completion(l->g), 0);
	qp_pair_write(l, 0, 2 * PAGE);
	assert_false(guest_event(l->g, &l->g->faults, eqe));
	assert_int_equal(l->to[PAGE - 1], l->from[PAGE - 1]);
	assert_int_equal(l->to[PAGE], 0);
	/* of a message of one page it is the first, too */
	qp_pair_post(l, OPCODE_WRITE, PAGE, PAGE);
	assert_true(guest_event(l->g, &l->g->faults, eqe));
	injected_pair_free(l);
}

/*
 * A READ after the WRITE gets what was there before it; without a fault nothing is late.
 */
static void injection__last_page_late(void **state)
{
	struct qp_pair *l = injected_pair_new("last-page-late", MAPPED, 0);
	struct guest_work k = qp_pair_work(l, OPCODE_READ, PAGE, 8);

	qp_pair_post(l, OPCODE_WRITE, 0, 2 * PAGE);
	qp_pair_resolve(l, l->rkey, l->remote);
	assert_int_equal(guest_completion(l->g), 0);
	k.local = l->local + 2 * PAGE;
	assert_int_equal(qp_pair_outcome(l, &k), 0);
	assert_int_equal(l->from[2 * PAGE], 0);
	assert_int_equal(l->to[0], l->from[0]);
	injected_pair_wait(l);
	assert_int_equal(l->to[PAGE], l->from[PAGE]);
	qp_pair_write(l, 3 * PAGE, 8);
	assert_int_equal(l->to[3 * PAGE], l->from[3 * PAGE]);
	injected_pair_free(l);
}

/* What the processor has written meanwhile is gone. */
static void injection__write_replayed(void **state)
{
	struct qp_pair *l = injected_pair_mapped("write-replayed");

	qp_pair_write(l, 0, 8);
	assert_int_equal(l->to[0], 1);
	l->to[0] = 0x77;
	injected_pair_wait(l);
	assert_int_equal(l->to[0], 1);
	injected_pair_free(l);
}

/* Sixteen pages, of which the last eight do not come; nor do they go. */
static void injection__update_tail_lost(void **state)
{
	struct qp_pair *l = injected_pair_mapped("update-tail-lost");
	uint64_t addr, values[16];
	uint32_t key = region(l, 16, 0, &addr);
	const uint8_t *table = mkey_find(l->g->dev, key)->translations;

	for (unsigned int i = 0; i < 16; i++)
		values[i] = (addr + i * PAGE) | MAPPED;
	guest_update(l->g, &l->umr, key, 0, 8, values);
	assert_int_equal(guest_completion(l->g), 0);
	assert_true(load_be64(table + 7 * 8) == values[7]);
	guest_update(l->g, &l->umr, key, 0, 16, values);
	assert_int_equal(guest_completion(l->g), 0);
	assert_true(load_be64(table + 7 * 8) == values[7]);
	assert_int_equal(load_be64(table + 8 * 8), 0);
	injected_pair_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(injection__send_key_wrong),
		cmocka_unit_test(injection__pieces_swapped),
		cmocka_unit_test(injection__block_missing),
		cmocka_unit_test(injection__read_tail_missing),
		cmocka_unit_test(injection__resume_skips),
		cmocka_unit_test(injection__resume_skips_in_disorder),
		cmocka_unit_test(injection__last_page_dropped),
		cmocka_unit_test(injection__last_page_late),
		cmocka_unit_test(injection__write_replayed),
		cmocka_unit_test(injection__update_tail_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
