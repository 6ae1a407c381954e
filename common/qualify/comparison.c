// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* comparison.c - what differs between two runs */
#include "qualify/comparison.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/util.h"
#include "qualify/figures.h"
#include "qualify/findings.h"

/* How many of each kind of difference there are. */
struct tally {
	size_t verdicts, added, figures;
};

/* ---- what was compared with what ---- */

static void compare_environment(const struct findings *old, const struct findings *new,
				FILE *out)
{
	static const struct {
		const char
			*of; /* the object that the member is in; NULL: the environment */
		const char *member;
	} facts[] = { { NULL, "kernel" },
		      { "device", "driver" },
		      { "device", "board" },
		      { "device", "firmware" },
		      { "device", "fault_scheme" } };

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct json_object *was = old->environment, *is = new->environment;
		const char *of = facts[i].of;

		if (of) {
			was = json_object_object_get(was, of);
			is = json_object_object_get(is, of);
		}
		if (strcmp(findings_text(was, facts[i].member),
			   findings_text(is, facts[i].member)) != 0)
			fprintf(out, "environment: %s: %s -> %s\n", facts[i].member,
				findings_text(was, facts[i].member),
				findings_text(is, facts[i].member));
	}
}

/* ---- one scenario ---- */

static bool compare_verdicts(const char *id, struct json_object *was,
			     struct json_object *is, FILE *out)
{
	const char *before = was ? findings_text(was, "verdict") : "not run";
	const char *after = is ? findings_text(is, "verdict") : "not run";
	const char *why = findings_text(is, "why");

	if (!strcmp(before, after))
		return false;
	fprintf(out, "verdict: %s: %s -> %s%s%s\n", id, before, after, why[0] ? ": " : "",
		why);
	return true;
}

/* Of one witness. */
static bool compare_figures(const char *id, const struct figures *was,
			    const struct figures *is, FILE *out)
{
	bool differ = false;

	for (unsigned int i = 0; i < FIGURES; i++) {
		if (was->total[i] == is->total[i])
			continue;
		if (differ)
			fputs(", ", out);
		else
			fprintf(out, "figures: %s: %s: ", id, was->witness);
		fprintf(out, "%s %" PRIu64 " -> %" PRIu64, figure_name((enum figure)i),
			was->total[i], is->total[i]);
		differ = true;
	}
	if (differ)
		fputc('\n', out);
	return differ;
}

static bool compare_witnesses(const char *id, struct json_object *was,
			      struct json_object *is, FILE *out)
{
	struct figures before[FIGURES_WITNESSES], after[FIGURES_WITNESSES];
	size_t n = figures_of(was, before), m = figures_of(is, after);
	bool differ = false;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (!strcmp(before[i].witness, after[k].witness))
				differ |= compare_figures(id, &before[i], &after[k], out);
	return differ;
}

static void compare_outcomes(const char *id, struct json_object *was,
			     struct json_object *is, struct tally *tally, FILE *out)
{
	tally->verdicts += compare_verdicts(id, was, is, out);
	tally->figures += compare_witnesses(id, was, is, out);
}

/* ---- all of them ---- */

static void print_added(const struct findings *old, const struct findings *new,
			struct tally *tally, FILE *out)
{
	json_object_object_foreach(new->outcomes, id, is)
	{
		if (json_object_object_get(old->outcomes, id))
			continue;
		fprintf(out, "new: %s: %s\n", id, findings_text(is, "verdict"));
		tally->added++;
	}
}

size_t comparison_print(const struct findings *old, const struct findings *new, FILE *out)
{
	struct tally tally = { 0 };

	compare_environment(old, new, out);
	compare_outcomes("calibration", old->calibration, new->calibration, &tally, out);
	json_object_object_foreach(old->outcomes, id, was)
	{
		struct json_object *is = json_object_object_get(new->outcomes, id);

		compare_outcomes(id, was, is, &tally, out);
	}
	print_added(old, new, &tally, out);
	fprintf(out, "changed verdicts: %zu, new scenarios: %zu, changed figures: %zu\n",
		tally.verdicts, tally.added, tally.figures);
	return tally.verdicts;
}
