// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report.c - the forms of a report for other programs, word for word */
#include "sample_outcomes.h"

/*
 * The first scenario again, of whose two expectations one was confirmed without a count.
 */
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
	has(object, "version", "5");
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
	cmocka_unit_test(weak_proof__is_told_in_each_report),
	cmocka_unit_test(each__of_texts_of_one_letter),
	cmocka_unit_test(each__of_what_comes_first),
	cmocka_unit_test(tap__of_an_interrupted_run),
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
