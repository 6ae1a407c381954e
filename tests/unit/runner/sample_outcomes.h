/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* sample_outcomes.h - a run with one outcome of each verdict, for the tests of reports */
#ifndef ODPLAB_TESTS_SAMPLE_OUTCOMES_H
#define ODPLAB_TESTS_SAMPLE_OUTCOMES_H

#include "runner/report.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include "base/version.h"
#include "runner/defects.h"
#include "testcase/registry.h"

static const struct scenario scenarios[] = {
	{ .id = "DP-01.read", .about = "one", .needs = NEEDS(FSDAX, RC_READ, RC_WRITE) },
	{ .id = "DP-02", .about = "two #2" },
	{ .id = "DAX-03", .about = "three" },
	{ .id = "REG-04", .about = "four" },
	{ .id = "INV-05.long", .about = "five" },
	{ .id = "X-06", .about = "six" },
	{ .id = "X-07", .about = "seven" },
};
static const struct defect known = { .name = "K1", .reason = "a <bug> #1" };

#define STEP_OF(n) .step = "step()", .file = "f.c", .line = n

/* One outcome of each verdict. */
static struct outcome outcomes[] = {
	{ .scenario = &scenarios[0],
	  .verdict = VERDICT_PASS,
	  .duration_ns = 1234567890,
	  .repetition = 1,
	  .peak_rss = 4096,
	  .kernel = (char[]){ "[1.0] one\n" },
	  STEP_OF(1) },
	{ .scenario = &scenarios[1],
	  .verdict = VERDICT_FAIL,
	  .duration_ns = 10000000,
	  .why = "\"w\" & \x7f\t#",
	  STEP_OF(2) },
	{ .scenario = &scenarios[2],
	  .verdict = VERDICT_SKIP,
	  .why = "not # here",
	  .lacks = NEEDS(FSDAX, SWAP),
	  STEP_OF(3) },
	{ .scenario = &scenarios[3],
	  .verdict = VERDICT_XFAIL,
	  .why = "as known",
	  .defect = &known,
	  .kernel = (char[]){ "[2.0] two\n" },
	  STEP_OF(4) },
	{ .scenario = &scenarios[4],
	  .verdict = VERDICT_XPASS,
	  .why = "passed",
	  .defect = &known,
	  STEP_OF(5) },
	{ .scenario = &scenarios[5], .verdict = VERDICT_UNPROVEN, .why = "unseen" },
	{ .scenario = &scenarios[6],
	  .verdict = VERDICT_ERROR,
	  .why = "no room",
	  STEP_OF(7) },
};

static const struct env_config config = { .transport = "verbs" };
static struct env env = {
	.config = &config,
	.device = { .name = "fake0", .driver = "rxe" },
	.evidence.witness = { { &trace_witness, .why = "no device" },
			      { &mr_counters_witness, .why = "no device" },
			      { &hw_counters_witness, .why = "no device" } },
};
static struct run run = { .env = &env,
			  .exit_status = 1,
			  .started = "2026-01-02T03:04:05Z",
			  .calibration = { .verdict = VERDICT_SKIP,
					   .why = "no RDMA WRITE" },
			  .outcomes = outcomes,
			  .n = ARRAY_SIZE(outcomes),
			  .count = { [VERDICT_PASS] = 1,
				     [VERDICT_FAIL] = 1,
				     [VERDICT_SKIP] = 1,
				     [VERDICT_XFAIL] = 1,
				     [VERDICT_XPASS] = 1,
				     [VERDICT_UNPROVEN] = 1,
				     [VERDICT_ERROR] = 1 } };

#define WATCH(step, judgement, names)                                           \
	"{\"step\": \"" step "\", \"judgement\": \"" judgement                  \
	"\", \"proven_by\": [" names "], \"counted\": true, \"observations\": " \
	"[{\"witness\": \"trace\", \"detail\": \"d\", "                         \
	"\"lines\": [\"raw 1\", \"raw 2\"]}]}"

static inline int give_evidence(void **state)
{
	outcomes[0].watches =
		json_tokener_parse("[" WATCH("a()", "proven", "\"trace\"") ", " WATCH(
			"b()", "proven", "\"trace\", \"driver\"") "]");
	outcomes[0].notes = json_tokener_parse("[\"a note\"]");
	outcomes[1].watches = json_tokener_parse("[" WATCH("c()", "refuted", "") "]");
	run.calibration.watches = json_object_new_array();
	return !outcomes[0].watches || !outcomes[1].watches;
}

static inline int take_evidence(void **state)
{
	json_object_put(outcomes[0].watches);
	json_object_put(outcomes[0].notes);
	json_object_put(outcomes[1].watches);
	json_object_put(run.calibration.watches);
	return 0;
}

typedef void report_fn(const struct run *run, FILE *out);

static inline void prints(report_fn *report, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report(&run, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static inline void table(const struct run *what, FILE *out)
{
	report_table_head(out);
	for (size_t i = 0; i < what->n; i++)
		report_table_line(&what->outcomes[i], !i, out);
	report_table_sum(what, out);
}

static inline bool in_report(report_fn *report, const struct run *what, const char *says)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool found;

	report(what, out);
	fclose(out);
	found = strstr(text, says);
	if (!found)
		print_error("\"%s\" is not in\n%s", says, text);
	free(text);
	return found;
}

static inline void json(const struct run *what, FILE *out)
{
	struct json_object *object = report_json(what);

	fputs(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), out);
	json_object_put(object);
}

#endif
