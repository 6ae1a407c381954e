// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* coverage.c - what was tested of each capability, and what was not */
#include "qualify/coverage.h"

#include <stdbool.h>
#include <string.h>

#include "base/table.h"
#include "env/capability.h"
#include "qualify/findings.h"

struct row {
	const char *capability;
	unsigned int count[STANDINGS];
	char remedies[128]; /* what would let something of it run: "--dax, root" */
	const char *why;    /* of the first that was skipped */
};

/* A row for each capability, in the order of needs.def. Returns how many. */
static size_t make_rows(struct row rows[NEED_COUNT])
{
	size_t n = 0;

	for (unsigned int need = 0; need < NEED_COUNT; need++) {
		const char *name = need_capability((enum need)need);
		size_t i = 0;

		while (i < n && strcmp(rows[i].capability, name) != 0)
			i++;
		if (i == n && name[0])
			rows[n++] = (struct row){ .capability = name };
	}
	return n;
}

/* Adds it to "--dax, root", once. */
static void add_remedy(struct row *row, const char *remedy)
{
	size_t used = strlen(row->remedies);

	if (!strstr(row->remedies, remedy))
		snprintf(row->remedies + used, sizeof(row->remedies) - used, "%s%s",
			 used ? ", " : "", remedy);
}

/*
 * Each need that is not met can be met by the user: otherwise nothing is gained by any of
 * them.
 */
static bool can_be_lifted(struct json_object *lacks)
{
	if (!json_object_is_type(lacks, json_type_object))
		return false;
	json_object_object_foreach(lacks, need, remedy) if (need && !remedy) return false;
	return json_object_object_length(lacks);
}

static void count(struct row *row, struct json_object *outcome)
{
	struct json_object *lacks = json_object_object_get(outcome, "lacks");
	enum standing standing = findings_standing(outcome);

	row->count[standing]++;
	if (standing >= PASSED)
		return;
	if (!row->why)
		row->why = findings_text(outcome, "why");
	if (!can_be_lifted(lacks))
		return;
	json_object_object_foreach(lacks, need, remedy) if (need)
		add_remedy(row, json_object_get_string(remedy));
}

static bool has_capability(struct json_object *outcome, const char *capability)
{
	struct json_object *list = json_object_object_get(outcome, "capabilities");
	struct json_object *name = json_object_new_string(capability);
	bool found = false;

	if (json_object_is_type(list, json_type_array))
		for (size_t i = 0; i < json_object_array_length(list) && !found; i++)
			found = json_object_equal(json_object_array_get_idx(list, i),
						  name);
	json_object_put(name);
	return found;
}

static unsigned int tested(const struct row *row)
{
	unsigned int n = 0;

	for (unsigned int i = PASSED; i < STANDINGS; i++)
		n += row->count[i];
	return n;
}

static void print_table(const struct row *rows, size_t n, FILE *out)
{
	struct table *table = table_new("capability|>passed|>failed|>unproven|>known "
					"defect|>error|>skipped|not tested, as");

	for (size_t i = 0; table && i < n; i++) {
		const struct row *row = &rows[i];

		if (!tested(row) && !row->count[SKIPPED] && !row->count[ERRORED])
			continue;
		table_row(table, "%s|%u|%u|%u|%u|%u|%u|%s", row->capability,
			  row->count[PASSED], row->count[FAILED], row->count[UNPROVEN],
			  row->count[KNOWN], row->count[ERRORED], row->count[SKIPPED],
			  tested(row) || !row->why ? "" : row->why);
	}
	if (table)
		table_print(table, 0, out);
	table_free(table);
}

size_t coverage_print(const struct findings *findings, FILE *out)
{
	struct row rows[NEED_COUNT];
	size_t n = make_rows(rows), gaps = 0;

	json_object_object_foreach(
		findings->outcomes, id,
		outcome) for (size_t i = 0; id && i < n;
			      i++) if (has_capability(outcome, rows[i].capability))
		count(&rows[i], outcome);
	print_table(rows, n, out);
	for (size_t i = 0; i < n; i++) {
		if (tested(&rows[i]) || !rows[i].remedies[0])
			continue;
		fprintf(out, "not tested: %s (%s)\n", rows[i].capability,
			rows[i].remedies);
		gaps++;
	}
	return gaps;
}
