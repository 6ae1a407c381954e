// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* outcome.c - what one scenario came to */
#include "run/outcome.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/bounds.h"

void outcome_free(struct outcome *outcome)
{
	json_object_put(outcome->watches);
	json_object_put(outcome->notes);
	free(outcome->kernel);
	outcome->watches = outcome->notes = NULL;
	outcome->kernel = NULL;
}

static struct bounds bounds_of(struct json_object *object, const char *name)
{
	struct json_object *bounds = json_object_object_get(object, name);
	struct json_object *max = json_object_object_get(bounds, "max");

	return (struct bounds){
		json_object_get_uint64(json_object_object_get(bounds, "min")),
		max ? json_object_get_uint64(max) : UINT64_MAX,
	};
}

/*
 * As judge() has it: the count lies within, or at least one fault was seen where one must
 * be.
 */
static bool supports(struct bounds pages, struct bounds expected)
{
	return bounds_within(pages, expected) || (expected.min && pages.min);
}

/* Adds the names of the witnesses that confirm this watch's expectation. */
static void add_witnesses(struct json_object *watch, char *text, size_t size)
{
	struct bounds expected = bounds_of(watch, "expected");
	struct json_object *all = json_object_object_get(watch, "testimonies");

	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *t = json_object_array_get_idx(all, i);
		const char *name =
			json_object_get_string(json_object_object_get(t, "witness"));
		struct bounds pages = bounds_of(t, "pages");

		if (!supports(pages, expected) || strstr(text, name))
			continue;
		if (text[0])
			strncat(text, ", ", size - strlen(text) - 1);
		strncat(text, name, size - strlen(text) - 1);
	}
}

char *outcome_proof(const struct outcome *outcome, char text[OUTCOME_PROOF])
{
	size_t n = outcome->watches ? json_object_array_length(outcome->watches) : 0;
	char witnesses[OUTCOME_PROOF - 16] = "";
	unsigned int proven = 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *watch =
			json_object_array_get_idx(outcome->watches, i);
		struct json_object *judgement =
			json_object_object_get(watch, "judgement");

		if (strcmp(json_object_get_string(judgement), "proven"))
			continue;
		proven++;
		add_witnesses(watch, witnesses, sizeof(witnesses));
	}
	if (n)
		snprintf(text, OUTCOME_PROOF, "%u of %zu%s%.40s", proven, n,
			 witnesses[0] ? ": " : "", witnesses);
	else
		snprintf(text, OUTCOME_PROOF, "-");
	return text;
}
