// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* acceptance.c - what is refused in an acceptance file, and what is not met */
#include "qualify/acceptance.h"

#include "capture.h"
#include "qualify/findings.h"
#include "results_folder.h"
#include "testcase/registry.h"

SCENARIO("DP-01.read", "one", NEEDS(REGION))
{
}

SCENARIO("DP-01.write", "two", NEEDS(REGION))
{
}

SCENARIO("DP-02", "a hazard", NEEDS(HAZARD))
{
}

SCENARIO("ERR-01", "three", NEEDS(REGION))
{
}

static int load(struct acceptance *acceptance, const char *text)
{
	char path[PATH_MAX];

	put("acceptance.ini", text);
	snprintf(path, sizeof(path), "%s/acceptance.ini", folder);
	return acceptance_load(acceptance, path);
}

static void load__refuses_each_mistake(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{ "", "no requirement" },
		{ "; nothing\n", "no requirement" },
		{ "scenario = DP-01.read\n", "line 1: not understood" },
		{ "[a]\nscenarios = DP-01.read\n", "line 2: not understood" },
		{ "[a]\nscenario\n", "line 2: not understood" },
		{ "[a]\nscenario = DP-01\n", "[a] scenario = DP-01: no such scenario" },
		{ "[a]\nscenario = ERR-01 DAX-*\n", "scenario = DAX-*: no such" },
		{ "[a]\nscenario = DP-0[2]\n", "scenario = DP-0[2]: only hazards" },
		{ "[a]\nscenario =\n", "[a] needs either" },
		{ "[a]\nallow = SKIP\n", "[a] needs either" },
		{ "[a]\nscenario = ERR-01\nstate = warm\n", "[a] needs either" },
		{ "[a]\nscenario = ERR-01\nallow = FAIL\n",
		  "allow = FAIL: must be XFAIL" },
		{ "[a]\nallow = SKIP\nstate = warm\nof_pinned = 0.5\n",
		  "[a] needs either" },
		{ "[a]\nof_pinned = 0.5\n", "state = : must be warm" },
		{ "[a]\nstate = pinned\nof_pinned = 0.5\n",
		  "state = pinned: must be warm" },
		{ "[a]\nstate = arm\nof_pinned = 0.5\n", "state = arm: must be warm" },
		{ "[a]\nstate = warm\n", "of_pinned = : must be a number" },
		{ "[a]\nstate = warm\nof_pinned = 0\n", "must be a number" },
		{ "[a]\nstate = warm\nof_pinned = nan\n", "must be a number" },
		{ "[a]\nstate = warm\nof_pinned = 0.8x\n", "must be a number" },
		{ "[a]\nstate = warm\nof_pinned = 80%\n", "must be a number" },
		{ "[a]\nstate = warm\nof_pinned = 100\n", "must be a number" },
		{ "[a]\nstate = warm\nop = send\nof_pinned = 1\n",
		  "op = send: must be write" },
		{ "[a]\nstate = warm\nsize = big\nof_pinned = 1\n",
		  "size = big: must be a size" },
		{ "[a]\nstate = warm\nsize = 0\nof_pinned = 1\n",
		  "size = 0: must be a size" },
		{ "[a]\nstate = warm\nstate = cold\nof_pinned = 1\n",
		  "state = warm cold: must be" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capture c = capture_start(stderr);
		struct acceptance acceptance;
		char text[512];
		int ret = load(&acceptance, rows[i].text);

		capture_end(&c, text, sizeof(text));
		if (ret != -EINVAL || !strstr(text, rows[i].reason) ||
		    strchr(text, '\n') != text + strlen(text) - 1)
			fail_msg("%s: %d, %s", rows[i].text, ret, text);
		assert_null(acceptance.list);
	}
}

static void load__refuses_what_is_no_file(void **state)
{
	struct capture c = capture_start(stderr);
	struct acceptance acceptance;
	char text[512];

	assert_int_equal(acceptance_load(&acceptance, folder), -EINVAL);
	assert_int_equal(acceptance_load(&acceptance, "/none"), -ENOENT);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "no regular file"));
	assert_non_null(strstr(text, "/none"));
}

/* How much of the file is not met by the folder, and the lines about it. */
static size_t judge(const char *file, char *text, size_t size)
{
	struct acceptance acceptance;
	struct findings findings;
	struct capture c;
	size_t misses;

	assert_int_equal(load(&acceptance, file), 0);
	assert_int_equal(findings_read(&findings, folder), 0);
	c = capture_start(stdout);
	misses = acceptance_judge(&acceptance, &findings, stdout);
	capture_end(&c, text, size);
	findings_free(&findings);
	acceptance_free(&acceptance);
	return misses;
}

