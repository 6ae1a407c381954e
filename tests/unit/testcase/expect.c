// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* expect.c - expectations that need no witness, and what they note */
#include "testcase/expect.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scripted_side.h"

static struct test *const t = &script.test;

static void errno__is_the_expected_one(void **state)
{
	(expect_errno)(t, EFAULT, EFAULT);
	(expect_errno)(t, 0, 0);
	assert_string_equal(said(), "");
	fails((expect_errno)(t, 0, EPERM),
	      "ended with success (0), expected Operation not permitted (1)");
	fails((expect_errno)(t, EPERM, 0),
	      "ended with Operation not permitted (1), expected success (0)");
}

/* What the HCA capabilities have, of those that verbs can report. */
static void caps__agree_with_the_hca(void **state)
{
	struct odp_caps *caps = &script.env.device.caps;

	caps->hca.scheme = FAULT_SCHEME_MEMORY;
	caps->hca.per_transport[QP_RC] = ODP_WRITE | ODP_READ | ODP_ATOMIC;
	caps->per_transport[QP_RC] = ODP_WRITE | ODP_READ;
	(expect_hca_caps)(t, QP_RC, ODP_WRITE | ODP_READ);
	assert_string_equal(said(), "{\"note\":\"WRITE READ, in the memory scheme\"}\n");
	fails((expect_hca_caps)(t, QP_RC, ODP_WRITE | ODP_READ | ODP_ATOMIC),
	      "on RC the device has ODP for WRITE READ ATOMIC; ibv_query_device_ex() "
	      "reports WRITE READ");
	caps->per_transport[QP_RC] = ODP_WRITE | ODP_READ | ODP_ATOMIC;
	fails((expect_hca_caps)(t, QP_RC, ODP_WRITE | ODP_READ),
	      "on RC the device has ODP for WRITE READ; ibv_query_device_ex() reports "
	      "WRITE READ ATOMIC");
}

/* It begins with the step, so that a hang within it names it. */
static void stopwatch__begins_with_the_step(void **state)
{
	uint64_t before = clock_ns(), begin = stopwatch_begin(t, "within", "file.c", 12);

	assert_in_range(begin, before, clock_ns());
	assert_string_equal(said(),
			    "{\"step\":\"within\",\"file\":\"file.c\",\"line\":12}\n");
}

static void stopwatch__a_line_has_one(void **state)
{
	const struct stopwatch *watches = t->stopwatches;
	uint64_t now = clock_ns(), hour = 3600 * NSEC_PER_SEC;

	assert_int_equal(stopwatch_end(t, now - 10 * NSEC_PER_SEC, hour, 5), 0);
	assert_int_equal(stopwatch_end(t, now, 2 * hour, 6), 0);
	t->step = "last()";
	assert_int_equal(stopwatch_end(t, clock_ns(), hour, 5), 0);
	assert_int_equal(watches[0].line, 5);
	assert_int_equal(watches[0].times, 2);
	assert_in_range(watches[0].longest_ns, 10 * NSEC_PER_SEC, hour);
	assert_int_equal(watches[0].bound_ns, hour);
	assert_string_equal(watches[0].what, "last()");
	assert_int_equal(watches[1].line, 6);
	assert_int_equal(watches[1].times, 1);
	assert_int_equal(watches[1].bound_ns, 2 * hour);
	assert_string_equal(watches[1].what, "step()");
	assert_int_equal(watches[2].line, 0);
	/* a longer time replaces a shorter one */
	stopwatch_end(t, clock_ns() - 20 * NSEC_PER_SEC, hour, 5);
	assert_in_range(watches[0].longest_ns, 20 * NSEC_PER_SEC, hour);
	assert_string_equal(said(), "");
}

static void stopwatch__more_than_there_are(void **state)
{
	for (int line = 1; line <= STOPWATCHES; line++)
		stopwatch_end(t, clock_ns(), UINT64_MAX, line);
	stopwatch_end(t, clock_ns(), UINT64_MAX, STOPWATCHES);
	t->show_ns = 0; /* what lies after the table looks unused */
	until_end(stopwatch_end(t, clock_ns(), UINT64_MAX, STOPWATCHES + 1));
	assert_non_null(strstr(said(), "more than 4 lines are measured"));
}

static void stopwatch__too_long(void **state)
{
	const char *text;

	until_end(stopwatch_end(t, clock_ns() - 3600 * NSEC_PER_SEC, NSEC_PER_SEC, 1));
	text = said();
	assert_non_null(strstr(text, "{\"verdict\":\"FAIL\",\"why\":\"took "));
	assert_non_null(strstr(text, ", may take 1.0 s\"}\n"));
	assert_non_null(strstr(text, "of 1 times"));
}

uint64_t __wrap_pace_work_ns(void);
uint64_t __wrap_pace_work_ns(void)
{
	return 4000;
}

static void stopwatch__on_a_host_that_became_slower(void **state)
{
	const struct pace before = { 1, 1000 };

	script.env.pace = before;
	stopwatch_end(t, clock_ns() - 3 * NSEC_PER_SEC, NSEC_PER_SEC, 1);
	assert_int_equal(t->stopwatches[0].bound_ns, 4 * NSEC_PER_SEC);
	script.env.pace = before;
	until_end(stopwatch_end(t, clock_ns() - 5 * NSEC_PER_SEC, NSEC_PER_SEC, 2));
	assert_non_null(strstr(said(), ", may take 4.0 s\"}\n"));
}

static void deadline__of_a_slow_host(void **state)
{
	struct deadline deadline;

	script.env.pace = (struct pace){ 3, 1000 };
	deadline = deadline_for(t, NSEC_PER_SEC);
	assert_int_equal(deadline.ns, 3 * NSEC_PER_SEC);
	deadline.begin -= 3 * NSEC_PER_SEC;
	assert_false(deadline_passed(&deadline));
	assert_int_equal(deadline.ns, 12 * NSEC_PER_SEC);
}

static const struct CMUnitTest tests[] = {
	WITH_SCRIPT(errno__is_the_expected_one),
	WITH_SCRIPT(caps__agree_with_the_hca),
	WITH_SCRIPT(stopwatch__begins_with_the_step),
	WITH_SCRIPT(stopwatch__a_line_has_one),
	WITH_SCRIPT(stopwatch__more_than_there_are),
	WITH_SCRIPT(stopwatch__too_long),
	WITH_SCRIPT(stopwatch__on_a_host_that_became_slower),
	WITH_SCRIPT(deadline__of_a_slow_host),
};

int main(void)
{
	return cmocka_run_group_tests_name("expect", tests, NULL, NULL);
}
