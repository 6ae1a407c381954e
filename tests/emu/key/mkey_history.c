// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mkey_history.c - what is kept of a key's pages before their invalidation, and for how
 * long
 */
#include "key/mkey_history.h"
#include "cmocka_all.h"
#include "mkeys.h"

#include <errno.h>
#include <string.h>

#define AT	  0x200000ull /* in the guest's memory */
#define FLAGS	  (MTT_READ | MTT_WRITE)
#define PAGES	  4u
#define MAX_BYTES (64u << 20) /* kept of all keys' pages */

static struct mkey *mkey;

/* A key whose pages are all present, each full of its own number */
static int begin(void **state)
{
	struct guest *g = guest_new(SCHEME_MEMORY);
	uint32_t key = mkeys_add(g, (struct mkey){ .mode = MKEY_MTT,
						   .page_shift = 12,
						   .len = PAGES * PAGE,
						   .octowords = PAGES / 2 });

	for (unsigned int i = 0; i < PAGES; i++) {
		mkeys_page(g, key, i, (AT + (uint64_t)i * PAGE) | FLAGS);
		memset(guest_at(g, AT + (uint64_t)i * PAGE), (int)i + 1, PAGE);
	}
	mkey = mkeys_get(g, key);
	*state = g;
	return 0;
}

static int end(void **state)
{
	guest_free(*state);
	return 0;
}

/* All of the range is invalidated, and mapped again. */
static void keep(struct guest *g, enum injection injection, uint64_t first, uint64_t n)
{
	uint8_t before[PAGES * sizeof(uint64_t)];
	uint8_t *at = mkey->translations + first * sizeof(uint64_t);

	g->dev->inject.active = 0;
	assert_int_equal(rules_on(&g->dev->inject, injection_table.rows[injection].name),
			 0);
	memcpy(before, at, n * sizeof(uint64_t));
	memset(at, 0, n * sizeof(uint64_t));
	mkey_history_keep(g->dev, mkey, first, n, before);
	memcpy(at, before, n * sizeof(uint64_t));
}

/* A page that is mapped once more, or with other rights, was not taken. */
static void history__not_of_what_stays(void **state)
{
	uint8_t before[sizeof(uint64_t)];
	struct guest *g = *state;

	assert_int_equal(rules_on(&g->dev->inject, "read-stale"), 0);
	assert_true(mkey_history_is_on(g->dev));
	memcpy(before, mkey->translations, sizeof(before));
	mkey_history_keep(g->dev, mkey, 0, 1, before);
	assert_int_equal(mkey_history_entry(mkey, 0), 0);
	store_be64(mkey->translations, AT | MTT_READ);
	mkey_history_keep(g->dev, mkey, 0, 1, before);
	assert_int_equal(mkey_history_entry(mkey, 0), 0);
	store_be64(mkey->translations, (AT + PAGE) | FLAGS);
	mkey_history_keep(g->dev, mkey, 0, 1, before);
	assert_int_equal(mkey_history_entry(mkey, 0), AT | FLAGS);
}

static void history__only_for_injections(void **state)
{
	struct guest *g = *state;

	keep(g, INJECT_TORN, 0, PAGES);
	assert_null(mkey->history);
	assert_int_equal(mkey_history_entry(mkey, 0), 0);
	assert_null(mkey_history_page(mkey, 0));
	mkey->mode = MKEY_KLM;
	keep(g, INJECT_STALE, 0, PAGES);
	assert_null(mkey->history);
}

/* The translations of what was updated and present, until that is updated again */
static void history__entries(void **state)
{
	struct guest *g = *state;

	store_be64(mkey->translations + 8, AT); /* not present */
	keep(g, INJECT_STALE, 0, 3);
	assert_int_equal(mkey_history_entry(mkey, 0), AT | FLAGS);
	assert_int_equal(mkey_history_entry(mkey, 1), 0);
	assert_int_equal(mkey_history_entry(mkey, 2), (AT + 2 * PAGE) | FLAGS);
	assert_int_equal(mkey_history_entry(mkey, 3), 0);
	assert_null(mkey_history_page(mkey, 0));
	assert_int_equal(g->dev->history_bytes, 0);
	store_be64(mkey->translations, 0);
	store_be64(mkey->translations + 16, (AT + PAGE) | MTT_READ);
	keep(g, INJECT_STALE, 0, 3);
	assert_int_equal(mkey_history_entry(mkey, 0), AT | FLAGS);
	assert_int_equal(mkey_history_entry(mkey, 2), (AT + PAGE) | MTT_READ);
	keep(g, INJECT_STALE, 3, 1);
	assert_int_equal(mkey_history_entry(mkey, 3), (AT + 3 * PAGE) | FLAGS);
}

