// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_calibration.c - what the device was seen to ask for, in one line */
#include "evidence/fault_count.h"
#include "runner/report_internal.h"
#include "scenario/calibration.h"

static uint64_t number(struct json_object *observation, const char *name)
{
	return json_object_get_uint64(json_object_object_get(observation, name));
}

/* By the observation that counts events: the trace's. */
static struct fault_count count_of(struct json_object *watch, uint64_t pages)
{
	struct json_object *all = json_object_object_get(watch, "observations");
	struct fault_count count = { .pages = pages };

	for (size_t i = 0; all && !count.seen && i < json_object_array_length(all); i++) {
		struct json_object *one = json_object_array_get_idx(all, i);

		count.events = number(one, "events");
		count.neighbours = number(one, "neighbours");
		count.repeats = number(one, "repeats");
		count.seen = count.events;
	}
	return count;
}

void report_calibration(const struct outcome *outcome, FILE *out)
{
	static const uint64_t pages[CALIBRATION_WATCHES] = { 1, CALIBRATION_PAGES };
	struct fault_count counts[CALIBRATION_WATCHES];

	fputs("calibration: ", out);
	if (outcome->verdict != VERDICT_PASS ||
	    json_object_array_length(outcome->watches) != CALIBRATION_WATCHES) {
		fprintf(out, "%s%s%s\n", verdict_name(outcome->verdict),
			outcome->why[0] ? ": " : "", outcome->why);
		return;
	}
	for (size_t i = 0; i < CALIBRATION_WATCHES; i++)
		counts[i] = count_of(json_object_array_get_idx(outcome->watches, i),
				     pages[i]);
	fault_counts_print(counts, CALIBRATION_WATCHES, out);
	fputc('\n', out);
}
