// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* symbol.c - functions of the kernel are found in a list that is in no order */
#include "kernel/symbol.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *kallsyms;

int __wrap_file_read_all(const char *path, char **text);

int __wrap_file_read_all(const char *path, char **text)
{
	assert_string_equal(path, "/proc/kallsyms");
	if (!kallsyms)
		return -EACCES;
	*text = strdup(kallsyms);
	return 0;
}

#define LIST                                      \
	"ffffffff81000000 T _text\n"              \
	"ffffffff81000040 t page_fault_handler\n" \
	"ffffffff81000100 T page_fault\n"         \
	"ffffffff81000180 T next\n"               \
	"ffffffffc0002000 t late\t[mlx5_ib]\n"    \
	"ffffffffc0001000 t early\t[mlx5_ib]\n"   \
	"ffffffffc0001300 r data\t[mlx5_ib]\n"

static void find__by_the_whole_name(void **state)
{
	struct kernel_symbol symbol;

	kallsyms = LIST;
	assert_int_equal(kernel_symbol_find("page_fault", &symbol), 0);
	assert_true(symbol.start == 0xffffffff81000100);
	assert_true(symbol.end == 0xffffffff81000180);
	assert_int_equal(kernel_symbol_find("page_fault_h", &symbol), -ENOENT);
	assert_int_equal(kernel_symbol_find("age_fault", &symbol), -ENOENT);
}

static void find__of_a_module(void **state)
{
	struct kernel_symbol symbol;

	kallsyms = LIST;
	assert_int_equal(kernel_symbol_find("early", &symbol), 0);
	assert_true(symbol.start == 0xffffffffc0001000);
	assert_true(symbol.end == 0xffffffffc0001300);
	/* the last one has no end that the list could tell */
	assert_int_equal(kernel_symbol_find("late", &symbol), 0);
	assert_true(symbol.end == UINT64_MAX);
}

static void find__nothing(void **state)
{
	struct kernel_symbol symbol;

	kallsyms = "0000000000000000 T page_fault\n";
	assert_int_equal(kernel_symbol_find("page_fault", &symbol), -EPERM);
	kallsyms = "";
	assert_int_equal(kernel_symbol_find("page_fault", &symbol), -ENOENT);
	kallsyms = "ff\nffffffff81000000\n\nffffffff81000100 T page_fault";
	assert_int_equal(kernel_symbol_find("page_fault", &symbol), 0);
	kallsyms = NULL;
	assert_int_equal(kernel_symbol_find("page_fault", &symbol), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find__by_the_whole_name),
		cmocka_unit_test(find__of_a_module),
		cmocka_unit_test(find__nothing),
	};

	return cmocka_run_group_tests_name("symbol", tests, NULL, NULL);
}
