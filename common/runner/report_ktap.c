// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * report_ktap.c - outcomes as the kernel's own tests print them
 * (Documentation/dev-tools/ktap.rst)
 */
#include <string.h>

#include "runner/defects.h"
#include "runner/report_internal.h"
#include "testcase/registry.h"

/* '#' would begin a directive, and nothing escapes it. */
static void print_text(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc(*text == '#' ? ' ' : report_printable(*text), out);
}

/* Lines that begin with '#' come before the result that they explain. */
static void print_diagnostics(const struct outcome *outcome, FILE *out)
{
	fprintf(out, "# %s: %s: ", outcome->scenario->id, verdict_name(outcome->verdict));
	print_text(outcome->why, out);
	if (outcome->step[0]) {
		fprintf(out, "\n# in ");
		print_text(outcome->step, out);
		fprintf(out, ", %s:%d", outcome->file, outcome->line);
	}
	fputc('\n', out);
}

/* kselftest.h reports an expected failure as "ok", and counts it apart. */
static void print_directive(const struct outcome *outcome, FILE *out)
{
	switch (outcome->verdict) {
	case VERDICT_SKIP:
		fprintf(out, " # SKIP ");
		print_text(outcome->why, out);
		break;
	case VERDICT_XFAIL:
		fprintf(out, " # XFAIL ");
		print_text(outcome->defect->reason, out);
		break;
	case VERDICT_ERROR:
		fprintf(out, " # ERROR ");
		print_text(outcome->why, out);
		break;
	default:
		break;
	}
}

void report_ktap_head(size_t n, FILE *out)
{
	fprintf(out, "KTAP version 1\n1..%zu\n", n);
}

void report_ktap_line(const struct run *run, size_t i, FILE *out)
{
	const struct outcome *outcome = &run->outcomes[i];
	bool bad = report_is_failure(run, outcome) || outcome->verdict == VERDICT_ERROR;

	if (outcome->verdict != VERDICT_PASS && outcome->verdict != VERDICT_SKIP)
		print_diagnostics(outcome, out);
	fprintf(out, "%s %zu %s ", bad ? "not ok" : "ok", i + 1, outcome->scenario->id);
	print_text(outcome->scenario->about, out);
	print_directive(outcome, out);
	fputc('\n', out);
	fflush(out);
}

void report_ktap_end(const struct run *run, FILE *out)
{
	if (run->interrupted)
		fprintf(out, "Bail out! SIG%s\n", sigabbrev_np(run->interrupted));
	fflush(out);
}
