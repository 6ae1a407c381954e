// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* acceptance_judge.c - holds what was found against what a host must fulfil */
#include <string.h>

#include "base/cleanup.h"
#include "qualify/acceptance.h"
#include "qualify/findings.h"
#include "testcase/registry.h"

static size_t judge_scenario(const struct requirement *requirement, const char *id,
			     struct json_object *outcome, FILE *out)
{
	enum standing standing;

	if (!outcome) {
		fprintf(out, "not met: [%s] %s: not run\n", requirement->name, id);
		return 1;
	}
	standing = findings_standing(outcome);
	if (standing == PASSED || (requirement->also & 1u << standing))
		return 0;
	fprintf(out, "not met: [%s] %s: %s: %s\n", requirement->name, id,
		findings_text(outcome, "verdict"), findings_text(outcome, "why"));
	return 1;
}

/* All that a run of all scenarios has, so that what was not run is noticed. */
static size_t judge_scenarios(const struct requirement *requirement,
			      const struct findings *findings, FILE *out)
{
	char globs[sizeof(requirement->scenario)], *save = NULL;
	size_t misses = 0;

	snprintf(globs, sizeof(globs), "%s", requirement->scenario);
	for (char *glob = strtok_r(globs, " \t", &save); glob;
	     glob = strtok_r(NULL, " \t", &save)) {
		_cleanup_free_ const struct scenario **list = NULL;
		int n = registry_select(&list, &glob, 1);

		for (int i = 0; i < n; i++)
			misses += judge_scenario(
				requirement, list[i]->id,
				json_object_object_get(findings->outcomes, list[i]->id),
				out);
	}
	return misses;
}

static uint64_t number(struct json_object *object, const char *member)
{
	return json_object_get_uint64(json_object_object_get(object, member));
}

/* With operations in flight: one at a time is a measurement of latency. */
static int is_meant(const struct requirement *requirement,
		    struct json_object *measurement)
{
	return number(measurement, "depth") > 1 &&
	       !strcmp(findings_text(measurement, "state"), requirement->state) &&
	       (!requirement->op[0] ||
		!strcmp(findings_text(measurement, "op"), requirement->op)) &&
	       (!requirement->bytes || number(measurement, "size") == requirement->bytes);
}

static size_t judge_measurement(const struct requirement *requirement,
				struct json_object *measurement, FILE *out)
{
	struct json_object *ratio = json_object_object_get(measurement, "of_pinned");

	if (json_object_get_double(ratio) >= requirement->least)
		return 0;
	fprintf(out, "not met: [%s] %s of %llu bytes, %s: ", requirement->name,
		findings_text(measurement, "op"),
		(unsigned long long)number(measurement, "size"), requirement->state);
	if (ratio)
		fprintf(out, "%.3f of pinned, must be %s\n",
			json_object_get_double(ratio), requirement->of_pinned);
	else
		fprintf(out, "not measured, or not pinned: %s\n",
			findings_text(measurement, "note"));
	return 1;
}

static size_t judge_throughput(const struct requirement *requirement,
			       const struct findings *findings, FILE *out)
{
	size_t misses = 0, meant = 0;

	for (size_t i = 0; i < json_object_array_length(findings->measurements); i++) {
		struct json_object *measurement =
			json_object_array_get_idx(findings->measurements, i);

		if (!is_meant(requirement, measurement))
			continue;
		meant++;
		misses += judge_measurement(requirement, measurement, out);
	}
	if (meant)
		return misses;
	fprintf(out, "not met: [%s] %s%s%s %s: not measured\n", requirement->name,
		requirement->op[0] ? requirement->op : "write and read",
		requirement->size[0] ? " of " : "", requirement->size,
		requirement->state);
	return 1;
}

size_t acceptance_judge(const struct acceptance *acceptance,
			const struct findings *findings, FILE *out)
{
	size_t misses = 0;

	for (size_t i = 0; i < acceptance->n; i++) {
		const struct requirement *requirement = &acceptance->list[i];

		misses += requirement->scenario[0] ?
				  judge_scenarios(requirement, findings, out) :
				  judge_throughput(requirement, findings, out);
	}
	return misses;
}
