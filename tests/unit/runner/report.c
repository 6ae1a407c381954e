// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report.c - the forms of a report, word for word */
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

static int give_evidence(void **state)
{
	outcomes[0].watches =
		json_tokener_parse("[" WATCH("a()", "proven", "\"trace\"") ", " WATCH(
			"b()", "proven", "\"trace\", \"driver\"") "]");
	outcomes[0].notes = json_tokener_parse("[\"a note\"]");
	outcomes[1].watches = json_tokener_parse("[" WATCH("c()", "refuted", "") "]");
	return !outcomes[0].watches || !outcomes[1].watches;
}

static int take_evidence(void **state)
{
	json_object_put(outcomes[0].watches);
	json_object_put(outcomes[0].notes);
	json_object_put(outcomes[1].watches);
	return 0;
}

typedef void report_fn(const struct run *run, FILE *out);

static void prints(report_fn *report, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report(&run, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void table(const struct run *what, FILE *out)
{
	report_table_head(out);
	for (size_t i = 0; i < what->n; i++)
		report_table_line(&what->outcomes[i], !i, out);
	report_table_sum(what, out);
}

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
	       "page faults: 2 of 3 expectations proven, 2 by trace, 1 by driver\n");
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
			 "page faults: no expectations\n");
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
		   "kernel log not read, a warning or oops is not noticed: needs root\n");
	env.kernel_log = (struct kernel_log){ 0 };
}

/* The first scenario again, of whose two expectations one was confirmed without a count. */
static void weak_proof__is_told_in_each_report(void **state)
{
	static const char weak[] =
		"[{\"step\": \"a()\", \"judgement\": \"proven\", \"counted\": false, "
		"\"proven_by\": [\"residency\"], \"observations\": []}, "
		"{\"step\": \"b()\", \"judgement\": \"proven\", \"counted\": true, "
		"\"proven_by\": [\"trace\"], \"observations\": []}]";
	static const struct {
		report_fn *report;
		const char *says;
	} rows[] = {
		{ table,
		  "PASS      DP-01.read                  1.23 s  2 of 2 weak   one\n" },
		{ table,
		  "page faults: 2 of 2 expectations proven, 1 of them weakly, "
		  "1 by residency, 1 by trace\nweak proof: faults were seen, but no "
		  "witness could count them; odp_info shows what each witness needs\n" },
		{ report_tap, "ok 1 - DP-01.read one\n# page faults: 2 of 2 expectations "
			      "proven, 1 of them weakly\n" },
		{ report_junit,
		  "<system-out>one; page faults: 2 of 2 expectations proven, "
		  "1 of them weakly</system-out>" },
	};
	struct outcome outcome = outcomes[0];
	struct run one = run;

	outcome.watches = json_tokener_parse(weak);
	outcome.notes = json_object_new_array();
	one.outcomes = &outcome;
	one.n = 1;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		rows[i].report(&one, out);
		fclose(out);
		if (!strstr(text, rows[i].says))
			fail_msg("\"%s\" is not in\n%s", rows[i].says, text);
		free(text);
	}
	json_object_put(outcome.watches);
	json_object_put(outcome.notes);
}

static void table__of_an_interrupted_run(void **state)
{
	struct run one = run;

	one.n = 0;
	memset(one.count, 0, sizeof(one.count));
	one.interrupted = SIGHUP;
	sum_prints(&one, "\n0 scenarios on fake0 (rxe), \n"
			 "interrupted by SIGHUP: the scenarios after these were not run\n"
			 "page faults: no expectations\n");
}

static bool in_report(report_fn *report, const struct run *what, const char *says)
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

static void json(const struct run *what, FILE *out)
{
	struct json_object *object = report_json(what);

	fputs(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), out);
	json_object_put(object);
}

/* No text is too short to be told. */
static void each__of_texts_of_one_letter(void **state)
{
	struct outcome outcome = { .scenario = &scenarios[5],
				   .verdict = VERDICT_FAIL,
				   .why = "w",
				   .step = "s",
				   .file = "f",
				   .line = 3,
				   .repetition = 2 };
	struct run one = run;

	one.outcomes = &outcome;
	one.n = 1;
	assert_true(in_report(table, &one, "          w\n          in s, f:3\n"));
	assert_true(in_report(report_tap, &one, "message: \"w\"\n  step: \"s\"\n"));
	assert_true(in_report(report_junit, &one, "message=\"w\">in s, f:3</failure>"));
	assert_true(in_report(report_junit, &one, "name=\"X-06 [2]\""));
	assert_true(in_report(json, &one, "\"why\":\"w\""));
	assert_true(
		in_report(json, &one, "\"last_step\":\"s\",\"file\":\"f\",\"line\":3"));
}

