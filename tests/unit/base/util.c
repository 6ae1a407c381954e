// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* util.c - rounding, and the pages that a range touches */
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void round__to_a_power_of_two(void **state)
{
	assert_int_equal(round_down(4095, 4096), 0);
	assert_int_equal(round_down(4096, 4096), 4096);
	assert_int_equal(round_up(0, 4096), 0);
	assert_int_equal(round_up(1, 4096), 4096);
	assert_int_equal(round_up(4096, 4096), 4096);
	assert_true(round_down(UINT64_MAX, MiB(2)) == UINT64_MAX - MiB(2) + 1);
}

static void pages_spanned__edges(void **state)
{
	static const struct {
		uint64_t addr, len, pages;
	} rows[] = {
		{ 0, 0, 0 },	{ 4095, 0, 0 },	     { 0, 1, 1 },    { 0, 4096, 1 },
		{ 0, 4097, 2 }, { 4095, 1, 1 },	     { 4095, 2, 2 }, { 4095, 4098, 3 },
		{ 1, 4096, 2 }, { 8192, 65536, 16 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(pages_spanned(rows[i].addr, rows[i].len), rows[i].pages);
}

static void container_of__gives_the_whole(void **state)
{
	struct whole {
		int first, second;
	} whole;

	assert_ptr_equal(container_of(&whole.second, struct whole, second), &whole);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(round__to_a_power_of_two),
	cmocka_unit_test(pages_spanned__edges),
	cmocka_unit_test(container_of__gives_the_whole),
};

int main(void)
{
	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
