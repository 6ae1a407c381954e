// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* summary.c - what is noted at the end of a scenario, of all its steps */
#include <inttypes.h>

#include "base/units.h"
#include "testcase/test.h"

void test_say_stopwatches(struct test *t)
{
	for (unsigned int i = 0; i < STOPWATCHES && t->stopwatches[i].line; i++) {
		const struct stopwatch *watch = &t->stopwatches[i];
		char text[UNITS_TEXT], bound[UNITS_TEXT];

		test_note(t, "%s took %s at most, of %u times; it may take %s",
			  watch->what, units_format_duration(watch->longest_ns, text),
			  watch->times, units_format_duration(watch->bound_ns, bound));
	}
}

void test_say_background(struct test *t)
{
	const struct background_traffic *total = &t->background;
	char longest[UNITS_TEXT];

	if (total->times)
		test_note(t,
			  "background traffic x %u: %" PRIu64
			  " WRITEs read back, the longest operation %s",
			  total->times, total->turns,
			  units_format_duration(total->longest_ns, longest));
}
