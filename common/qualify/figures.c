// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* figures.c - what a witness counted in all watches of one outcome */
#include "qualify/figures.h"

#include <string.h>

#include "qualify/findings.h"

const char *figure_name(enum figure figure)
{
	static const char *const names[FIGURES] = {
		[FIGURE_PAGES] = "pages",	[FIGURE_ALONG] = "along",
		[FIGURE_RETURNED] = "returned", [FIGURE_NEIGHBOURS] = "neighbours",
		[FIGURE_REPEATS] = "repeats",	[FIGURE_EVENTS] = "events",
	};

	return names[figure];
}

/* Files may come from anywhere: what is no array has no items. */
static size_t length(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ?
		       json_object_array_length(array) :
		       0;
}

static uint64_t number(struct json_object *observation, enum figure figure)
{
	struct json_object *value =
		json_object_object_get(observation, figure_name(figure));

	if (figure == FIGURE_PAGES)
		value = json_object_object_get(value, "min");
	return json_object_get_uint64(value);
}

/* The witness's; a new one where there is none. NULL: there are too many. */
static struct figures *find_or_add(struct figures *list, size_t *n, const char *witness)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(list[i].witness, witness))
			return &list[i];
	if (*n == FIGURES_WITNESSES)
		return NULL;
	list[*n] = (struct figures){ .witness = witness };
	return &list[(*n)++];
}

static void add_observation(struct figures *list, size_t *n,
			    struct json_object *observation)
{
	struct figures *figures;

	if (!json_object_get_boolean(json_object_object_get(observation, "available")))
		return;
	figures = find_or_add(list, n, findings_text(observation, "witness"));
	for (unsigned int i = 0; figures && i < FIGURES; i++)
		figures->total[i] += number(observation, (enum figure)i);
}

size_t figures_of(struct json_object *outcome, struct figures figures[FIGURES_WITNESSES])
{
	struct json_object *watches = json_object_object_get(outcome, "watches");
	size_t n = 0;

	for (size_t i = 0; i < length(watches); i++) {
		struct json_object *all = json_object_object_get(
			json_object_array_get_idx(watches, i), "observations");

		for (size_t k = 0; k < length(all); k++)
			add_observation(figures, &n, json_object_array_get_idx(all, k));
	}
	return n;
}
