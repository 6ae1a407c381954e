// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* comparison.c - which differences of two runs are shown, and which count */
#include "qualify/comparison.h"

#include "capture.h"
#include "qualify/findings.h"
#include "results_folder.h"

#define LAB(kernel, firmware) \
	"{\"kernel\":\"" kernel "\",\"device\":{\"firmware\":\"" firmware "\"}}"

/* A watch, as the trace saw it, or another witness. */
#define TRACE(pages, neighbours, repeats, events) \
	WATCH(SEEN("trace", pages, neighbours, repeats, events))
#define RESIDENCY(pages)   WATCH(SEEN("residency", pages, "0", "0", "0"))
#define DEAF		   WATCH("{\"witness\":\"residency\",\"available\":false}")
#define WATCH(observation) "{\"observations\":[" observation "]}"
#define SEEN(witness, pages, neighbours, repeats, events)             \
	"{\"witness\":\"" witness "\",\"available\":true,\"pages\":{" \
	"\"min\":" pages ",\"max\":null},\"neighbours\":" neighbours  \
	",\"repeats\":" repeats ",\"events\":" events "}"

#define SCENARIO_OF(id, verdict, why, watches)                        \
	"{\"id\":\"" id "\",\"verdict\":\"" verdict "\",\"why\":" why \
	",\"watches\":[" watches "]}"
#define PASSED_WITH(id, watches) SCENARIO_OF(id, "PASS", "null", watches)

#define RUN_IN(environment, calibration, scenarios)                             \
	"{\"schema\":\"odplab-run\",\"version\":5,\"environment\":" environment \
	",\"calibration\":{\"verdict\":\"PASS\",\"watches\":[" calibration      \
	"]},\"scenarios\":[" scenarios "]}"
#define RUN(scenarios) RUN_IN(LAB("7.1", "1"), "", scenarios)

/* What is printed of two runs; .verdicts changed. */
static struct {
	char text[4096];
	size_t verdicts;
} got;

static void compare(const char *before, const char *after)
{
	struct findings old = { 0 }, new = { 0 };
	struct capture c;

	put("run.json", before);
	assert_int_equal(findings_read(&old, folder), 0);
	put("run.json", after);
	assert_int_equal(findings_read(&new, folder), 0);
	c = capture_start(stdout);
	got.verdicts = comparison_print(&old, &new, stdout);
	capture_end(&c, got.text, sizeof(got.text));
	findings_free(&old);
	findings_free(&new);
}

static void run__like_the_other(void **state)
{
	static const char run[] = RUN(PASSED_WITH("A-1", TRACE("1", "0", "0", "1")));

	compare(run, run);
	assert_string_equal(
		got.text, "changed verdicts: 0, new scenarios: 0, changed figures: 0\n");
	assert_int_equal(got.verdicts, 0);
}

static void verdict__that_changed_counts(void **state)
{
	static const char before[] = RUN(PASSED_WITH("A-1", "") "," PASSED_WITH(
		"A-2", "") "," SCENARIO_OF("A-3", "XFAIL", "\"so\"", ""));
	static const char after[] =
		RUN(SCENARIO_OF("A-1", "FAIL", "\"wrong data\"", "") "," PASSED_WITH(
			"A-3", "") "," PASSED_WITH("A-4", ""));

	compare(before, after);
	assert_string_equal(
		got.text, "verdict: A-1: PASS -> FAIL: wrong data\n"
			  "verdict: A-2: PASS -> not run\n"
			  "verdict: A-3: XFAIL -> PASS\n"
			  "new: A-4: PASS\n"
			  "changed verdicts: 3, new scenarios: 1, changed figures: 0\n");
	assert_int_equal(got.verdicts, 3);
}

static void figures__are_shown_and_count_not(void **state)
{
	static const char before[] = RUN(PASSED_WITH(
		"A-1", TRACE("1", "0", "0", "1") "," TRACE("16", "0", "0", "2")));
	static const char after[] = RUN(PASSED_WITH(
		"A-1", TRACE("1", "7", "1", "2") "," TRACE("16", "0", "2", "4")));

	compare(before, after);
	assert_string_equal(
		got.text,
		"figures: A-1: trace: neighbours 0 -> 7, repeats 0 -> 3, events 3 -> 6\n"
		"changed verdicts: 0, new scenarios: 0, changed figures: 1\n");
	assert_int_equal(got.verdicts, 0);
}

/* What only one of the runs could see is no change of the device. */
static void figures__of_witnesses_that_both_runs_had(void **state)
{
	static const char before[] =
		RUN(PASSED_WITH("A-1", RESIDENCY("1")) "," PASSED_WITH("A-2", DEAF));
	static const char after[] = RUN(
		PASSED_WITH("A-1", TRACE("9", "0", "0", "9") "," RESIDENCY(
					   "2")) "," PASSED_WITH("A-2", RESIDENCY("2")));

	compare(before, after);
	assert_string_equal(
		got.text, "figures: A-1: residency: pages 1 -> 2\n"
			  "changed verdicts: 0, new scenarios: 0, changed figures: 1\n");
}

static void lab__and_calibration(void **state)
{
	compare(RUN_IN(LAB("7.1", "1"), TRACE("1", "0", "0", "1"),
		       PASSED_WITH("A-1", "")),
		RUN_IN(LAB("7.2", "2"), TRACE("1", "0", "0", "2"),
		       PASSED_WITH("A-1", "")));
	assert_string_equal(
		got.text, "environment: kernel: 7.1 -> 7.2\n"
			  "environment: firmware: 1 -> 2\n"
			  "figures: calibration: trace: events 1 -> 2\n"
			  "changed verdicts: 0, new scenarios: 0, changed figures: 1\n");
}

/* Files come from anywhere. */
static void run__of_other_types_than_expected(void **state)
{
	static const char *const odd[] = {
		RUN_IN("1", "2", "{\"id\":\"A-1\",\"watches\":3}"),
		RUN_IN("{\"device\":\"x\"}", WATCH("4"),
		       PASSED_WITH("A-1", WATCH("null"))),
		RUN_IN("null", "", "1"),
		"{\"schema\":\"odplab-run\",\"version\":5,\"scenarios\":[]}",
	};
	static const char run[] = RUN(PASSED_WITH("A-1", TRACE("1", "0", "0", "1")));

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		compare(odd[i], run);
		compare(run, odd[i]);
		assert_non_null(strstr(got.text, "changed verdicts: "));
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(run__like_the_other, clear_folder),
	cmocka_unit_test_setup(verdict__that_changed_counts, clear_folder),
	cmocka_unit_test_setup(figures__are_shown_and_count_not, clear_folder),
	cmocka_unit_test_setup(figures__of_witnesses_that_both_runs_had, clear_folder),
	cmocka_unit_test_setup(lab__and_calibration, clear_folder),
	cmocka_unit_test_setup(run__of_other_types_than_expected, clear_folder),
};

int main(void)
{
	return cmocka_run_group_tests_name("comparison", tests, make_folder,
					   remove_folder);
}
