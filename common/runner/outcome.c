// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* outcome.c - the result of one scenario */
#include "runner/outcome.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void outcome_free(struct outcome *outcome)
{
	json_object_put(outcome->watches);
	json_object_put(outcome->notes);
	free(outcome->kernel);
	outcome->watches = outcome->notes = NULL;
	outcome->kernel = NULL;
}

/* Adds the names of the witnesses that confirm this watch's expectation, each once. */
static void add_witnesses(struct json_object *watch, char *text, size_t size)
{
	struct json_object *names = json_object_object_get(watch, "proven_by");

	for (size_t i = 0; names && i < json_object_array_length(names); i++) {
		const char *name =
			json_object_get_string(json_object_array_get_idx(names, i));

		if (strstr(text, name))
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
