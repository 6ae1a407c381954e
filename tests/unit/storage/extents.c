// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* extents.c - which extents a 2 MiB page can map */
#include "storage/extents.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/util.h"

static bool huge(uint64_t logical, uint64_t physical, uint64_t length)
{
	return extent_is_huge(&(struct extent){ logical, physical, length, false });
}

static void huge__one_aligned_block(void **state)
{
	assert_true(huge(0, MiB(64), MiB(2)));
	assert_true(huge(MiB(2), MiB(64), MiB(9)));
	assert_false(huge(0, MiB(64), MiB(2) - 1));
	assert_false(huge(0, 0, 0));
}

/* Aligned in the file and on the media, or equally far from it. */
static void huge__only_where_both_are_aligned_alike(void **state)
{
	assert_false(huge(0, MiB(64) + PAGE_BYTES, MiB(8)));
	assert_false(huge(PAGE_BYTES, MiB(64), MiB(8)));
	assert_true(huge(PAGE_BYTES, MiB(64) + PAGE_BYTES, MiB(4)));
}

/* The block must lie in the extent: long is not enough. */
static void huge__block_inside_the_extent(void **state)
{
	assert_false(huge(PAGE_BYTES, MiB(64) + PAGE_BYTES, MiB(4) - PAGE_BYTES - 1));
	assert_true(huge(PAGE_BYTES, MiB(64) + PAGE_BYTES, MiB(4) - PAGE_BYTES));
	assert_false(huge(MiB(1), MiB(65), MiB(2)));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(huge__one_aligned_block),
	cmocka_unit_test(huge__only_where_both_are_aligned_alike),
	cmocka_unit_test(huge__block_inside_the_extent),
};

int main(void)
{
	return cmocka_run_group_tests_name("extents", tests, NULL, NULL);
}
