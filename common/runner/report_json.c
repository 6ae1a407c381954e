// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_json.c - run.json, as docs/run.schema.json describes it */
#include <string.h>

#include "runner/defects.h"
#include "runner/report.h"
#include "scenario/scenario.h"

#define SCHEMA_VERSION 1

static void add_string(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, text ? json_object_new_string(text) : NULL);
}

static struct json_object *outcome_to_json(const struct outcome *outcome)
{
	struct json_object *object = json_object_new_object();

	add_string(object, "id", outcome->scenario->id);
	add_string(object, "about", outcome->scenario->about);
	json_object_object_add(object, "repetition",
			       json_object_new_uint64(outcome->repetition));
	add_string(object, "verdict", verdict_name(outcome->verdict));
	add_string(object, "why", outcome->why[0] ? outcome->why : NULL);
	add_string(object, "defect", outcome->defect ? outcome->defect->name : NULL);
	add_string(object, "defect_reason",
		   outcome->defect ? outcome->defect->reason : NULL);
	add_string(object, "last_step", outcome->step[0] ? outcome->step : NULL);
	add_string(object, "file", outcome->file[0] ? outcome->file : NULL);
	json_object_object_add(object, "line", json_object_new_int(outcome->line));
	json_object_object_add(object, "duration_ns",
			       json_object_new_uint64(outcome->duration_ns));
	json_object_object_add(object, "peak_rss_bytes",
			       json_object_new_uint64(outcome->peak_rss));
	json_object_object_add(object, "watches", json_object_get(outcome->watches));
	json_object_object_add(object, "notes", json_object_get(outcome->notes));
	return object;
}

static struct json_object *counts_to_json(const struct run *run)
{
	struct json_object *object = json_object_new_object();

	for (unsigned int v = 0; v < VERDICTS; v++)
		json_object_object_add(object, verdict_name((enum verdict)v),
				       json_object_new_uint64(run->count[v]));
	return object;
}

struct json_object *report_json(const struct run *run)
{
	struct json_object *object = json_object_new_object();
	struct json_object *scenarios = json_object_new_array();

	add_string(object, "schema", "odplab-run");
	json_object_object_add(object, "version", json_object_new_int(SCHEMA_VERSION));
	add_string(object, "odplab", ODPLAB_VERSION);
	add_string(object, "started", run->started);
	add_string(object, "finished", run->finished);
	json_object_object_add(object, "config", json_object_get(run->config));
	json_object_object_add(object, "lab", env_to_json(run->env));
	json_object_object_add(object, "counts", counts_to_json(run));
	json_object_object_add(object, "exit_status",
			       json_object_new_int(run->exit_status));
	for (size_t i = 0; i < run->n; i++)
		json_object_array_add(scenarios, outcome_to_json(&run->outcomes[i]));
	json_object_object_add(object, "scenarios", scenarios);
	return object;
}
