// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * translate.c - an address under a key of pages: where it leads, and when it is a fault
 */
#include "cmocka_all.h"
#include "mkeys.h"

#include <errno.h>
#include <string.h>

#define START 0x7f0000000100ull /* not the beginning of a page */
#define AT    0x200000ull	/* in the guest's memory */
#define FLAGS (MTT_READ | MTT_WRITE)

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

/* Three pages of memory that is two pieces: 2, 3, 0. The fourth entry is not present. */
static uint32_t three_pages(struct guest *g)
{
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_MTT,
						   .page_shift = 12,
						   .start = START,
						   .len = 4 * PAGE,
						   .octowords = 2 });

	mkeys_page(g, key, 0, (AT + 2 * PAGE) | FLAGS);
	mkeys_page(g, key, 1, (AT + 3 * PAGE) | FLAGS);
	mkeys_page(g, key, 2, AT | FLAGS);
	return key;
}

static void pages__in_pieces(void **state)
{
	struct guest *g = *state;
	uint32_t key = three_pages(g);
	struct mkeys_place place = mkeys_write(g, key, START, 3 * PAGE);

	assert_int_equal(mkeys_address(g, &place), AT + 2 * PAGE + 0x100);
	assert_int_equal(place.span.len, 2 * PAGE - 0x100);
	assert_ptr_equal(place.span.leaf, mkeys_get(g, key));
	assert_null(place.span.old);
	place = mkeys_read(g, key, START + PAGE + 8, 16);
	assert_int_equal(mkeys_address(g, &place), AT + 3 * PAGE + 0x108);
	assert_int_equal(place.span.len, 16);
	place = mkeys_read(g, key, START + 2 * PAGE - 0x100, PAGE);
	assert_int_equal(mkeys_address(g, &place), AT);
	assert_int_equal(place.span.len, PAGE);
	/* injections act on each page */
	g->dev->inject.active = 1ull << INJECT_TORN;
	place = mkeys_read(g, key, START + 1, 3 * PAGE);
	assert_int_equal(place.span.len, PAGE - 0x101);
}

/* Neighbours whose flags differ are not one piece, nor is what lies beyond the table. */
static void pages__end_of_piece(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_MTT,
						   .page_shift = 13,
						   .whole = true,
						   .octowords = 1 });
	struct mkeys_place place;

	for (unsigned int i = 0; i < 4; i++)
		mkeys_page(g, key, i, (AT + i * 2 * PAGE) | FLAGS);
	place = mkeys_write(g, key, 0, 8 * PAGE);
	assert_int_equal(mkeys_address(g, &place), AT);
	assert_int_equal(place.span.len, 4 * PAGE);
	assert_int_equal(mkeys_read(g, key, 4 * PAGE, 1).ret, -EACCES);
	mkeys_page(g, key, 1, (AT + 2 * PAGE) | MTT_READ);
	assert_int_equal(mkeys_write(g, key, 0, 8 * PAGE).span.len, 2 * PAGE);
}

static void assert_fault(const struct mkeys_place *place, uint32_t key, uint64_t va,
			 uint64_t bytes, bool write)
{
	assert_int_equal(place->ret, -EAGAIN);
	assert_int_equal(place->missing.mkey, key);
	assert_int_equal(place->missing.va, va);
	assert_int_equal(place->missing.bytes, bytes);
	assert_int_equal(place->missing.write, write);
}

/* A page that is not present faults for all, one that is read-only for a write. */
static void pages__fault(void **state)
{
	struct guest *g = *state;
	uint32_t key = three_pages(g);
	struct mkeys_place place = mkeys_read(g, key, START + 3 * PAGE, PAGE - 0x100);

	assert_fault(&place, key, START + 3 * PAGE, PAGE - 0x100, false);
	place = mkeys_write(g, key, START + 3 * PAGE + 1, 8);
	assert_fault(&place, key, START + 3 * PAGE + 1, 8, true);
	mkeys_page(g, key, 3, AT | MTT_READ);
	place = mkeys_write(g, key, START + 3 * PAGE, 8);
	assert_fault(&place, key, START + 3 * PAGE, 8, true);
	place = mkeys_read(g, key, START + 3 * PAGE, 8);
	assert_int_equal(mkeys_address(g, &place), AT + 0x100);
	/* without the flag for reads that for writes does not count */
	mkeys_page(g, key, 3, AT | MTT_WRITE);
	place = mkeys_write(g, key, START + 3 * PAGE, 8);
	assert_fault(&place, key, START + 3 * PAGE, 8, true);
	/* the device does not reach it: no fault, an error */
	mkeys_page(g, key, 3, (GUEST_BASE + GUEST_BYTES) | FLAGS);
	assert_int_equal(mkeys_read(g, key, START + 3 * PAGE, 8).ret, -EACCES);
}

