// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* host.c - the kernel's ways to write a choice and a list */
#include "survey/host.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void chosen(const char *text, const char *expected)
{
	char word[8];

	host_chosen_word(text, word, sizeof(word));
	assert_string_equal(word, expected);
}

static void chosen_word__in_brackets(void **state)
{
	chosen("always [madvise] never", "madvise");
	chosen("[always] madvise never", "always");
	chosen("[]", "");
	chosen("always madvise never", "");
	chosen("always [madvise", "");
	chosen("] [", "");
	chosen("[averylongword]", "averylo");
}

static void count_list__ranges_and_numbers(void **state)
{
	assert_int_equal(host_count_list("0"), 1);
	assert_int_equal(host_count_list("0-1"), 2);
	assert_int_equal(host_count_list("0-1,3"), 3);
	assert_int_equal(host_count_list("0,2,4-7\n"), 6);
	assert_int_equal(host_count_list(""), 0);
	assert_int_equal(host_count_list("none"), 0);
}

static void query__this_host(void **state)
{
	struct host host;

	host_query(&host);
	assert_true(host.kernel[0] && host.machine[0]);
	assert_true(host.memory_bytes > host.page_bytes);
	assert_true(host.numa_nodes >= 1);
	assert_true(host.memlock_soft <= host.memlock_hard);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(chosen_word__in_brackets),
	cmocka_unit_test(count_list__ranges_and_numbers),
	cmocka_unit_test(query__this_host),
};

int main(void)
{
	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