static void history__pages(void **state)
{
	uint8_t before[PAGE];
	struct guest *g = *state;

	keep(g, INJECT_OLD_READ, 1, 2);
	assert_int_equal(g->dev->history_bytes, 2 * PAGE);
	assert_null(mkey_history_page(mkey, 0));
	assert_null(mkey_history_page(mkey, 3));
	memset(guest_at(g, AT + PAGE), 0x77, PAGE);
	memset(before, 2, PAGE);
	assert_memory_equal(mkey_history_page(mkey, 1), before, PAGE);
	/* kept anew, in the same place */
	keep(g, INJECT_OLD_READ, 1, 1);
	memset(before, 0x77, PAGE);
	assert_memory_equal(mkey_history_page(mkey, 1), before, PAGE);
	assert_int_equal(g->dev->history_bytes, 2 * PAGE);
	/* out of the device's reach: nothing to keep */
	store_be64(mkey->translations, (GUEST_BASE + GUEST_BYTES) | FLAGS);
	keep(g, INJECT_OLD_READ, 0, 1);
	assert_null(mkey_history_page(mkey, 0));
	mkey_history_forget(g->dev, mkey);
	assert_null(mkey_history_page(mkey, 1));
	assert_int_equal(mkey_history_entry(mkey, 1), 0);
	assert_int_equal(g->dev->history_bytes, 0);
	mkey_history_forget(g->dev, mkey);
	assert_int_equal(g->dev->history_bytes, 0);
}

/* Pages of another size than before are not comparable. */
static void history__page_size_changed(void **state)
{
	struct guest *g = *state;

	keep(g, INJECT_OLD_READ, 0, PAGES);
	assert_int_equal(g->dev->history_bytes, PAGES * PAGE);
	mkey->page_shift = 13;
	assert_null(mkey_history_page(mkey, 0));
	keep(g, INJECT_OLD_READ, 2, 1);
	assert_int_equal(g->dev->history_bytes, 2 * PAGE);
	assert_int_equal(mkey_history_entry(mkey, 0), 0);
	assert_int_equal(mkey_history_page(mkey, 2)[2 * PAGE - 1], 4);
}

/* What a read may see is kept, also where the device must not write. */
static void history__of_read_only_memory(void **state)
{
	struct guest *g = *state;

	dma_window(&g->dev->dma, GUEST_BASE)->writable = false;
	keep(g, INJECT_OLD_READ, 0, 1);
	assert_non_null(mkey_history_page(mkey, 0));
}

static void history__limit(void **state)
{
	struct guest *g = *state;

	g->dev->history_bytes = MAX_BYTES - PAGE;
	keep(g, INJECT_OLD_READ, 0, 2);
	assert_non_null(mkey_history_page(mkey, 0));
	assert_null(mkey_history_page(mkey, 1));
	assert_int_equal(g->dev->history_bytes, MAX_BYTES);
	/* the translation takes no part in that */
	assert_int_equal(mkey_history_entry(mkey, 1), (AT + PAGE) | FLAGS);
}

static void history__freed_with_its_key(void **state)
{
	struct guest *g = *state;

	keep(g, INJECT_OLD_READ, 0, PAGES);
	mkey_free(g->dev, mkey);
	assert_int_equal(g->dev->history_bytes, 0);
}

/* The key's pages as a read finds them: from the byte that it asked for on */
static void history__at_translation(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkey->object.number << 8 | mkey->variant;
	struct mkeys_place place;

	keep(g, INJECT_OLD_READ, 0, PAGES);
	place = mkeys_read(g, key, PAGE + 9, 4);
	assert_ptr_equal(place.span.old, mkey_history_page(mkey, 1) + 9);
}

/* By the injection, a page that is gone leads to where it was; one never there faults. */
static void history__stale_translation(void **state)
{
	struct guest *g = *state;
	uint32_t key = mkey->object.number << 8 | mkey->variant;
	struct mkeys_place place;

	keep(g, INJECT_STALE, 0, 1);
	mkeys_page(g, key, 0, 0);
	mkeys_page(g, key, 1, 0);
	place = mkeys_write(g, key, 3, 4);
	assert_int_equal(mkeys_address(g, &place), AT + 3);
	assert_int_equal(mkeys_write(g, key, PAGE, 4).ret, -EAGAIN);
	/* one that is there again is not stale */
	mkeys_page(g, key, 0, (AT + 2 * PAGE) | FLAGS);
	place = mkeys_write(g, key, 3, 4);
	assert_int_equal(mkeys_address(g, &place), AT + 2 * PAGE + 3);
	mkeys_page(g, key, 0, 0);
	g->dev->inject.active = 0;
	assert_int_equal(mkeys_write(g, key, 3, 4).ret, -EAGAIN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(history__only_for_injections),
		TEST(history__not_of_what_stays),
		TEST(history__entries),
		TEST(history__pages),
		TEST(history__page_size_changed),
		TEST(history__of_read_only_memory),
		TEST(history__limit),
		TEST(history__freed_with_its_key),
		TEST(history__at_translation),
		TEST(history__stale_translation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
