// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* coverage.c - the table of capabilities, and which gaps there are */
#include "qualify/coverage.h"

#include "capture.h"
#include "qualify/findings.h"
#include "results_folder.h"

/* Of the folder. Returns the number of gaps. */
static size_t print(char *text, size_t size)
{
	struct findings findings;
	struct capture c = capture_start(stdout);
	size_t gaps = 0;
	int ret = findings_read(&findings, folder);

	if (!ret)
		gaps = coverage_print(&findings, stdout);
	findings_free(&findings);
	capture_end(&c, text, size);
	assert_int_equal(ret, 0);
	return gaps;
}

/* Is there a line that has these words, with any number of blanks between them? */
static void has_row(const char *text, const char *row)
{
	char squeezed[4096];
	size_t n = 0;

	for (const char *c = text; *c; c++)
		if (*c != ' ' || (n && squeezed[n - 1] != ' '))
			squeezed[n++] = *c;
	squeezed[n] = '\0';
	if (!strstr(squeezed, row))
		fail_msg("no \"%s\" in:\n%s", row, text);
}

static void table__counts_each_capability(void **state)
{
	char text[4096];

	put_run("run.json", OUTCOME("A-1", "PASS", "\"rc\",\"fsdax\"", "{}"),
		OUTCOME("A-2", "FAIL", "\"rc\"", "{}"),
		OUTCOME("A-3", "XFAIL", "\"rc\"", "{}"),
		OUTCOME("A-4", "UNPROVEN", "\"rc\"", "{}"),
		OUTCOME("A-5", "SKIP", "\"rc\"", "{}"), OUTCOME("A-6", "PASS", "", "{}"),
		OUTCOME("A-7", "ERROR", "\"rc\"", "{}"));
	assert_int_equal(print(text, sizeof(text)), 0);
	has_row(text, "capability passed failed unproven known defect error skipped not "
		      "tested, as\n");
	has_row(text, "\nrc 1 1 1 1 1 1 \n");
	has_row(text, "\nfsdax 1 0 0 0 0 0 \n");
	assert_null(strstr(text, "devdax"));
	assert_null(strstr(text, "not tested:"));
}

static void gap__where_an_option_was_wanted(void **state)
{
	char text[4096];

	put_run("run.json",
		OUTCOME("A-1", "SKIP", "\"dc\",\"fsdax\"", "{\"FSDAX\":\"--dax\"}"),
		OUTCOME("A-2", "SKIP", "\"dc\"",
			"{\"MERGING\":\"root\",\"REGION\":\"--dax\"}"),
		OUTCOME("A-3", "PASS", "\"rc\"", "{}"));
	assert_int_equal(print(text, sizeof(text)), 2);
	has_row(text, "\nfsdax 0 0 0 0 0 1 A-1 is so\n");
	assert_non_null(strstr(text, "not tested: dc (--dax, root)\n"));
	assert_non_null(strstr(text, "not tested: fsdax (--dax)\n"));
}

/* What the device or the host does not have is none, whatever else is missing. */
static void no_gap__where_no_option_helps(void **state)
{
	char text[4096];

	put_run("run.json",
		OUTCOME("A-1", "SKIP", "\"dc\"",
			"{\"DC_WRITE\":null,\"FSDAX\":\"--dax\"}"),
		OUTCOME("A-2", "SKIP", "\"swap\"", "{\"SWAP\":null}"));
	assert_int_equal(print(text, sizeof(text)), 0);
	has_row(text, "\ndc 0 0 0 0 0 1 A-1 is so\n");
	assert_null(strstr(text, "not tested:"));
}

/* A capability of which something ran is tested. */
static void no_gap__where_a_part_ran(void **state)
{
	char text[4096];

	put_run("run.json", OUTCOME("A-1", "SKIP", "\"rc\"", "{\"FSDAX\":\"--dax\"}"),
		OUTCOME("A-2", "FAIL", "\"rc\"", "{}"));
	assert_int_equal(print(text, sizeof(text)), 0);
	has_row(text, "\nrc 0 1 0 0 0 1 \n");
}

/* A file from outside may have anything in the place of a list. */
static void table__of_odd_members(void **state)
{
	static const char odd[] = "{\"id\":\"A-1\",\"verdict\":\"SKIP\","
				  "\"capabilities\":[null,7,\"rc\"],\"lacks\":[]}";
	char text[4096];

	put_run("run.json", odd, "{\"id\":\"A-2\",\"verdict\":7,\"capabilities\":{}}",
		"null", "7");
	assert_int_equal(print(text, sizeof(text)), 0);
	has_row(text, "\nrc 0 0 0 0 0 1 \n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(table__counts_each_capability, clear_folder),
	cmocka_unit_test_setup(gap__where_an_option_was_wanted, clear_folder),
	cmocka_unit_test_setup(no_gap__where_no_option_helps, clear_folder),
	cmocka_unit_test_setup(no_gap__where_a_part_ran, clear_folder),
	cmocka_unit_test_setup(table__of_odd_members, clear_folder),
};

int main(void)
{
	return cmocka_run_group_tests_name("coverage", tests, make_folder, remove_folder);
}
