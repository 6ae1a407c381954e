// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* verdict.c - what the verdicts of a run make of its exit status */
#include "testcase/verdict.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/util.h"

static void exit_status__each_row(void **state)
{
	static const struct {
		unsigned int count[VERDICTS];
		int strict, lenient; /* without, with --allow-unproven */
	} rows[] = {
		{ { 0 }, EXIT_NOTHING, EXIT_NOTHING },
		{ { [VERDICT_SKIP] = 3 }, EXIT_NOTHING, EXIT_NOTHING },
		{ { [VERDICT_PASS] = 1 }, EXIT_ALL_GOOD, EXIT_ALL_GOOD },
		{ { [VERDICT_PASS] = 1, [VERDICT_SKIP] = 9 },
		  EXIT_ALL_GOOD,
		  EXIT_ALL_GOOD },
		{ { [VERDICT_XFAIL] = 1 }, EXIT_ALL_GOOD, EXIT_ALL_GOOD },
		{ { [VERDICT_XPASS] = 1, [VERDICT_PASS] = 9 }, EXIT_BAD, EXIT_BAD },
		{ { [VERDICT_FAIL] = 1, [VERDICT_PASS] = 9 }, EXIT_BAD, EXIT_BAD },
		{ { [VERDICT_FAIL] = 1, [VERDICT_SKIP] = 9 }, EXIT_BAD, EXIT_BAD },
		{ { [VERDICT_UNPROVEN] = 1, [VERDICT_PASS] = 9 },
		  EXIT_BAD,
		  EXIT_ALL_GOOD },
		{ { [VERDICT_UNPROVEN] = 1 }, EXIT_BAD, EXIT_ALL_GOOD },
		{ { [VERDICT_UNPROVEN] = 1, [VERDICT_FAIL] = 1 }, EXIT_BAD, EXIT_BAD },
		{ { [VERDICT_ERROR] = 1, [VERDICT_PASS] = 9 }, EXIT_HOST, EXIT_HOST },
		{ { [VERDICT_ERROR] = 1 }, EXIT_HOST, EXIT_HOST },
		{ { [VERDICT_ERROR] = 1, [VERDICT_SKIP] = 9 }, EXIT_HOST, EXIT_HOST },
		{ { [VERDICT_ERROR] = 9, [VERDICT_FAIL] = 1 }, EXIT_BAD, EXIT_BAD },
		{ { [VERDICT_ERROR] = 9, [VERDICT_XPASS] = 1 }, EXIT_BAD, EXIT_BAD },
		{ { [VERDICT_ERROR] = 9, [VERDICT_UNPROVEN] = 1 }, EXIT_BAD, EXIT_HOST },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(verdict_exit_status(rows[i].count, 0), rows[i].strict);
		assert_int_equal(verdict_exit_status(rows[i].count, 1), rows[i].lenient);
	}
}

static void exit_status__of_a_run_that_cannot_begin(void **state)
{
	assert_int_equal(verdict_exit_unopened(-ENOSR, NULL), EXIT_HOST);
	assert_int_equal(verdict_exit_unopened(-ENOSR, "mlx5_0"), EXIT_HOST);
	assert_int_equal(verdict_exit_unopened(-ENODEV, NULL), EXIT_NOTHING);
	assert_int_equal(verdict_exit_unopened(-ENODEV, "mlx5_0"), EXIT_USAGE);
	assert_int_equal(verdict_exit_unopened(-EMFILE, NULL), EXIT_USAGE);
}

/* They are an interface: CI jobs and wrappers look at them. */
static void exit_status__numbers(void **state)
{
	assert_int_equal(EXIT_ALL_GOOD, 0);
	assert_int_equal(EXIT_BAD, 1);
	assert_int_equal(EXIT_USAGE, 2);
	assert_int_equal(EXIT_HOST, 3);
	assert_int_equal(EXIT_NOTHING, 77);
}

static void name__of_each(void **state)
{
	static const char *const names[] = { "PASS",  "FAIL",	  "SKIP", "XFAIL",
					     "XPASS", "UNPROVEN", "ERROR" };

	for (unsigned int v = 0; v < VERDICTS; v++)
		assert_string_equal(verdict_name((enum verdict)v), names[v]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(exit_status__each_row),
	cmocka_unit_test(exit_status__of_a_run_that_cannot_begin),
	cmocka_unit_test(exit_status__numbers),
	cmocka_unit_test(name__of_each),
};

int main(void)
{
	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
