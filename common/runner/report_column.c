// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * report_column.c - the draft of a driver's column, of what was seen where drivers differ
 */
#include <inttypes.h>
#include <string.h>

#include "runner/report.h"
#include "testcase/driver_column.h"
#include "testcase/registry.h"

static const char *text_of(struct json_object *object, const char *name)
{
	const char *text = json_object_get_string(json_object_object_get(object, name));

	return text ? text : "";
}

static void print_head(const struct run *run, FILE *out)
{
	const struct rdma_device *device = &run->env->device;

	fprintf(out,
		"Draft of the column of the driver %s, from a run that began at %s\n"
		"Device %s, firmware %s\n\n"
		"It is what one device did in one run: nothing of it is decided. Decide "
		"each "
		"value by the\n"
		"specification, not by what was seen, and give a difference its reason: "
		"docs/add-a-driver.md.\n\n",
		device->driver, run->started, device->name, device->firmware);
	if (!driver_has_column(device->driver))
		fprintf(out,
			"common/testcase/driver_column.h, DRIVERS:\n"
			"\tcolumn(%s, ##__VA_ARGS__)\n\n",
			device->driver);
}

/* A driver that has a column, and does as it says, has nothing to add. */
static bool is_on_file(struct json_object *column, const char *driver)
{
	return !strcmp(text_of(json_object_object_get(column, "columns"), driver),
		       text_of(column, "seen"));
}

static void print_place(const char *id, struct json_object *column, const char *driver,
			FILE *out)
{
	struct json_object *columns = json_object_object_get(column, "columns");

	fprintf(out, "%s:%s, %s: %s of\n\t%s\n", text_of(column, "file"),
		text_of(column, "line"), id, text_of(column, "what"),
		text_of(column, "step"));
	json_object_object_foreach(columns, name, value)
	{
		fprintf(out, "\t.%s = %s,\n", name, json_object_get_string(value));
	}
	fprintf(out, "%s\t.%s = %s,\n\n",
		json_object_object_get(columns, driver) ? "    but was seen to do:\n" :
							  "",
		driver, text_of(column, "seen"));
}

/* In a loop, or in a run that is repeated, the same comes again. */
static bool is_new(struct json_object *seen, const char *id, struct json_object *column)
{
	char key[512];

	snprintf(key, sizeof(key), "%s %s:%s %s", id, text_of(column, "file"),
		 text_of(column, "line"), text_of(column, "seen"));
	if (json_object_object_get_ex(seen, key, NULL))
		return false;
	json_object_object_add(seen, key, NULL);
	return true;
}

/* Returns how many places there are at which the driver does what its column says. */
static size_t print_places(const struct run *run, FILE *out)
{
	const char *driver = run->env->device.driver;
	struct json_object *seen = json_object_new_object();
	size_t on_file = 0;

	for (size_t i = 0; i < run->n; i++) {
		const struct outcome *outcome = &run->outcomes[i];
		size_t n = outcome->columns ? json_object_array_length(outcome->columns) :
					      0;

		for (size_t k = 0; k < n; k++) {
			struct json_object *column =
				json_object_array_get_idx(outcome->columns, k);

			if (!is_new(seen, outcome->scenario->id, column))
				continue;
			if (is_on_file(column, driver))
				on_file++;
			else
				print_place(outcome->scenario->id, column, driver, out);
		}
	}
	json_object_put(seen);
	return on_file;
}

/* What ended early may have had more to show. */
static void print_unseen(const struct run *run, FILE *out)
{
	fputs("Scenarios that did not come to their end, whose places may be missing "
	      "above:\n",
	      out);
	for (size_t i = 0; i < run->n; i++) {
		const struct outcome *outcome = &run->outcomes[i];

		if (outcome->verdict != VERDICT_PASS &&
		    outcome->verdict != VERDICT_UNPROVEN)
			fprintf(out, "\t%s %s: %s\n", verdict_name(outcome->verdict),
				outcome->scenario->id, outcome->why);
	}
}

void report_column(const struct run *run, FILE *out)
{
	size_t on_file;

	print_head(run, out);
	on_file = print_places(run, out);
	if (on_file)
		fprintf(out, "At %zu places it does what its column says.\n\n", on_file);
	print_unseen(run, out);
}
