// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_text.c - outcomes for other harnesses: TAP and JUnit; and the kernel's log */
#include <string.h>
#include <sys/utsname.h>

#include "runner/defects.h"
#include "runner/report.h"
#include "scenario/scenario.h"

/*
 * As other harnesses expect it: a known defect is a TODO there, something unproven a
 * failure.
 */
static bool is_bad(const struct run *run, const struct outcome *outcome)
{
	return outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_XPASS ||
	       (outcome->verdict == VERDICT_UNPROVEN && !run->allow_unproven);
}

/* What is no printable character of a line becomes a blank. */
static char printable(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f ? ' ' : c;
}

/* '#' would begin a TAP directive. */
static void print_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			fputc('\\', out);
		fputc(printable(*text), out);
	}
}

/* A YAML scalar in double quotes is a JSON string, but for DEL, which JSON takes as it is. */
static void print_yaml(const char *name, const char *text, FILE *out)
{
	struct json_object *string = json_object_new_string(text);

	fprintf(out, "  %s: ", name);
	for (const char *c = json_object_to_json_string_ext(
		     string, JSON_C_TO_STRING_NOSLASHESCAPE);
	     *c; c++)
		fputc(printable(*c), out);
	fputc('\n', out);
	json_object_put(string);
}

static void tap_line(const struct run *run, size_t i, FILE *out)
{
	const struct outcome *outcome = &run->outcomes[i];
	bool not_ok = is_bad(run, outcome) || outcome->verdict == VERDICT_XFAIL;

	fprintf(out, "%s %zu - %s ", not_ok ? "not ok" : "ok", i + 1,
		outcome->scenario->id);
	print_escaped(outcome->scenario->about, out);
	if (outcome->verdict == VERDICT_SKIP) {
		fprintf(out, " # SKIP ");
		print_escaped(outcome->why, out);
	} else if (outcome->verdict == VERDICT_XFAIL) {
		fprintf(out, " # TODO ");
		print_escaped(outcome->defect->reason, out);
	}
	fputc('\n', out);
	if (!not_ok && outcome->verdict != VERDICT_UNPROVEN)
		return;
	fprintf(out, "  ---\n");
	print_yaml("verdict", verdict_name(outcome->verdict), out);
	print_yaml("message", outcome->why, out);
	if (outcome->step[0])
		print_yaml("step", outcome->step, out);
	fprintf(out, "  ...\n");
}

void report_tap(const struct run *run, FILE *out)
{
	fprintf(out, "TAP version 13\n1..%zu\n", run->n);
	for (size_t i = 0; i < run->n; i++)
		tap_line(run, i, out);
	if (run->interrupted)
		fprintf(out, "Bail out! SIG%s\n", sigabbrev_np(run->interrupted));
}

static void print_xml(const char *text, FILE *out)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			/* control characters have no place in XML 1.0 */
			fputc(printable(*text), out);
		}
}

static void print_attribute(const char *name, const char *text, FILE *out)
{
	fprintf(out, " %s=\"", name);
	print_xml(text, out);
	fputc('"', out);
}

static void junit_case(const struct run *run, const struct outcome *outcome, FILE *out)
{
	char group[16];

	snprintf(group, sizeof(group), "%.*s", (int)strcspn(outcome->scenario->id, "-"),
		 outcome->scenario->id);
	fprintf(out, "  <testcase");
	print_attribute("classname", group, out);
	print_attribute("name", outcome->scenario->id, out);
	fprintf(out, " time=\"%.3f\">\n", (double)outcome->duration_ns / NSEC_PER_SEC);
	if (is_bad(run, outcome)) {
		fprintf(out, "    <failure");
		print_attribute("type", verdict_name(outcome->verdict), out);
		print_attribute("message", outcome->why, out);
		fprintf(out, "/>\n");
	} else if (outcome->verdict == VERDICT_SKIP ||
		   outcome->verdict == VERDICT_XFAIL) {
		fprintf(out, "    <skipped");
		print_attribute("message",
				outcome->defect ? outcome->defect->reason : outcome->why,
				out);
		fprintf(out, "/>\n");
	}
	fprintf(out, "  </testcase>\n");
}

void report_junit(const struct run *run, FILE *out)
{
	unsigned int failures = 0;
	struct utsname host;
	uint64_t total = 0;

	uname(&host);
	for (size_t i = 0; i < run->n; i++) {
		failures += is_bad(run, &run->outcomes[i]);
		total += run->outcomes[i].duration_ns;
	}
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite "
		     "name=\"odp_test\"");
	fprintf(out, " tests=\"%zu\" failures=\"%u\" errors=\"0\" skipped=\"%u\"", run->n,
		failures, run->count[VERDICT_SKIP] + run->count[VERDICT_XFAIL]);
	print_attribute("timestamp", run->started, out);
	print_attribute("hostname", host.nodename, out);
	fprintf(out, " time=\"%.3f\">\n", (double)total / NSEC_PER_SEC);
	for (size_t i = 0; i < run->n; i++)
		junit_case(run, &run->outcomes[i], out);
	fprintf(out, "</testsuite>\n");
}

void report_kernel_log(const struct run *run, FILE *out)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->outcomes[i].kernel)
			fputs(run->outcomes[i].kernel, out);
}
