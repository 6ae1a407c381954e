// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_table.c - outcomes for people, printed as each scenario ends */
#include <inttypes.h>
#include <string.h>

#include "runner/defects.h"
#include "runner/report_internal.h"
#include "scenario/scenario.h"

/* The longest id and "9999 of 9999" fit, so that the titles stand in one column. */
#define COLUMNS "%-8s  %-24s  %8s  %-12s  %s\n"

void report_table_head(FILE *out)
{
	fprintf(out, COLUMNS, "verdict", "scenario", "time", "faults", "expectation");
}

static const char *string_of(struct json_object *object, const char *name)
{
	return json_object_get_string(json_object_object_get(object, name));
}

static void print_evidence(const struct outcome *outcome, FILE *out)
{
	for (size_t i = 0; i < json_object_array_length(outcome->watches); i++) {
		struct json_object *watch =
			json_object_array_get_idx(outcome->watches, i);
		struct json_object *all = json_object_object_get(watch, "observations");

		fprintf(out, "          %s: %s\n", string_of(watch, "step"),
			string_of(watch, "judgement"));
		for (size_t k = 0; k < json_object_array_length(all); k++) {
			struct json_object *t = json_object_array_get_idx(all, k);
			struct json_object *lines = json_object_object_get(t, "lines");

			fprintf(out, "            %-12s %s\n", string_of(t, "witness"),
				string_of(t, "detail"));
			for (size_t l = 0; l < json_object_array_length(lines); l++)
				fprintf(out, "              | %s\n",
					json_object_get_string(
						json_object_array_get_idx(lines, l)));
		}
	}
	for (size_t i = 0; i < json_object_array_length(outcome->notes); i++)
		fprintf(out, "          note: %s\n",
			json_object_get_string(
				json_object_array_get_idx(outcome->notes, i)));
}

static void print_reason(const struct outcome *outcome, FILE *out)
{
	bool placed =
		outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_XFAIL ||
		outcome->verdict == VERDICT_UNPROVEN || outcome->verdict == VERDICT_ERROR;

	if (outcome->verdict == VERDICT_PASS)
		return;
	fprintf(out, "          %s\n", outcome->why);
	if (placed && outcome->step[0])
		fprintf(out, "          in %s, %s:%d\n", outcome->step, outcome->file,
			outcome->line);
	if (outcome->verdict == VERDICT_XFAIL)
		fprintf(out, "          expected: %s: %s\n", outcome->defect->name,
			outcome->defect->reason);
}

void report_table_line(const struct outcome *outcome, bool verbose, FILE *out)
{
	struct proof proof = outcome_proof(outcome);
	char faults[32] = "-", time[16];

	if (proof.expected)
		snprintf(faults, sizeof(faults), "%u of %u%s", proof.proven,
			 proof.expected, proof.weak ? " weak" : "");
	snprintf(time, sizeof(time), "%.2f s",
		 (double)outcome->duration_ns / NSEC_PER_SEC);
	fprintf(out, COLUMNS, verdict_name(outcome->verdict), outcome->scenario->id, time,
		faults, outcome->scenario->about);
	print_reason(outcome, out);
	if (verbose && outcome->watches)
		print_evidence(outcome, out);
	fflush(out);
}

static void print_proof(const struct run *run, FILE *out)
{
	struct json_object *counts = json_object_new_object();
	struct json_object_iterator it, end;
	struct proof sum = { 0 };
	char text[PROOF_TEXT];

	for (size_t i = 0; i < run->n; i++) {
		struct proof proof = outcome_proof(&run->outcomes[i]);

		sum.expected += proof.expected;
		sum.proven += proof.proven;
		sum.weak += proof.weak;
		outcome_count_witnesses(&run->outcomes[i], counts);
	}
	fprintf(out, "page faults: %s",
		sum.expected ? proof_text(sum, text) : "no expectations");
	it = json_object_iter_begin(counts);
	end = json_object_iter_end(counts);
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it))
		fprintf(out, ", %" PRIu64 " by %s",
			json_object_get_uint64(json_object_iter_peek_value(&it)),
			json_object_iter_peek_name(&it));
	fputc('\n', out);
	if (sum.weak)
		fputs("weak proof: faults were seen, but no witness could count them; "
		      "odp_info shows what each witness needs\n",
		      out);
	json_object_put(counts);
}

void report_table_sum(const struct run *run, FILE *out)
{
	char transport[ENV_TRANSPORT];
	const char *separator = "";

	fprintf(out, "\n%zu scenario%s on %s (%s%s)%s, ", run->n, run->n == 1 ? "" : "s",
		run->env->device.name, run->env->device.driver,
		run->env->device.emulated ? ", emulated" : "",
		env_transport(run->env, transport));
	for (unsigned int v = 0; v < VERDICTS; v++) {
		if (!run->count[v])
			continue;
		fprintf(out, "%s%u %s", separator, run->count[v],
			verdict_name((enum verdict)v));
		if (v == VERDICT_PASS && run->env->kernel_log.fd < 0)
			fputs(" (kernel log not read)", out);
		separator = ", ";
	}
	fputc('\n', out);
	if (run->interrupted)
		fprintf(out,
			"interrupted by SIG%s: the scenarios after these were not run\n",
			sigabbrev_np(run->interrupted));
	print_proof(run, out);
	report_calibration(&run->calibration, out);
	if (run->env->kernel_log.fd < 0)
		fprintf(out,
			"kernel log not read, a warning or oops is not noticed: %s\n",
			run->env->kernel_log.detail);
}