static void judge__scenarios(void **state)
{
	char text[4096];

	put_run("run.json", OUTCOME("DP-01.read", "PASS", "", "{}"),
		OUTCOME("DP-01.write", "XFAIL", "", "{}"));
	assert_int_equal(judge("[a]\nscenario = DP-01.read\n", text, sizeof(text)), 0);
	assert_string_equal(text, "");
	/* the hazard is in no run of all scenarios */
	assert_int_equal(
		judge("[a]\nscenario = DP-*\nallow = XFAIL\n", text, sizeof(text)), 0);
	assert_int_equal(
		judge("[a]\nscenario = DP-*\nallow = SKIP\n", text, sizeof(text)), 1);
	assert_string_equal(text, "not met: [a] DP-01.write: XFAIL: DP-01.write is so\n");
	assert_int_equal(judge("[a]\nscenario = DP-01.read\n\n[b]\nscenario = DP-* "
			       "ERR-01\nallow = SKIP UNPROVEN\n",
			       text, sizeof(text)),
			 2);
	assert_non_null(strstr(text, "not met: [b] ERR-01: not run\n"));
}

static void judge__each_verdict(void **state)
{
	static const struct {
		const char *outcome, *allow;
	} rows[] = { { OUTCOME("ERR-01", "XFAIL", "", "{}"), "XFAIL" },
		     { OUTCOME("ERR-01", "UNPROVEN", "", "{}"), "UNPROVEN" },
		     { OUTCOME("ERR-01", "SKIP", "", "{}"), "SKIP" },
		     { OUTCOME("ERR-01", "FAIL", "", "{}"), NULL },
		     { OUTCOME("ERR-01", "XPASS", "", "{}"), NULL } };
	char text[4096], file[128];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_run("run.json", rows[i].outcome);
		assert_int_equal(judge("[a]\nscenario = ERR-*\n", text, sizeof(text)), 1);
		snprintf(file, sizeof(file), "[a]\nscenario = ERR-*\nallow = %s\n",
			 rows[i].allow ? rows[i].allow : "XFAIL UNPROVEN SKIP");
		assert_int_equal(judge(file, text, sizeof(text)), !rows[i].allow);
	}
}

#define MEASURED(op, state, size, depth, ratio)                                         \
	"{\"op\":\"" op "\",\"state\":\"" state "\",\"size\":" size ",\"depth\":" depth \
	",\"of_pinned\":" ratio ",\"note\":\"no room\"}"

static void judge__throughput(void **state)
{
	static const struct {
		const char *file;
		size_t misses;
		const char *line;
	} rows[] = {
		{ "state = warm\nop = write\nof_pinned = 0.90\n", 0, "" },
		{ "state = warm\nop = write\nof_pinned = 0.95\n", 1,
		  "not met: [a] write of 4096 bytes, warm: 0.900 of pinned, must be "
		  "0.95\n" },
		{ "state = warm\nop = write\nof_pinned = 1\n", 2, "write of 65536" },
		{ "state = warm\nop = write\nsize = 64K\nof_pinned = 0.95\n", 0, "" },
		{ "state = warm\nof_pinned = 0.90\n", 1, "read of 4096 bytes" },
		{ "state = warm\nsize = 1M\nop = write\nof_pinned = 0.5\n", 1,
		  "not met: [a] write of 1M warm: not measured\n" },
		{ "state = cold\nof_pinned = 0.5\n", 1,
		  "not met: [a] write of 4096 bytes, cold: not measured, or not "
		  "pinned: no room\n" },
		{ "state = prefetched\nof_pinned = 0.5\n", 1,
		  "not met: [a] write and read prefetched: not measured\n" },
	};

	put_perf("perf.json", MEASURED("write", "warm", "4096", "16", "0.90"),
		 MEASURED("write", "warm", "65536", "16", "0.99"),
		 MEASURED("read", "warm", "4096", "16", "0.20"),
		 MEASURED("write", "warm", "4096", "1", "0.01"),
		 MEASURED("write", "cold", "4096", "16", "null"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char file[256], text[4096];
		size_t misses;

		snprintf(file, sizeof(file), "[a]\n%s", rows[i].file);
		misses = judge(file, text, sizeof(text));
		if (misses != rows[i].misses || !strstr(text, rows[i].line))
			fail_msg("%s: %zu, %s", rows[i].file, misses, text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(load__refuses_each_mistake, clear_folder),
	cmocka_unit_test_setup(load__refuses_what_is_no_file, clear_folder),
	cmocka_unit_test_setup(judge__scenarios, clear_folder),
	cmocka_unit_test_setup(judge__each_verdict, clear_folder),
	cmocka_unit_test_setup(judge__throughput, clear_folder),
};

int main(void)
{
	return cmocka_run_group_tests_name("acceptance", tests, make_folder,
					   remove_folder);
}
