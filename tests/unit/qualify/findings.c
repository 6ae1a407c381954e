// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* findings.c - what is read of a folder of results, and what is refused */
#include "qualify/findings.h"

#include "capture.h"
#include "results_folder.h"

static struct findings read_folder(void)
{
	struct findings findings;

	assert_int_equal(findings_read(&findings, folder), 0);
	return findings;
}

static void read__the_worst_outcome_counts(void **state)
{
	static const struct {
		const char *id;
		enum standing standing;
	} rows[] = { { "A-1", PASSED },	  { "A-2", FAILED }, { "A-3", SKIPPED },
		     { "A-4", UNPROVEN }, { "A-5", KNOWN },  { "A-6", FAILED } };
	struct findings findings;

	put_run("first/run.json", OUTCOME("A-1", "SKIP", "", "{}"),
		OUTCOME("A-2", "FAIL", "", "{}"), OUTCOME("A-3", "SKIP", "", "{}"));
	put_run("second/run.json", OUTCOME("A-1", "PASS", "", "{}"),
		OUTCOME("A-2", "PASS", "", "{}"), OUTCOME("A-4", "PASS", "", "{}"),
		OUTCOME("A-4", "UNPROVEN", "", "{}"), OUTCOME("A-5", "XFAIL", "", "{}"),
		OUTCOME("A-5", "PASS", "", "{}"), OUTCOME("A-6", "XPASS", "", "{}"));
	findings = read_folder();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (findings_standing(json_object_object_get(
			    findings.outcomes, rows[i].id)) != rows[i].standing)
			fail_msg("%s", rows[i].id);
	assert_int_equal(json_object_object_length(findings.outcomes), 6);
	findings_free(&findings);
}

/* A verdict that this program does not know is none that is good. */
static void standing__of_another_verdict(void **state)
{
	struct findings findings;

	put_run("run.json", OUTCOME("A-1", "WELL", "", "{}"));
	findings = read_folder();
	assert_int_equal(
		findings_standing(json_object_object_get(findings.outcomes, "A-1")),
		FAILED);
	findings_free(&findings);
}

static void read__measurements_of_all_runs(void **state)
{
	struct findings findings;

	put_perf("a/perf.json", "{\"op\":\"write\"}", "{\"op\":\"read\"}");
	put_perf("b/perf.json", "{\"op\":\"read\"}");
	findings = read_folder();
	assert_int_equal(json_object_array_length(findings.measurements), 3);
	assert_int_equal(json_object_object_length(findings.outcomes), 0);
	findings_free(&findings);
}

static void refused(int error, const char *reason)
{
	struct findings findings;
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = findings_read(&findings, folder);

	capture_end(&c, text, sizeof(text));
	findings_free(&findings);
	assert_int_equal(ret, error);
	if (!strstr(text, reason))
		fail_msg("%s", text);
}

static void read__refuses_what_is_none(void **state)
{
	static const char *const wrong[] = {
		"",
		"[]",
		"null",
		"{",
		"{\"schema\":\"odplab-run\",\"version\":4,\"scenarios\":[]}",
		"{\"schema\":\"odplab-run\",\"version\":5}",
		"{\"schema\":\"odplab-run\",\"version\":5,\"scenarios\":{}}",
		"{\"schema\":\"odplab-perf\",\"version\":3,\"scenarios\":[]}",
	};

	refused(-ENOENT, "no results");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		put("a/run.json", wrong[i]);
		refused(-EINVAL, "a/run.json: not of schema odplab-run, version 5");
	}
	put_run("a/run.json", "{}");
	put_run("a/perf.json", "{}");
	refused(-EINVAL, "a/perf.json: not of schema odplab-perf, version 3");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(read__the_worst_outcome_counts, clear_folder),
	cmocka_unit_test_setup(standing__of_another_verdict, clear_folder),
	cmocka_unit_test_setup(read__measurements_of_all_runs, clear_folder),
	cmocka_unit_test_setup(read__refuses_what_is_none, clear_folder),
};

int main(void)
{
	return cmocka_run_group_tests_name("findings", tests, make_folder, remove_folder);
}
