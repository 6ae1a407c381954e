// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_table.c - the table of results, word for word */
#include "runner/report_internal.h"
#include "sample_outcomes.h"

#define INDENT "          "

static void table__has_reasons_and_evidence(void **state)
{
	prints(table,
	       "verdict   scenario                      time  faults        expectation\n"
	       "PASS      DP-01.read                  1.23 s  2 of 2        one\n" INDENT
	       "a(): proven\n" INDENT "  trace        d\n" INDENT "    | raw 1\n" INDENT
	       "    | raw 2\n" INDENT "b(): proven\n" INDENT "  trace        d\n" INDENT
	       "    | raw 1\n" INDENT "    | raw 2\n" INDENT "note: a note\n"
	       "FAIL      DP-02                       0.01 s  0 of 1        two "
	       "#2\n" INDENT "\"w\" & \x7f\t#\n" INDENT "in step(), f.c:2\n"
	       "SKIP      DAX-03                      0.00 s  -             "
	       "three\n" INDENT "not # here\n"
	       "XFAIL     REG-04                      0.00 s  -             four\n" INDENT
	       "as known\n" INDENT "in step(), f.c:4\n" INDENT
	       "expected: K1: a <bug> #1\n"
	       "XPASS     INV-05.long                 0.00 s  -             five\n" INDENT
	       "passed\n"
	       "UNPROVEN  X-06                        0.00 s  -             six\n" INDENT
	       "unseen\n"
	       "ERROR     X-07                        0.00 s  -             "
	       "seven\n" INDENT "no room\n" INDENT "in step(), f.c:7\n"
	       "\n7 scenarios on fake0 (rxe), 1 PASS, 1 FAIL, 1 SKIP, 1 XFAIL, 1 XPASS, "
	       "1 UNPROVEN, 1 ERROR\n"
	       "page faults: 2 of 3 expectations proven, 2 by trace, 1 by driver\n"
	       "calibration: SKIP: no RDMA WRITE\n");
}

static void table__of_an_emulated_device(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	env.device.emulated = true;
	report_table_sum(&run, out);
	env.device.emulated = false;
	fclose(out);
	assert_non_null(strstr(text, "7 scenarios on fake0 (rxe, emulated), 1 PASS"));
	free(text);
}

static void sum_prints(const struct run *what, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report_table_sum(what, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void table__of_one_scenario_without_expectations(void **state)
{
	struct run one = run;

	one.n = 1;
	one.outcomes = &outcomes[5];
	memset(one.count, 0, sizeof(one.count));
	one.count[VERDICT_UNPROVEN] = 1;
	sum_prints(&one, "\n1 scenario on fake0 (rxe), 1 UNPROVEN\n"
			 "page faults: no expectations\n"
			 "calibration: SKIP: no RDMA WRITE\n");
}

static void table__of_a_run_without_the_kernel_log(void **state)
{
	struct run one = run;

	one.n = 2;
	memset(one.count, 0, sizeof(one.count));
	one.count[VERDICT_PASS] = one.count[VERDICT_FAIL] = 1;
	env.kernel_log = (struct kernel_log){ .fd = -1, .detail = "needs root" };
	sum_prints(&one,
		   "\n2 scenarios on fake0 (rxe), 1 PASS (kernel log not read), 1 FAIL\n"
		   "page faults: 2 of 3 expectations proven, 2 by trace, 1 by driver\n"
		   "calibration: SKIP: no RDMA WRITE\n"
		   "kernel log not read, a warning or oops is not noticed: needs root\n");
	env.kernel_log = (struct kernel_log){ 0 };
}

static void table__of_an_interrupted_run(void **state)
{
	struct run one = run;

	one.n = 0;
	memset(one.count, 0, sizeof(one.count));
	one.interrupted = SIGHUP;
	sum_prints(&one, "\n0 scenarios on fake0 (rxe), \n"
			 "interrupted by SIGHUP: the scenarios after these were not run\n"
			 "page faults: no expectations\n"
			 "calibration: SKIP: no RDMA WRITE\n");
}

/* Each line is there as its scenario ends. */
static void table__is_not_held_back(void **state)
{
	char text[4096] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	report_table_line(&outcomes[5], false, out);
	assert_non_null(strstr(text, "UNPROVEN"));
	fclose(out);
}

#define SEEN(pages, events, neighbours, repeats)                                       \
	"{\"observations\":[{\"witness\":\"driver\",\"events\":0},{\"events\":" events \
	",\"neighbours\":" neighbours ",\"repeats\":" repeats "}]}"

static void calibrated(const char *watches, const char *line)
{
	struct outcome before = run.calibration;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	run.calibration = (struct outcome){ .verdict = VERDICT_PASS,
					    .watches = json_tokener_parse(watches) };
	report_calibration(&run.calibration, out);
	fclose(out);
	assert_string_equal(text, line);
	free(text);
	json_object_put(run.calibration.watches);
	run.calibration = before;
}

static void calibration__in_words(void **state)
{
	calibrated("[" SEEN(1, "1", "0", "0") "," SEEN(16, "1", "0", "0") "]",
		   "calibration: 1 page by 1 event; 16 pages by 1 event\n");
	calibrated("[" SEEN(1, "2", "0", "1") "," SEEN(16, "3", "32", "16") "]",
		   "calibration: 1 page by 2 events, 1 repeat; 16 pages "
		   "by 3 events with 32 neighbours, 16 repeats\n");
	calibrated("[" SEEN(1, "1", "0", "0") "," SEEN(16, "0", "0", "0") "]",
		   "calibration: no witness can tell events\n");
	calibrated("[" SEEN(1, "1", "0", "0") "]", "calibration: PASS\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(calibration__in_words),
	cmocka_unit_test(table__has_reasons_and_evidence),
	cmocka_unit_test(table__of_an_emulated_device),
	cmocka_unit_test(table__of_one_scenario_without_expectations),
	cmocka_unit_test(table__of_a_run_without_the_kernel_log),
	cmocka_unit_test(table__of_an_interrupted_run),
	cmocka_unit_test(table__is_not_held_back),
};

int main(void)
{
	return cmocka_run_group_tests_name("report_table", tests, give_evidence,
					   take_evidence);
}
