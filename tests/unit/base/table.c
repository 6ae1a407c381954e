// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* table.c - widths, alignment, rows that are too short or too long */
#include "base/table.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct table *table;

static int free_table(void **state)
{
	table_free(table);
	return 0;
}

static void prints(unsigned int indent, const char *expected)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	table_print(table, indent, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void print__as_wide_as_the_widest_cell(void **state)
{
	table = table_new("id|>faults|what");
	table_row(table, "%s|%d|%s", "REG-02", 1, "short");
	table_row(table, "%s|%d|%s", "X", 12345678, "");
	prints(2, "  id        faults  what\n"
		  "  REG-02         1  short\n"
		  "  X       12345678  \n");
}

static void print__heads_only(void **state)
{
	table = table_new("a|b");
	prints(0, "a  b\n");
}

static void print__utf8_by_characters(void **state)
{
	table = table_new("a|b");
	table_row(table, "µs|1");
	table_row(table, "abc|2");
	prints(0, "a    b\nµs   1\nabc  2\n");
}

static void row__short_is_filled_up(void **state)
{
	table = table_new("a|b|>c");
	table_row(table, "1");
	prints(0, "a  b  c\n1      \n");
}

/* The last column is where errors and names from outside go. */
static void row__last_cell_keeps_its_bars(void **state)
{
	table = table_new("a|why");
	table_row(table, "1|%s", "x|y|z");
	prints(0, "a  why\n1  x|y|z\n");
}

static void row__right_mark_only_in_heads(void **state)
{
	table = table_new("a>b|c");
	table_row(table, ">1|2");
	prints(0, "a>b  c\n>1   2\n");
}

static void heads__as_many_as_there_is_room_for(void **state)
{
	table = table_new("a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|>p");
	table_row(table, "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17");
	prints(0, "a  b  c  d  e  f  g  h  i  j   k   l   m   n   o       p\n"
		  "1  2  3  4  5  6  7  8  9  10  11  12  13  14  15  16|17\n");
}

/* A mistake of the program, which ends at once. */
static void heads__too_many(void **state)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		signal(SIGABRT, SIG_DFL); /* cmocka's goes on with the tests */
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		table_new("a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	table = NULL;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_teardown(heads__as_many_as_there_is_room_for, free_table),
	cmocka_unit_test_teardown(heads__too_many, free_table),
	cmocka_unit_test_teardown(print__as_wide_as_the_widest_cell, free_table),
	cmocka_unit_test_teardown(print__heads_only, free_table),
	cmocka_unit_test_teardown(print__utf8_by_characters, free_table),
	cmocka_unit_test_teardown(row__short_is_filled_up, free_table),
	cmocka_unit_test_teardown(row__last_cell_keeps_its_bars, free_table),
	cmocka_unit_test_teardown(row__right_mark_only_in_heads, free_table),
};

int main(void)
{
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
