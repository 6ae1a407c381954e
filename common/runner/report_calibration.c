// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_calibration.c - what the device was seen to ask for, in one line */
#include "runner/report_internal.h"

#include <inttypes.h>
#include <string.h>

#include "scenario/calibration.h"

static uint64_t number(struct json_object *observation, const char *name)
{
	return json_object_get_uint64(json_object_object_get(observation, name));
}

/* The observation that counts events: the trace's. NULL where there is none. */
static struct json_object *find_trace(struct json_object *watch)
{
	struct json_object *all = json_object_object_get(watch, "observations");

	for (size_t i = 0; all && i < json_object_array_length(all); i++) {
		struct json_object *one = json_object_array_get_idx(all, i);

		if (number(one, "events"))
			return one;
	}
	return NULL;
}

static void print_watch(struct json_object *trace, unsigned int pages, FILE *out)
{
	uint64_t events = number(trace, "events");

	fprintf(out, "%u page%s by %" PRIu64 " event%s", pages, pages == 1 ? "" : "s",
		events, events == 1 ? "" : "s");
	if (number(trace, "neighbours"))
		fprintf(out, " with %" PRIu64 " neighbours", number(trace, "neighbours"));
	if (number(trace, "repeats"))
		fprintf(out, ", %" PRIu64 " repeats", number(trace, "repeats"));
}

void report_calibration(const struct outcome *outcome, FILE *out)
{
	struct json_object *trace[CALIBRATION_WATCHES];

	if (outcome->verdict != VERDICT_PASS ||
	    json_object_array_length(outcome->watches) != CALIBRATION_WATCHES) {
		fprintf(out, "calibration: %s%s%s\n", verdict_name(outcome->verdict),
			outcome->why[0] ? ": " : "", outcome->why);
		return;
	}
	for (unsigned int i = 0; i < CALIBRATION_WATCHES; i++) {
		trace[i] = find_trace(json_object_array_get_idx(outcome->watches, i));
		if (!trace[i]) {
			fputs("calibration: no witness can tell events\n", out);
			return;
		}
	}
	fputs("calibration: the device had ", out);
	print_watch(trace[0], 1, out);
	fputs("; ", out);
	print_watch(trace[1], CALIBRATION_PAGES, out);
	fputc('\n', out);
}
