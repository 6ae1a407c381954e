// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mapped.c - the pages that the device has */
#include "evidence/mapped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/util.h"

#define BASE 0x248000000000ull

static struct mapped mapped;

static int teardown(void **state)
{
	mapped_clear(&mapped);
	return 0;
}

static uint8_t *page(uint64_t umem, uint64_t n)
{
	return mapped_page(&mapped, umem, BASE + n * PAGE_BYTES);
}

/* Adds up the states, and takes them. */
static void take(uint8_t *state, void *data)
{
	unsigned int *sum = data;

	*sum += *state;
	*state = 0;
}

static unsigned int sum(uint64_t from, uint64_t to)
{
	unsigned int total = 0;

	mapped_visit(&mapped, BASE + from, BASE + to, take, &total);
	return total;
}

static void page__is_absent_at_first(void **state)
{
	assert_int_equal(*page(1, 0), 0);
	assert_int_equal(*page(1, 511), 0);
	assert_int_equal(*page(1, 512), 0);
	assert_int_equal(mapped.blocks, 2);
}

static void page__keeps_its_state(void **state)
{
	for (uint64_t n = 0; n < 3 * MAPPED_BLOCK_PAGES; n++)
		*page(n % 3, n) = (uint8_t)(n % 5);
	for (uint64_t n = 0; n < 3 * MAPPED_BLOCK_PAGES; n++) {
		assert_int_equal(*page(n % 3, n), n % 5);
		assert_int_equal(*page(3, n), 0);
	}
}

static void remove__of_one_region(void **state)
{
	*page(1, 0) = *page(1, 1) = *page(1, 2) = *page(2, 1) = MAPPED_READ;
	mapped_remove(&mapped, 1, BASE + PAGE_BYTES, BASE + 2 * PAGE_BYTES);
	assert_int_equal(*page(1, 0), MAPPED_READ);
	assert_int_equal(*page(1, 1), 0);
	assert_int_equal(*page(1, 2), MAPPED_READ);
	assert_int_equal(*page(2, 1), MAPPED_READ);
}

/* A page goes if a part of it does. */
static void remove__of_parts_of_pages(void **state)
{
	*page(1, 0) = *page(1, 1) = *page(1, 2) = MAPPED_READ;
	mapped_remove(&mapped, 1, BASE + PAGE_BYTES - 1, BASE + PAGE_BYTES + 1);
	assert_int_equal(*page(1, 0), 0);
	assert_int_equal(*page(1, 1), 0);
	assert_int_equal(*page(1, 2), MAPPED_READ);
}

static void remove__over_several_blocks(void **state)
{
	static const uint64_t ends[] = { MiB(4), GiB(1), 1ull << 47 };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		for (uint64_t n = 0; n < 3 * MAPPED_BLOCK_PAGES; n++)
			*page(1, n) = *page(2, n) = MAPPED_READ;
		mapped_remove(&mapped, 1, BASE + MiB(1), BASE + ends[i]);
		assert_int_equal(*page(1, 255), MAPPED_READ);
		assert_int_equal(*page(1, 256), 0);
		assert_int_equal(*page(1, 1023), 0);
		assert_int_equal(*page(1, 1024), i ? 0 : MAPPED_READ);
		assert_int_equal(*page(2, 256), MAPPED_READ);
	}
}

static void doubt__of_all_pages(void **state)
{
	*page(1, 0) = MAPPED_READ;
	mapped_doubt(&mapped);
	assert_int_equal(*page(1, 0), MAPPED_READ | MAPPED_PERHAPS);
	assert_int_equal(*page(1, 1), MAPPED_PERHAPS);
	assert_int_equal(*page(7, 4711), MAPPED_PERHAPS);
	mapped_remove(&mapped, 1, BASE, BASE + PAGE_BYTES);
	assert_int_equal(*page(1, 0), 0);
}

static void visit__pages_of_all_regions_in_the_range(void **state)
{
	*page(1, 0) = 1;
	*page(2, 1) = 2;
	*page(1, 513) = 4;
	*page(1, 514) = 8;
	assert_int_equal(sum(MiB(4), MiB(8)), 0);
	assert_int_equal(sum(1, PAGE_BYTES), 1);
	assert_int_equal(sum(0, MiB(2) + 2 * PAGE_BYTES), 6);
	assert_int_equal(sum(0, MiB(4)), 8);
	*page(2, 1) = 2;
	assert_int_equal(sum(PAGE_BYTES, PAGE_BYTES + 1), 2);
}

static void clear__forgets_doubts_too(void **state)
{
	*page(1, 0) = MAPPED_READ;
	mapped_doubt(&mapped);
	mapped_clear(&mapped);
	assert_int_equal(mapped.blocks, 0);
	assert_int_equal(*page(1, 0), 0);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

static const struct CMUnitTest tests[] = {
	TEST(page__is_absent_at_first),
	TEST(page__keeps_its_state),
	TEST(remove__of_one_region),
	TEST(remove__of_parts_of_pages),
	TEST(remove__over_several_blocks),
	TEST(doubt__of_all_pages),
	TEST(visit__pages_of_all_regions_in_the_range),
	TEST(clear__forgets_doubts_too),
};

int main(void)
{
	return cmocka_run_group_tests_name("mapped", tests, NULL, NULL);
}
