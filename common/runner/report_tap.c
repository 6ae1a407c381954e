// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_tap.c - outcomes as Test Anything Protocol, version 13 */
#include <string.h>

#include "runner/defects.h"
#include "runner/report_internal.h"
#include "scenario/scenario.h"

/* '#' would begin a TAP directive. */
static void print_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			fputc('\\', out);
		fputc(report_printable(*text), out);
	}
}

/*
 * A YAML scalar in double quotes is a JSON string, but for DEL, which JSON takes as it
 * is.
 */
static void print_yaml(const char *name, const char *text, FILE *out)
{
	struct json_object *string = json_object_new_string(text);

	fprintf(out, "  %s: ", name);
	for (const char *c = json_object_to_json_string_ext(
		     string, JSON_C_TO_STRING_NOSLASHESCAPE);
	     *c; c++)
		fputc(report_printable(*c), out);
	fputc('\n', out);
	json_object_put(string);
}

static void tap_line(const struct run *run, size_t i, FILE *out)
{
	const struct outcome *outcome = &run->outcomes[i];
	struct proof proof = outcome_proof(outcome);
	char text[PROOF_TEXT];
	bool not_ok = report_is_failure(run, outcome) ||
		      outcome->verdict == VERDICT_ERROR ||
		      outcome->verdict == VERDICT_XFAIL;

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
	if (proof.weak)
		fprintf(out, "# page faults: %s\n", proof_text(proof, text));
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
