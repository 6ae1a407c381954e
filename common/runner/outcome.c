// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* outcome.c - the result of one scenario */
#include "runner/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

void outcome_set(struct outcome *outcome, enum verdict verdict, const char *why)
{
	outcome->verdict = verdict;
	snprintf(outcome->why, sizeof(outcome->why), "%s", why);
}

void outcome_free(struct outcome *outcome)
{
	json_object_put(outcome->watches);
	json_object_put(outcome->notes);
	json_object_put(outcome->columns);
	free(outcome->reproducer);
	free(outcome->no_reproducer);
	free(outcome->kernel);
	outcome->watches = outcome->notes = outcome->columns = NULL;
	outcome->kernel = outcome->reproducer = outcome->no_reproducer = NULL;
}

struct proof outcome_proof(const struct outcome *outcome)
{
	size_t n = outcome->watches ? json_object_array_length(outcome->watches) : 0;
	struct proof proof = { .expected = (unsigned int)n };

	for (size_t i = 0; i < n; i++) {
		struct json_object *watch =
			json_object_array_get_idx(outcome->watches, i);
		const char *judgement = json_object_get_string(
			json_object_object_get(watch, "judgement"));

		if (!judgement || strcmp(judgement, "proven") != 0)
			continue;
		proof.proven++;
		proof.weak += !json_object_get_boolean(
			json_object_object_get(watch, "counted"));
	}
	return proof;
}

const char *proof_text(struct proof proof, char text[PROOF_TEXT])
{
	char weak[32] = "";

	if (proof.weak)
		snprintf(weak, sizeof(weak), ", %u of them weakly", proof.weak);
	snprintf(text, PROOF_TEXT, "%u of %u expectations proven%s", proof.proven,
		 proof.expected, weak);
	return text;
}

void outcome_count_witnesses(const struct outcome *outcome, struct json_object *counts)
{
	size_t n = outcome->watches ? json_object_array_length(outcome->watches) : 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *watch =
			json_object_array_get_idx(outcome->watches, i);
		struct json_object *names = json_object_object_get(watch, "proven_by");

		for (size_t k = 0; k < json_object_array_length(names); k++) {
			const char *name = json_object_get_string(
				json_object_array_get_idx(names, k));
			struct json_object *count = json_object_object_get(counts, name);

			json_add_number(counts, name, json_object_get_uint64(count) + 1);
		}
	}
}
