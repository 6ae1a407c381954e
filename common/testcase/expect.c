// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* expect.c - expectations that need no witness */
#include "testcase/expect.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"
#include "env/patience.h"
#include "testcase/test.h"

static const char *errno_text(int error)
{
	return error ? strerror(error) : "success";
}

void(expect_errno)(struct test *t, int got, int expected)
{
	record_due_errno(&t->record, got, expected);
	if (got == EFAULT && !expected)
		test_fail_access(t, "ended with %s", errno_text(got));
	if (got != expected)
		test_fail(t, "ended with %s (%d), expected %s (%d)", errno_text(got), got,
			  errno_text(expected), expected);
}

void(expect_hca_caps)(struct test *t, enum qp_type type, uint32_t reportable)
{
	const struct odp_caps *caps = &t->env->device.caps;
	uint32_t device = caps->hca.per_transport[type] & reportable;
	char by_device[ODP_OPERATIONS_TEXT], by_verbs[ODP_OPERATIONS_TEXT];

	odp_operations_text(device, by_device);
	odp_operations_text(caps->per_transport[type], by_verbs);
	if (device != caps->per_transport[type])
		test_fail(t,
			  "on %s the device has ODP for %s; ibv_query_device_ex() "
			  "reports %s",
			  qp_type_name(type), by_device, by_verbs);
	test_note(t, "%s, in the %s scheme", by_device,
		  fault_scheme_name(caps->hca.scheme));
}

uint64_t patience(const struct test *t, uint64_t ns)
{
	return env_patience(t->env, ns);
}

struct deadline deadline_for(struct test *t, uint64_t ns)
{
	return deadline_in(&t->env->pace, patience(t, ns));
}

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

	bound_ns = patience(t, bound_ns);
	if (took > bound_ns)
		pace_is_slower(&t->env->pace, &bound_ns);
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
