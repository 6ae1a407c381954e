// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_time.c - how long a step may take, and what it took */
#include "base/units.h"
#include "run/test.h"

uint64_t stopwatch_begin(struct test *t, const char *step, const char *file, int line)
{
	test_at(t, file, line, step);
	return clock_ns();
}

/* The line's own, or one that is free. */
static struct stopwatch *stopwatch_of(struct test *t, int line)
{
	for (unsigned int i = 0; i < STOPWATCHES; i++)
		if (t->stopwatches[i].line == line || !t->stopwatches[i].line)
			return &t->stopwatches[i];
	test_fail(t, "more than %u lines are measured", STOPWATCHES);
}

uint64_t stopwatch_end(struct test *t, uint64_t begin, uint64_t bound_ns, int line)
{
	struct stopwatch *watch = stopwatch_of(t, line);
	uint64_t took = clock_ns() - begin;
	char text[UNITS_TEXT], bound[UNITS_TEXT];

	*watch = (struct stopwatch){
		.line = line,
		.times = watch->times + 1,
		.longest_ns = took > watch->longest_ns ? took : watch->longest_ns,
		.bound_ns = bound_ns,
		.what = t->step,
	};
	if (took > bound_ns)
		test_fail(t, "took %s, may take %s", units_format_duration(took, text),
			  units_format_duration(bound_ns, bound));
	return 0;
}

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
