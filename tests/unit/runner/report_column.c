// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * report_column.c - the draft of a driver's column: which places it has, and which it
 * lacks
 */
#include "runner/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "testcase/registry.h"

#define COLUMN(line, seen)                                                           \
	"{\"what\":\"status\",\"step\":\"expect_status(x)\",\"file\":\"a.c\","       \
	"\"line\":" line ",\"columns\":{\"rxe\":\"OP_SUCCESS\",\"mlx5\":\"OP_FLUSH_" \
	"ERR\"},\"seen\":\"" seen "\"}"

static const struct scenario scenarios[] = {
	{ .id = "A-1" }, { .id = "A-2" }, { .id = "A-3" }, { .id = "A-4" }
};

/* The draft of a run of these on a driver. */
static char *draft(const char *driver, const char *const columns[4])
{
	struct outcome outcomes[] = {
		{ .verdict = VERDICT_UNPROVEN, .why = "no column" },
		{ .verdict = VERDICT_PASS },
		{ .verdict = VERDICT_SKIP, .why = "no such device" },
		{ .verdict = VERDICT_FAIL, .why = "wrong data" },
	};
	struct env env = { .device = { .name = "dev0", .firmware = "1.2" } };
	struct run run = { .env = &env,
			   .outcomes = outcomes,
			   .n = ARRAY_SIZE(outcomes),
			   .started = "2026-01-02T03:04:05Z" };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	snprintf(env.device.driver, sizeof(env.device.driver), "%s", driver);
	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++) {
		outcomes[i].scenario = &scenarios[i];
		if (columns[i])
			outcomes[i].columns = json_tokener_parse(columns[i]);
	}
	report_column(&run, out);
	fclose(out);
	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++)
		json_object_put(outcomes[i].columns);
	return text;
}

#define HEAD(driver)                                                                    \
	"Draft of the column of the driver " driver                                     \
	", from a run that began at 2026-01-02T03:04:05Z\n"                             \
	"Device dev0, firmware 1.2\n\n"                                                 \
	"It is what one device did in one run: nothing of it is decided. Decide each "  \
	"value by the\nspecification, not by what was seen, and give a difference its " \
	"reason: docs/add-a-driver.md.\n\n"
#define FOOT                                                                             \
	"Scenarios that did not come to their end, whose places may be missing above:\n" \
	"\tSKIP A-3: no such device\n"                                                   \
	"\tFAIL A-4: wrong data\n"
#define PLACE(id, line)                                         \
	"a.c:" line ", " id ": status of\n\texpect_status(x)\n" \
	"\t.rxe = OP_SUCCESS,\n\t.mlx5 = OP_FLUSH_ERR,\n"

static void is_draft(const char *driver, const char *const columns[4],
		     const char *expected)
{
	char *text = draft(driver, columns);

	assert_string_equal(text, expected);
	free(text);
}

static void column__of_a_driver_that_has_none(void **state)
{
	static const char *const columns[] = {
		"[" COLUMN("1", "OP_FLUSH_ERR") "," COLUMN("9", "OP_LOC_LEN_ERR") "]",
		"[]",
		NULL,
		"[" COLUMN("1", "OP_SUCCESS") "]",
	};

	is_draft(
		"irdma", columns,
		HEAD(
			"irdma") "common/testcase/driver_column.h, DRIVERS:\n"
				 "\tcolumn(irdma, ##__VA_ARGS__)\n\n" PLACE("A-1", "1") "\t.irdma = OP_FLUSH_ERR,\n\n" PLACE(
					 "A-1", "9") "\t.irdma = "
						     "OP_LOC_LEN_ERR,\n\n" PLACE(
							     "A-4", "1") "\t"
									 ".i"
									 "rd"
									 "ma"
									 " ="
									 " O"
									 "P_"
									 "SU"
									 "CC"
									 "ES"
									 "S,"
									 "\n"
									 "\n" FOOT);
}

static void column__has_what_differs_from_it(void **state)
{
	static const char *const columns[] = {
		"[" COLUMN("1", "OP_FLUSH_ERR") "]",
		"[" COLUMN("2", "OP_SUCCESS") "]",
		NULL,
		"[" COLUMN("3", "OP_FLUSH_ERR") "]",
	};

	is_draft("mlx5", columns,
		 HEAD("mlx5")
			 PLACE("A-2",
			       "2") "    but was seen to do:\n\t.mlx5 = OP_SUCCESS,\n\n"
				    "At 2 places it does what its column says.\n\n" FOOT);
}

/* Each once, however often it was seen; what differs from turn to turn is seen. */
static void column__of_a_loop(void **state)
{
	static const char *const columns[4] = {
		"[" COLUMN("1", "OP_FLUSH_ERR") "," COLUMN("1", "OP_SUCCESS") "," COLUMN(
			"1", "OP_FLUSH_ERR") "]",
	};
	char *text = draft("irdma", columns), *first = strstr(text, "OP_FLUSH_ERR,\n\n");

	assert_non_null(first);
	assert_null(strstr(first + 1, "OP_FLUSH_ERR,\n\n"));
	assert_non_null(strstr(text, "\t.irdma = OP_SUCCESS,\n"));
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(column__of_a_driver_that_has_none),
	cmocka_unit_test(column__has_what_differs_from_it),
	cmocka_unit_test(column__of_a_loop),
};

int main(void)
{
	return cmocka_run_group_tests_name("report_column", tests, NULL, NULL);
}
