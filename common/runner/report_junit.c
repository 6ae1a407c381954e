// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_junit.c - outcomes as JUnit, in the form that Jenkins and GitLab read */
#include <string.h>
#include <sys/utsname.h>

#include "base/version.h"
#include "runner/defects.h"
#include "runner/report_internal.h"
#include "scenario/scenario.h"

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
			fputc(report_printable(*text), out);
		}
}

static void print_attribute(const char *name, const char *text, FILE *out)
{
	fprintf(out, " %s=\"", name);
	print_xml(text, out);
	fputc('"', out);
}

static void junit_property(const char *name, const char *value, FILE *out)
{
	if (!value || !value[0])
		return;
	fprintf(out, "    <property");
	print_attribute("name", name, out);
	print_attribute("value", value, out);
	fprintf(out, "/>\n");
}

/* What was tested with what. */
static void junit_properties(const struct run *run, const char *kernel, FILE *out)
{
	const struct rdma_device *device = &run->env->device;

	fprintf(out, "  <properties>\n");
	junit_property("odplab", ODPLAB_VERSION, out);
	junit_property("commit", version_commit, out);
	junit_property("kernel", kernel, out);
	junit_property("device", device->name, out);
	junit_property("driver", device->driver, out);
	junit_property("firmware", device->firmware, out);
	junit_property("board", device->board, out);
	junit_property("transport", run->env->config->transport, out);
	if (device->emulated)
		junit_property("emulated", "yes", out);
	fprintf(out, "  </properties>\n");
}

/* @element: "failure" or "error", with where it was; or "skipped". */
static void junit_result(const char *element, const struct outcome *outcome,
			 const char *message, FILE *out)
{
	bool skipped = !strcmp(element, "skipped");

	fprintf(out, "    <%s", element);
	print_attribute("type", verdict_name(outcome->verdict), out);
	print_attribute("message", message, out);
	if (!skipped && outcome->step[0]) {
		fprintf(out, ">in ");
		print_xml(outcome->step, out);
		fprintf(out, ", %s:%d</%s>\n", outcome->file, outcome->line, element);
	} else {
		fprintf(out, "/>\n");
	}
}

/* The expectation, and how much of what it says of page faults was proven. */
static void junit_expectation(const struct outcome *outcome, FILE *out)
{
	struct proof proof = outcome_proof(outcome);
	char text[PROOF_TEXT];

	fprintf(out, "    <system-out>");
	print_xml(outcome->scenario->about, out);
	if (proof.expected)
		fprintf(out, "; page faults: %s", proof_text(proof, text));
	fprintf(out, "</system-out>\n");
}

/* A scenario that is repeated has a name for each time. */
static void junit_name(const struct outcome *outcome, FILE *out)
{
	char name[128];

	snprintf(name, sizeof(name), "%s", outcome->scenario->id);
	if (outcome->repetition > 1)
		snprintf(name, sizeof(name), "%s [%u]", outcome->scenario->id,
			 outcome->repetition);
	print_attribute("name", name, out);
}

static void junit_case(const struct run *run, const struct outcome *outcome, FILE *out)
{
	char group[16];

	snprintf(group, sizeof(group), "%.*s", (int)strcspn(outcome->scenario->id, "-"),
		 outcome->scenario->id);
	fprintf(out, "  <testcase");
	print_attribute("classname", group, out);
	junit_name(outcome, out);
	fprintf(out, " time=\"%.3f\">\n", (double)outcome->duration_ns / NSEC_PER_SEC);
	if (report_is_failure(run, outcome))
		junit_result("failure", outcome, outcome->why, out);
	else if (outcome->verdict == VERDICT_ERROR)
		junit_result("error", outcome, outcome->why, out);
	else if (outcome->verdict == VERDICT_XFAIL)
		junit_result("skipped", outcome, outcome->defect->reason, out);
	else if (outcome->verdict == VERDICT_SKIP)
		junit_result("skipped", outcome, outcome->why, out);
	junit_expectation(outcome, out);
	fprintf(out, "  </testcase>\n");
}

void report_junit(const struct run *run, FILE *out)
{
	unsigned int failures = 0;
	struct utsname host;
	uint64_t total = 0;

	uname(&host);
	for (size_t i = 0; i < run->n; i++) {
		failures += report_is_failure(run, &run->outcomes[i]);
		total += run->outcomes[i].duration_ns;
	}
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite "
		     "name=\"odp_test\"");
	fprintf(out, " tests=\"%zu\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
		run->n, failures, run->count[VERDICT_ERROR],
		run->count[VERDICT_SKIP] + run->count[VERDICT_XFAIL]);
	print_attribute("timestamp", run->started, out);
	print_attribute("hostname", host.nodename, out);
	fprintf(out, " time=\"%.3f\">\n", (double)total / NSEC_PER_SEC);
	junit_properties(run, host.release, out);
	for (size_t i = 0; i < run->n; i++)
		junit_case(run, &run->outcomes[i], out);
	fprintf(out, "</testsuite>\n");
}
