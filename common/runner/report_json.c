// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_json.c - run.json, as docs/run.schema.json describes it */
#include <string.h>

#include "base/json.h"
#include "base/schema.h"
#include "base/version.h"
#include "env/capability.h"
#include "runner/defects.h"
#include "runner/report.h"
#include "testcase/registry.h"

/*
 * 2: a watch has observations and proven_by, an observation is available or not. 3: a
 * scenario can end with ERROR, and a run with exit status 3; a scenario has capabilities,
 * and what it lacks; the known defects have a digest. 4: an observation has along,
 * neighbours and repeats.
 */

/* Each once: several needs may belong to one. */
static void add_capabilities(struct json_object *to, need_set needs)
{
	struct json_object *array = json_add_array(to, "capabilities");
	const char *last = "";

	for (unsigned int need = 0; need < NEED_COUNT; need++) {
		const char *name = need_capability((enum need)need);

		/* needs of one capability stand together */
		if (!(needs & NEED_BIT(need)) || !name[0] || !strcmp(name, last))
			continue;
		json_object_array_add(array, json_object_new_string(name));
		last = name;
	}
}

static void add_lacks(struct json_object *to, need_set lacks, const struct env *env)
{
	struct json_object *object = json_add_object(to, "lacks");

	for (unsigned int need = 0; need < NEED_COUNT; need++) {
		const char *remedy;

		if (!(lacks & NEED_BIT(need)))
			continue;
		remedy = need_remedy((enum need)need, env);
		json_add_text(object, need_name((enum need)need),
			      remedy[0] ? remedy : NULL);
	}
}

static void add_outcome(struct json_object *array, const struct outcome *outcome,
			const struct env *env)
{
	struct json_object *object = json_append_object(array);

	json_add_text(object, "id", outcome->scenario->id);
	json_add_text(object, "about", outcome->scenario->about);
	add_capabilities(object, outcome->scenario->needs);
	json_add_number(object, "repetition", outcome->repetition);
	json_add_text(object, "verdict", verdict_name(outcome->verdict));
	json_add_text(object, "why", outcome->why[0] ? outcome->why : NULL);
	add_lacks(object, outcome->lacks, env);
	json_add_text(object, "defect", outcome->defect ? outcome->defect->name : NULL);
	json_add_text(object, "defect_reason",
		      outcome->defect ? outcome->defect->reason : NULL);
	json_add_text(object, "last_step", outcome->step[0] ? outcome->step : NULL);
	json_add_text(object, "file", outcome->file[0] ? outcome->file : NULL);
	json_add_number(object, "line", (uint64_t)outcome->line);
	json_add_number(object, "duration_ns", outcome->duration_ns);
	json_add_number(object, "peak_rss_bytes", outcome->peak_rss);
	json_object_object_add(object, "watches", json_object_get(outcome->watches));
	json_object_object_add(object, "notes", json_object_get(outcome->notes));
}

static void add_calibration(struct json_object *to, const struct outcome *calibration)
{
	struct json_object *object = json_add_object(to, "calibration");

	json_add_text(object, "verdict", verdict_name(calibration->verdict));
	json_add_text(object, "why", calibration->why);
	json_add_number(object, "duration_ns", calibration->duration_ns);
	json_object_object_add(object, "watches", json_object_get(calibration->watches));
}

struct json_object *report_json(const struct run *run)
{
	struct json_object *object = json_object_new_object(), *counts, *scenarios;

	json_add_text(object, "schema", RUN_SCHEMA);
	json_add_number(object, "version", RUN_SCHEMA_VERSION);
	json_add_text(object, "odplab", ODPLAB_VERSION);
	json_add_text(object, "commit", version_commit[0] ? version_commit : NULL);
	json_object_object_add(object, "command", json_object_get(run->command));
	json_add_text(object, "started", run->started);
	json_add_text(object, "finished", run->finished);
	json_object_object_add(object, "config", json_object_get(run->config));
	json_add_text(object, "known_defects_sha256", run->defects_digest);
	json_object_object_add(object, "environment", env_to_json(run->env));
	counts = json_add_object(object, "counts");
	for (unsigned int v = 0; v < VERDICTS; v++)
		json_add_number(counts, verdict_name((enum verdict)v), run->count[v]);
	add_calibration(object, &run->calibration);
	json_add_flag(object, "interrupted", run->interrupted);
	json_add_number(object, "exit_status", (uint64_t)run->exit_status);
	scenarios = json_add_array(object, "scenarios");
	for (size_t i = 0; i < run->n; i++)
		add_outcome(scenarios, &run->outcomes[i], run->env);
	return object;
}
