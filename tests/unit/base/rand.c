// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* rand.c - the same numbers for the same seed, on every machine and for ever */
#include "base/rand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/util.h"

/* The published outputs of splitmix64 for this seed. */
static void next__published_sequence(void **state)
{
	static const uint64_t published[] = {
		6457827717110365317ull, 3203168211198807973ull,	 9817491932198370423ull,
		4593380528125082431ull, 16408922859458223821ull,
	};
	struct rand r = { .state = 1234567 };

	for (size_t i = 0; i < ARRAY_SIZE(published); i++)
		assert_true(rand_next(&r) == published[i]);
}

static void below__every_value_as_often(void **state)
{
	unsigned int seen[10] = { 0 };
	struct rand r = { .state = 1 };

	for (int i = 0; i < 100000; i++)
		seen[rand_below(&r, 10)]++;
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		assert_in_range(seen[i], 9500, 10500);
}

static void below__borders(void **state)
{
	struct rand r = { .state = 1 };

	for (int i = 0; i < 1000; i++) {
		assert_int_equal(rand_below(&r, 1), 0);
		assert_true(rand_below(&r, UINT64_MAX) < UINT64_MAX);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(next__published_sequence),
	cmocka_unit_test(below__every_value_as_often),
	cmocka_unit_test(below__borders),
};

int main(void)
{
	return cmocka_run_group_tests_name("rand", tests, NULL, NULL);
}
