// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* findings.c - what the runs in one folder found */
#include "qualify/findings.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/schema.h"
#include "base/util.h"

const char *findings_text(struct json_object *object, const char *member)
{
	const char *text = json_object_get_string(json_object_object_get(object, member));

	return text ? text : "";
}

enum standing findings_standing(struct json_object *outcome)
{
	static const char *const verdicts[FAILED] = { [SKIPPED] = "SKIP",
						      [ERRORED] = "ERROR",
						      [PASSED] = "PASS",
						      [KNOWN] = "XFAIL",
						      [UNPROVEN] = "UNPROVEN" };
	const char *verdict = findings_text(outcome, "verdict");

	for (unsigned int i = 0; i < FAILED; i++)
		if (!strcmp(verdict, verdicts[i]))
			return (enum standing)i;
	return FAILED;
}

static void take_outcome(struct findings *findings, struct json_object *outcome)
{
	const char *id = findings_text(outcome, "id");
	struct json_object *other = json_object_object_get(findings->outcomes, id);

	if (!other || findings_standing(outcome) > findings_standing(other))
		json_object_object_add(findings->outcomes, id, json_object_get(outcome));
}

static void take_measurement(struct findings *findings, struct json_object *measurement)
{
	json_object_array_add(findings->measurements, json_object_get(measurement));
}

/* The files, and what is taken of each. */
static const struct kind {
	const char *file, *schema;
	int version;
	const char *list;
	void (*take)(struct findings *findings, struct json_object *item);
} kinds[] = {
	{ "run.json", RUN_SCHEMA, RUN_SCHEMA_VERSION, "scenarios", take_outcome },
	{ "perf.json", PERF_SCHEMA, PERF_SCHEMA_VERSION, "measurements",
	  take_measurement },
};

static int take_file(struct findings *findings, const struct kind *kind, const char *path)
{
	struct json_object *file = json_object_from_file(path), *list;
	int ret = 0;

	list = json_object_object_get(file, kind->list);
	if (strcmp(findings_text(file, "schema"), kind->schema) != 0 ||
	    json_object_get_int(json_object_object_get(file, "version")) !=
		    kind->version ||
	    !json_object_is_type(list, json_type_array)) {
		log_error(
			"%s: not of schema %s, version %d; use the odp_report that came "
			"with the program that wrote it",
			path, kind->schema, kind->version);
		ret = -EINVAL;
	}
	for (size_t i = 0; !ret && i < json_object_array_length(list); i++)
		kind->take(findings, json_object_array_get_idx(list, i));
	if (!ret && !findings->environment) {
		findings->environment =
			json_object_get(json_object_object_get(file, "environment"));
		findings->calibration =
			json_object_get(json_object_object_get(file, "calibration"));
	}
	json_object_put(file);
	return ret;
}

/* Adds to *files how many there were. */
static int take_kind(struct findings *findings, const struct kind *kind,
		     const char *folder, size_t *files)
{
	static const char *const depths[] = { "", "*/" };
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(depths) && !ret; i++) {
		char pattern[PATH_MAX];
		glob_t names;

		if (snprintf(pattern, sizeof(pattern), "%s/%s%s", folder, depths[i],
			     kind->file) >= PATH_MAX)
			return log_errno(ENAMETOOLONG, "%s", folder);
		if (glob(pattern, 0, NULL, &names))
			continue;
		for (size_t k = 0; k < names.gl_pathc && !ret; k++)
			ret = take_file(findings, kind, names.gl_pathv[k]);
		*files += names.gl_pathc;
		globfree(&names);
	}
	return ret;
}

int findings_read(struct findings *findings, const char *folder)
{
	size_t files = 0;
	int ret = 0;

	*findings = (struct findings){ .outcomes = json_object_new_object(),
				       .measurements = json_object_new_array() };
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !ret; i++)
		ret = take_kind(findings, &kinds[i], folder, &files);
	if (!ret && !files) {
		log_error("%s: no results; name a folder that odp_test, odp_perf or "
			  "qualify has left",
			  folder);
		ret = -ENOENT;
	}
	return ret;
}

void findings_free(struct findings *findings)
{
	json_object_put(findings->calibration);
	json_object_put(findings->environment);
	json_object_put(findings->outcomes);
	json_object_put(findings->measurements);
	*findings = (struct findings){ 0 };
}
