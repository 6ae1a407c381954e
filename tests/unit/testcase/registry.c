// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* registry.c - scenarios by id and glob, in the order of their numbers */
#include "testcase/registry.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include <cmocka.h>

SCENARIO("B-10", "", NEEDS(ODP))
{
}

SCENARIO("A-2.write", "", NEEDS(ODP))
{
}

SCENARIO("B-9", "", NEEDS(ODP, FSDAX, RC_WRITE, PREFETCH))
{
}

static void family(struct test *t, const void *row)
{
}

static const struct scenario members[] = {
	{ "A-2.read", "", NEEDS(ODP), family, "row of read" },
	{ "A-1", "", NEEDS(ODP), family, "row of one" },
};
SCENARIO_FAMILY(members);

SCENARIO("C-1.crash", "", NEEDS(ODP, HAZARD))
{
}

SCENARIO("A-3", "", NEEDS(ODP, HAZARD_ON_RXE))
{
}

SCENARIO("C-2.cut", "", NEEDS(ODP, POWER_CUT))
{
}

typedef int select_fn(const struct scenario ***list, char *const *globs, int n);

/* The ids that the globs select, with blanks between. */
static char *ids_of(select_fn *select, const char *glob, const char *other, char text[64])
{
	char *globs[] = { (char *)(uintptr_t)glob, (char *)(uintptr_t)other };
	const struct scenario **list;
	int n = select(&list, globs, !!glob + !!other);

	text[0] = '\0';
	for (int i = 0; i < n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, list[i]->id);
	}
	if (n >= 0)
		free(list);
	return text;
}

static char *ids(const char *glob, const char *other, char text[64])
{
	return ids_of(registry_select, glob, other, text);
}

static void select__hazards_only_on_request(void **state)
{
	char text[64];

	assert_string_equal(ids("A-3", "C-1.crash", text), "A-3 C-1.crash");
	assert_string_equal(ids("C-2.cut", NULL, text), "C-2.cut");
	assert_string_equal(ids_of(registry_select_hazards, NULL, NULL, text),
			    "A-3 C-1.crash");
	assert_string_equal(ids_of(registry_select_hazards, "C-*", NULL, text),
			    "C-1.crash");
}

static void select__all_in_order(void **state)
{
	char text[64];

	assert_string_equal(ids(NULL, NULL, text), "A-1 A-2.read A-2.write A-3 B-9 B-10");
}

static void select__by_glob(void **state)
{
	char text[64];

	assert_string_equal(ids("B-9", NULL, text), "B-9");
	assert_string_equal(ids("B-*", NULL, text), "B-9 B-10");
	assert_string_equal(ids("A-2.?e*", NULL, text), "A-2.read");
	assert_string_equal(ids("B-10", "A-1", text), "A-1 B-10");
	assert_string_equal(ids("B-*", "B-9", text), "B-9 B-10"); /* once each */
}

static void select__none(void **state)
{
	static const struct {
		const char *glob, *says;
	} rows[] = {
		{ "C-*", "--list names them all" },
		{ "b-9", "--list names them all" },
		{ "A", "'A*' names the 4 that begin so" },
		{ "", "--list names them all" },
		{ "B-1", "--list names them all" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *both[] = { (char *)(uintptr_t)"B-9",
				 (char *)(uintptr_t)rows[i].glob };
		const struct scenario **list = NULL;
		struct capture c = capture_start(stderr);
		char text[256], line[128];
		int ret = registry_select(&list, both, 2);

		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, -ENOENT);
		assert_null(list);
		snprintf(line, sizeof(line), "odplab: error: no scenario %s; %s\n",
			 rows[i].glob, rows[i].says);
		assert_string_equal(text, line);
	}
}

static void scenario__knows_its_row_and_needs(void **state)
{
	char *glob = (char *)(uintptr_t)"[AB]-[19]";
	const struct scenario **list;

	assert_int_equal(registry_select(&list, &glob, 1), 2);
	assert_string_equal(list[0]->row, "row of one");
	assert_ptr_equal(list[0]->run, family);
	assert_true(list[1]->needs == NEEDS(ODP, FSDAX, RC_WRITE, PREFETCH));
	free(list);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(select__all_in_order),
	cmocka_unit_test(select__by_glob),
	cmocka_unit_test(select__hazards_only_on_request),
	cmocka_unit_test(select__none),
	cmocka_unit_test(scenario__knows_its_row_and_needs),
};

int main(void)
{
	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
