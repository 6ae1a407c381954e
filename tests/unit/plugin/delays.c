// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* delays.c - requests to pause, and when a pause is due */
#include "delays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct delays delays;
static bool changed;
static char answer[4096];

static const char *request(const char *line)
{
	FILE *out = fmemopen(answer, sizeof(answer), "w");
	const char *wrong;

	answer[0] = '\0';
	wrong = delays_request(&delays, line, out, &changed);
	fclose(out);
	return wrong;
}

static int setup(void **state)
{
	memset(&delays, 0, sizeof(delays));
	return 0;
}

static void pause__at_each_third_execution(void **state)
{
	struct delay *delay;

	assert_null(request("pause 0xffffffff81000000 30000 3"));
	assert_true(changed);
	assert_null(request("pause 0x10 1 1"));
	assert_null(delays_at(&delays, 0x11));
	delay = delays_at(&delays, 0xffffffff81000000);
	assert_int_equal(delay->us, 30000);
	for (int i = 1; i <= 7; i++)
		assert_int_equal(delay_is_due(delay), i % 3 == 0);
	assert_null(request("list"));
	assert_false(changed);
	assert_string_equal(answer, "0xffffffff81000000 7 2\n0x10 0 0\n");
	assert_null(request("clear"));
	assert_true(changed);
	assert_null(delays_at(&delays, 0x10));
	assert_null(request("list"));
	assert_string_equal(answer, "");
	/* it counts from 0 again */
	assert_null(request("pause 0x20 1 1"));
	assert_null(request("list"));
	assert_string_equal(answer, "0x20 0 0\n");
}

static void request__wrong_ones(void **state)
{
	static const char *const wrong[] = { "",
					     "pause",
					     "pause 1 2",
					     "pause x 1 1",
					     "pause 1 1 1 1",
					     "pause 1 0 1",
					     "pause 1 1 0",
					     "pause 1 5000001 1",
					     "clear all",
					     "lists" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_non_null(request(wrong[i]));
		assert_false(changed);
	}
	for (int i = 0; i < DELAYS; i++)
		assert_null(request("pause 1 1 1"));
	assert_string_equal(request("pause 1 1 1"), "there are 64 delays already");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(pause__at_each_third_execution, setup),
	cmocka_unit_test_setup(request__wrong_ones, setup),
};

int main(void)
{
	return cmocka_run_group_tests_name("delays", tests, NULL, NULL);
}