/* The first of all needs, and the board of the device. */
static void each__of_what_comes_first(void **state)
{
	const struct scenario first = { .id = "A-1", .about = "a", .needs = NEEDS(ODP) };
	struct outcome outcome = { .scenario = &first,
				   .verdict = VERDICT_SKIP,
				   .why = "no",
				   .lacks = NEEDS(ODP) };
	struct run one = run;

	one.outcomes = &outcome;
	one.n = 1;
	strcpy(env.device.board, "MT_1");
	assert_true(in_report(json, &one, "\"capabilities\":[\"explicit-odp\"]"));
	assert_true(in_report(json, &one, "\"lacks\":{\"ODP\":null}"));
	assert_true(in_report(report_junit, &one, "name=\"board\" value=\"MT_1\""));
	env.device.board[0] = '\0';
}

static void tap__of_an_interrupted_run(void **state)
{
	struct run one = run;

	one.interrupted = SIGTERM;
	assert_true(in_report(report_tap, &one, "\nBail out! SIGTERM\n"));
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

#define TAP_BEFORE                                                              \
	"TAP version 13\n1..7\n"                                                \
	"ok 1 - DP-01.read one\n"                                               \
	"not ok 2 - DP-02 two \\#2\n  ---\n  verdict: \"FAIL\"\n  message: "    \
	"\"\\\"w\\\" &  \\t#\"\n  step: \"step()\"\n  ...\n"                    \
	"ok 3 - DAX-03 three # SKIP not \\# here\n"                             \
	"not ok 4 - REG-04 four # TODO a <bug> \\#1\n  ---\n  verdict: "        \
	"\"XFAIL\"\n  message: \"as known\"\n  step: \"step()\"\n  ...\n"       \
	"not ok 5 - INV-05.long five\n  ---\n  verdict: \"XPASS\"\n  message: " \
	"\"passed\"\n  step: \"step()\"\n  ...\n"
#define TAP_AFTER                                                                    \
	"ok 6 - X-06 six\n  ---\n  verdict: \"UNPROVEN\"\n  message: \"unseen\"\n  " \
	"...\n"                                                                      \
	"not ok 7 - X-07 seven\n  ---\n  verdict: \"ERROR\"\n  message: \"no "       \
	"room\"\n  step: \"step()\"\n  ...\n"

/* What is unproven fails a harness unless that is allowed. */
static void tap__has_each_verdict(void **state)
{
	prints(report_tap, TAP_BEFORE "not " TAP_AFTER);
	run.allow_unproven = true;
	prints(report_tap, TAP_BEFORE TAP_AFTER);
	run.allow_unproven = false;
}

/* A case with its result, or none, and its expectation. */
#define CASE(group, id, time, result, about)                               \
	"  <testcase classname=\"" group "\" name=\"" id "\" time=\"" time \
	"\">\n" result "    <system-out>" about "</system-out>\n  </testcase>\n"
#define FAILURE(type, message, where) \
	"    <failure type=\"" type "\" message=\"" message "\"" where "\n"
#define SKIPPED(type, message) \
	"    <skipped type=\"" type "\" message=\"" message "\"/>\n"

static void ktap(const struct run *what, FILE *out)
{
	report_ktap_head(what->n, out);
	for (size_t i = 0; i < what->n; i++)
		report_ktap_line(what, i, out);
	report_ktap_end(what, out);
}

#define KTAP_BEFORE                                                                     \
	"KTAP version 1\n1..7\n"                                                        \
	"ok 1 DP-01.read one\n"                                                         \
	"# DP-02: FAIL: \"w\" &    \n# in step(), f.c:2\nnot ok 2 DP-02 two  2\n"       \
	"ok 3 DAX-03 three # SKIP not   here\n"                                         \
	"# REG-04: XFAIL: as known\n# in step(), f.c:4\n"                               \
	"ok 4 REG-04 four # XFAIL a <bug>  1\n"                                         \
	"# INV-05.long: XPASS: passed\n# in step(), f.c:5\nnot ok 5 INV-05.long five\n" \
	"# X-06: UNPROVEN: unseen\n"

#define KTAP_ERROR                                     \
	"# X-07: ERROR: no room\n# in step(), f.c:7\n" \
	"not ok 7 X-07 seven # ERROR no room\n"

static void ktap__has_each_verdict(void **state)
{
	prints(ktap, KTAP_BEFORE "not ok 6 X-06 six\n" KTAP_ERROR);
	run.allow_unproven = true;
	prints(ktap, KTAP_BEFORE "ok 6 X-06 six\n" KTAP_ERROR);
	run.allow_unproven = false;
}

static void ktap__of_an_interrupted_run(void **state)
{
	struct run one = run;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	one.interrupted = SIGINT;
	report_ktap_end(&one, out);
	fclose(out);
	assert_string_equal(text, "Bail out! SIGINT\n");
	free(text);
}

static void junit__has_each_verdict(void **state)
{
	static const char *const cases[] = {
		CASE("DP", "DP-01.read", "1.235", "",
		     "one; page faults: 2 of 2 expectations proven"),
		CASE("DP", "DP-02", "0.010",
		     FAILURE("FAIL", "&quot;w&quot; &amp;   #",
			     ">in step(), f.c:2</failure>"),
		     "two #2; page faults: 0 of 1 expectations proven"),
		CASE("DAX", "DAX-03", "0.000", SKIPPED("SKIP", "not # here"), "three"),
		CASE("REG", "REG-04", "0.000", SKIPPED("XFAIL", "a &lt;bug&gt; #1"),
		     "four"),
		CASE("INV", "INV-05.long", "0.000",
		     FAILURE("XPASS", "passed", ">in step(), f.c:5</failure>"), "five"),
		CASE("X", "X-06", "0.000", FAILURE("UNPROVEN", "unseen", "/>"), "six"),
		CASE("X", "X-07", "0.000",
		     "    <error type=\"ERROR\" message=\"no room\">in step(), "
		     "f.c:7</error>\n",
		     "seven"),
	};
	struct utsname host;
	char expected[4096];

	uname(&host);
	snprintf(expected, sizeof(expected),
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		 "<testsuite name=\"odp_test\" tests=\"7\" failures=\"3\" errors=\"1\" "
		 "skipped=\"2\" timestamp=\"2026-01-02T03:04:05Z\" hostname=\"%s\" "
		 "time=\"1.245\">\n"
		 "  <properties>\n"
		 "    <property name=\"odplab\" value=\"" ODPLAB_VERSION "\"/>\n"
		 "%s%s%s"
		 "    <property name=\"kernel\" value=\"%s\"/>\n"
		 "    <property name=\"device\" value=\"fake0\"/>\n"
		 "    <property name=\"driver\" value=\"rxe\"/>\n"
		 "    <property name=\"transport\" value=\"verbs\"/>\n"
		 "  </properties>\n",
		 host.nodename,
		 version_commit[0] ? "    <property name=\"commit\" value=\"" : "",
		 version_commit, version_commit[0] ? "\"/>\n" : "", host.release);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		strcat(expected, cases[i]);
	strcat(expected, "</testsuite>\n");
	prints(report_junit, expected);
}

/* A repetition, an emulated device, and expectations of page faults */
static void junit__has_what_was_tested(void **state)
{
	const struct outcome first = outcomes[0];
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	outcomes[0].repetition = 3;
	outcomes[0].watches = json_tokener_parse("[" WATCH(
		"a()", "proven", "\"trace\"") ", " WATCH("b()", "refuted", "") "]");
	env.device.emulated = true;
	snprintf(env.device.firmware, sizeof(env.device.firmware), "1.2 \"b\"");
	report_junit(&run, out);
	fclose(out);
	json_object_put(outcomes[0].watches);
	outcomes[0] = first;
	env.device.emulated = false;
	env.device.firmware[0] = '\0';
	assert_non_null(strstr(text, "name=\"DP-01.read [3]\" "));
	assert_non_null(strstr(text, "<system-out>one; page faults: 1 of 2 expectations "
				     "proven</system-out>"));
	assert_non_null(strstr(text, "<property name=\"emulated\" value=\"yes\"/>"));
	assert_non_null(strstr(
		text, "<property name=\"firmware\" value=\"1.2 &quot;b&quot;\"/>"));
	free(text);
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *found;

	if (!json_object_object_get_ex(object, name, &found))
		fail_msg("no member %s", name);
	return found;
}

static void has(struct json_object *object, const char *name, const char *json)
{
	const char *text = json_object_to_json_string_ext(member(object, name), 0);

	if (strcmp(text, json) != 0)
		fail_msg("%s is %s, expected %s", name, text, json);
}

static void json__of_the_run(void **state)
{
	struct json_object *object = report_json(&run);

	has(object, "schema", "\"odplab-run\"");
	has(object, "version", "3");
	has(object, "started", "\"2026-01-02T03:04:05Z\"");
	has(object, "config", "null");
	has(object, "known_defects_sha256", "null");
	has(object, "exit_status", "1");
	has(object, "counts",
	    "{\"PASS\":1,\"FAIL\":1,\"SKIP\":1,\"XFAIL\":1,\"XPASS\":1,\"UNPROVEN\":1,"
	    "\"ERROR\":1}");
	assert_int_equal(json_object_array_length(member(object, "scenarios")), run.n);
	json_object_put(object);
}

/* What there is none of is null. */
static void json__of_each_scenario(void **state)
{
	struct json_object *object = report_json(&run),
			   *all = member(object, "scenarios");
	struct json_object *pass = json_object_array_get_idx(all, 0);
	struct json_object *skip = json_object_array_get_idx(all, 2);
	struct json_object *xfail = json_object_array_get_idx(all, 3);
	struct json_object *unproven = json_object_array_get_idx(all, 5);

	has(pass, "id", "\"DP-01.read\"");
	has(pass, "about", "\"one\"");
	has(pass, "repetition", "1");
	has(pass, "verdict", "\"PASS\"");
	has(pass, "why", "null");
	has(pass, "defect", "null");
	has(pass, "defect_reason", "null");
	has(pass, "last_step", "\"step()\"");
	has(pass, "file", "\"f.c\"");
	has(pass, "line", "1");
	has(pass, "duration_ns", "1234567890");
	has(pass, "peak_rss_bytes", "4096");
	has(pass, "notes", "[\"a note\"]");
	assert_int_equal(json_object_array_length(member(pass, "watches")), 2);
	/* each once */
	has(pass, "capabilities", "[\"rc\",\"fsdax\"]");
	has(xfail, "capabilities", "[]");
	has(pass, "lacks", "{}");
	/* another filesystem may be named, swap is the host's */
	has(skip, "lacks", "{\"FSDAX\":\"--dax\",\"SWAP\":null}");
	has(xfail, "why", "\"as known\"");
	has(xfail, "defect", "\"K1\"");
	has(xfail, "defect_reason", "\"a <bug> #1\"");
	has(unproven, "last_step", "null");
	has(unproven, "file", "null");
	has(unproven, "line", "0");
	json_object_put(object);
	/* the run keeps its evidence */
	assert_int_equal(json_object_array_length(outcomes[0].watches), 2);
}

static void kernel_log__of_those_that_have_one(void **state)
{
	prints(report_kernel_log, "[1.0] one\n[2.0] two\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(table__has_reasons_and_evidence),
	cmocka_unit_test(table__of_an_emulated_device),
	cmocka_unit_test(table__of_one_scenario_without_expectations),
	cmocka_unit_test(table__of_a_run_without_the_kernel_log),
	cmocka_unit_test(weak_proof__is_told_in_each_report),
	cmocka_unit_test(table__of_an_interrupted_run),
	cmocka_unit_test(each__of_texts_of_one_letter),
	cmocka_unit_test(each__of_what_comes_first),
	cmocka_unit_test(tap__of_an_interrupted_run),
	cmocka_unit_test(table__is_not_held_back),
	cmocka_unit_test(tap__has_each_verdict),
	cmocka_unit_test(ktap__has_each_verdict),
	cmocka_unit_test(ktap__of_an_interrupted_run),
	cmocka_unit_test(junit__has_each_verdict),
	cmocka_unit_test(junit__has_what_was_tested),
	cmocka_unit_test(json__of_the_run),
	cmocka_unit_test(json__of_each_scenario),
	cmocka_unit_test(kernel_log__of_those_that_have_one),
};

int main(void)
{
	return cmocka_run_group_tests_name("report", tests, give_evidence, take_evidence);
}
