// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bounds.c - what is expected of a count, and what is known of one */
#include "evidence/bounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void within__both_ends_belong(void **state)
{
	assert_true(bounds_within(EXACTLY(1), EXACTLY(1)));
	assert_true(bounds_within(EXACTLY(1), AT_LEAST(1)));
	assert_true(bounds_within(EXACTLY(2), BETWEEN(1, 2)));
	assert_true(bounds_within(AT_LEAST(2), AT_LEAST(1)));
	assert_true(bounds_within(NONE, ANYTHING));
	assert_false(bounds_within(EXACTLY(3), BETWEEN(1, 2)));
	assert_false(bounds_within(EXACTLY(0), AT_LEAST(1)));
	assert_false(bounds_within(AT_LEAST(1), EXACTLY(1)));
	assert_false(bounds_within(ANYTHING, AT_LEAST(1)));
	assert_false(bounds_within(ANYTHING, NONE));
}

static void disjoint__no_number_in_common(void **state)
{
	assert_true(bounds_disjoint(EXACTLY(1), EXACTLY(2)));
	assert_true(bounds_disjoint(NONE, AT_LEAST(1)));
	assert_true(bounds_disjoint(AT_LEAST(3), BETWEEN(1, 2)));
	assert_false(bounds_disjoint(AT_LEAST(2), BETWEEN(1, 2)));
	assert_false(bounds_disjoint(EXACTLY(1), EXACTLY(1)));
	assert_false(bounds_disjoint(ANYTHING, NONE));
	assert_false(bounds_disjoint(ANYTHING, EXACTLY(UINT64_MAX)));
}

static void text__as_people_say_it(void **state)
{
	char text[BOUNDS_TEXT];

	assert_string_equal(bounds_text(NONE, text), "none");
	assert_string_equal(bounds_text(EXACTLY(1), text), "exactly 1");
	assert_string_equal(bounds_text(AT_LEAST(1), text), "at least 1");
	assert_string_equal(bounds_text(BETWEEN(2, 4), text), "2 to 4");
	assert_string_equal(bounds_text(BETWEEN(0, 4), text), "0 to 4");
	assert_string_equal(bounds_text(ANYTHING, text), "any number");
	assert_string_equal(bounds_text(BETWEEN(UINT64_MAX - 1, UINT64_MAX - 1), text),
			    "exactly 18446744073709551614");
}

static void text__the_longest_fits(void **state)
{
	char text[BOUNDS_TEXT];

	assert_string_equal(bounds_text(BETWEEN(UINT64_MAX - 2, UINT64_MAX - 1), text),
			    "18446744073709551613 to 18446744073709551614");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(within__both_ends_belong),
	cmocka_unit_test(disjoint__no_number_in_common),
	cmocka_unit_test(text__as_people_say_it),
	cmocka_unit_test(text__the_longest_fits),
};

int main(void)
{
	return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