/* By the behaviour, a page that is present faults once, unless it was just resolved. */
static void pages__spurious_fault(void **state)
{
	struct guest *g = *state;
	uint32_t key = three_pages(g);
	const struct access resumed = { .pd = DOMAIN, .resumed = true };
	struct missing missing;
	struct span span;
	struct mkeys_place place;

	assert_int_equal(rules_on(&g->dev->behave, "fault-spurious"), 0);
	assert_int_equal(mkeys_read(g, key, START, 8).ret, 0);
	mkeys_get(g, key)->on_demand = true;
	place = mkeys_read(g, key, START, 8);
	assert_fault(&place, key, START, 8, false);
	assert_int_equal(mkey_translate(g->dev, &resumed, key, START, 8, &span, &missing),
			 0);
	/* a page that was mapped to be read, in a region that may be written */
	mkeys_page(g, key, 0, AT | MTT_READ);
	mkeys_get(g, key)->rights |= RIGHT_REMOTE_WRITE;
	assert_int_equal(mkeys_read(g, key, START, 8).ret, 0);
	mkeys_get(g, key)->rights &= ~(unsigned int)RIGHT_REMOTE_WRITE;
	place = mkeys_read(g, key, START, 8);
	assert_fault(&place, key, START, 8, false);
}

/* By the injection, a read-only page is written, but none that is not present. */
static void pages__read_only_written(void **state)
{
	struct guest *g = *state;
	uint32_t key = three_pages(g);

	mkeys_page(g, key, 0, AT | MTT_READ);
	mkeys_page(g, key, 1, AT);
	assert_int_equal(rules_on(&g->dev->inject,
				  injection_table.rows[INJECT_READ_ONLY].name),
			 0);
	assert_int_equal(mkeys_write(g, key, START, 8).ret, 0);
	assert_int_equal(mkeys_write(g, key, START + PAGE, 8).ret, -EAGAIN);
	mkeys_page(g, key, 1, AT | FLAGS);
	assert_int_equal(mkeys_write(g, key, START + PAGE, 8).ret, 0);
	assert_int_equal(g->dev->inject.rules[INJECT_READ_ONLY].occasions, 1);
}

static void physical__as_it_is(void **state)
{
	struct guest *g = *state;
	uint32_t key =
		mkeys_add(g, (struct mkey){ .mode = MKEY_PHYSICAL, .whole = true });
	uint64_t last = GUEST_BASE + GUEST_BYTES - 8;
	struct mkeys_place place = mkeys_write(g, key, last, 100);

	assert_int_equal(mkeys_address(g, &place), last);
	assert_int_equal(place.span.len, 8);
	assert_ptr_equal(place.span.leaf, mkeys_get(g, key));
	assert_int_equal(mkeys_read(g, key, last + 8, 1).ret, -EACCES);
	dma_window(&g->dev->dma, GUEST_BASE)->writable = false;
	assert_int_equal(mkeys_write(g, key, AT, 1).ret, -EACCES);
	assert_int_equal(mkeys_read(g, key, AT, 1).ret, 0);
	mkeys_get(g, key)->mode = MKEY_KSM + 1;
	assert_int_equal(mkeys_read(g, key, AT, 1).ret, -EACCES);
}

/* The reserved key is for those that may use physical addresses, and not in a list. */
static void reserved__only_for_kernel(void **state)
{
	struct guest *g = *state;
	const struct access access = { .pd = DOMAIN, .physical = true };
	uint32_t list = mkeys_add(
		g, (struct mkey){ .mode = MKEY_KLM, .len = PAGE, .octowords = 1 });
	struct mkeys_place place = { 0 };

	assert_int_equal(mkeys_read(g, KEY_RESERVED, AT, 8).ret, -EACCES);
	assert_int_equal(mkey_translate(g->dev, &access, KEY_RESERVED, AT, 8, &place.span,
					&place.missing),
			 0);
	assert_int_equal(mkeys_address(g, &place), AT);
	assert_null(place.span.leaf);
	mkeys_child(g, list, 0, KEY_RESERVED, AT, PAGE);
	assert_int_equal(mkey_translate(g->dev, &access, list, 0, 8, &place.span,
					&place.missing),
			 -EACCES);
}

/* The null key reads zeros, a page at a time, whatever was written there before. */
static void null__reads_zeros(void **state)
{
	static const uint8_t zeros[PAGE];
	struct guest *g = *state;
	struct mkeys_place place = mkeys_write(g, KEY_NULL, 5, 2 * PAGE);

	assert_int_equal(place.ret, 0);
	assert_int_equal(place.span.len, PAGE);
	assert_null(place.span.leaf);
	memset(place.span.host, 0x77, PAGE);
	place = mkeys_write(g, KEY_NULL, 5, 8);
	assert_int_equal(place.span.len, 8);
	assert_int_equal(place.span.host[0], 0x77);
	place = mkeys_read(g, KEY_NULL, 5, PAGE);
	assert_int_equal(place.span.len, PAGE);
	assert_memory_equal(place.span.host, zeros, PAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages__in_pieces),
		TEST(pages__end_of_piece),
		TEST(pages__fault),
		TEST(pages__spurious_fault),
		TEST(pages__read_only_written),
		TEST(physical__as_it_is),
		TEST(reserved__only_for_kernel),
		TEST(null__reads_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
