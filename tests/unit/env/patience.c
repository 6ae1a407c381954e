// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* patience.c - deadlines that follow the pace of the host */
#include "env/patience.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "env/deadline.h"
#include "env/env.h"

/* What the piece of work takes now. */
static uint64_t work_ns;

uint64_t __wrap_pace_work_ns(void);
uint64_t __wrap_pace_work_ns(void)
{
	return work_ns;
}

static void deadline__as_it_is_before_a_calibration(void **state)
{
	struct env env = { 0 };

	assert_int_equal(env_patience(&env, 1000), 1000);
}

static void deadline__follows_the_pace(void **state)
{
	static const struct {
		uint64_t calibration_ns, ns;
	} rows[] = {
		{ 0, 1000 },
		{ PATIENCE_UNIT_NS / 10, 1000 }, /* never shorter */
		{ PATIENCE_UNIT_NS, 1000 },
		{ PATIENCE_UNIT_NS * 3 / 2, 1500 },
		{ PATIENCE_UNIT_NS * 10, 10000 },
		{ PATIENCE_UNIT_NS * PACE_MOST, 1000 * PACE_MOST },
		{ PATIENCE_UNIT_NS * 1000, 1000 * PACE_MOST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct env env = { 0 };

		env_set_pace(&env, rows[i].calibration_ns);
		assert_int_equal(env_patience(&env, 1000), rows[i].ns);
	}
}

/* By a host that became slower after the calibration. */
static void deadline__moves_with_the_host(void **state)
{
	static const struct {
		uint64_t calibration_ns, before, after, ns;
	} rows[] = {
		{ PATIENCE_UNIT_NS, 1000, 1000, 0 },
		{ PATIENCE_UNIT_NS, 1000, 1200, 0 }, /* by chance */
		{ PATIENCE_UNIT_NS, 1000, 500, 0 },
		{ PATIENCE_UNIT_NS, 1000, 1500, 1500 },
		{ PATIENCE_UNIT_NS, 1000, 10000, 10000 },
		{ PATIENCE_UNIT_NS, 1000, 1000000, 1000 * PACE_MOST },
		{ PATIENCE_UNIT_NS * 4, 1000, 2000, 8000 },
		{ PATIENCE_UNIT_NS * PACE_MOST, 1000, 2000, 0 },
		/* a fast host that becomes slower is not slow yet */
		{ PATIENCE_UNIT_NS / 10, 1000, 5000, 0 },
		{ PATIENCE_UNIT_NS / 10, 1000, 20000, 2000 },
		{ 0, 1000, 3000, 3000 }, /* no calibration */
		/* the host cannot be measured */
		{ PATIENCE_UNIT_NS, 0, 3000, 0 },
		{ PATIENCE_UNIT_NS, 1000, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct env env = { 0 };
		uint64_t first, ns;

		work_ns = rows[i].before;
		env_set_pace(&env, rows[i].calibration_ns);
		first = ns = env_patience(&env, 1000);
		work_ns = rows[i].after;
		if (pace_is_slower(&env.pace, &ns) != !!rows[i].ns ||
		    ns != (rows[i].ns ? rows[i].ns : first))
			fail_msg("row %zu: %llu", i, (unsigned long long)ns);
		/* not again, as long as it stays so */
		assert_false(pace_is_slower(&env.pace, &ns));
		/* and later deadlines are as long */
		assert_int_equal(env_patience(&env, 1000), ns);
	}
}

/* Little by little, each time too little to be sure of. */
static void deadline__moves_with_a_host_that_slows_down(void **state)
{
	struct env env = { 0 };
	uint64_t ns = 1000;

	work_ns = 1000;
	env_set_pace(&env, PATIENCE_UNIT_NS);
	work_ns = 1200;
	assert_false(pace_is_slower(&env.pace, &ns));
	work_ns = 1400;
	assert_true(pace_is_slower(&env.pace, &ns));
	assert_int_equal(ns, 1400);
}

static void deadline__passes_once_the_host_is_as_before(void **state)
{
	struct env env = { 0 };
	struct deadline deadline;

	work_ns = 1000;
	env_set_pace(&env, PATIENCE_UNIT_NS);
	deadline = deadline_in(&env.pace, 20 * NSEC_PER_MSEC);
	assert_true(deadline_left(&deadline) > 0);
	assert_false(deadline_passed(&deadline));
	deadline.begin -= 20 * NSEC_PER_MSEC;
	work_ns = 3000;
	assert_int_equal(deadline_left(&deadline), 0);
	assert_false(deadline_passed(&deadline));
	assert_true(deadline_left(&deadline) > 20 * NSEC_PER_MSEC);
	deadline.begin -= 40 * NSEC_PER_MSEC;
	assert_true(deadline_passed(&deadline));
	/* one that does not move */
	deadline = deadline_in(NULL, 0);
	work_ns = 30000;
	assert_true(deadline_passed(&deadline));
}

uint64_t __real_pace_work_ns(void);

static void work__can_be_done(void **state)
{
	assert_in_range(__real_pace_work_ns(), 1000, NSEC_PER_SEC);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(deadline__as_it_is_before_a_calibration),
	cmocka_unit_test(deadline__follows_the_pace),
	cmocka_unit_test(deadline__moves_with_the_host),
	cmocka_unit_test(deadline__moves_with_a_host_that_slows_down),
	cmocka_unit_test(deadline__passes_once_the_host_is_as_before),
	cmocka_unit_test(work__can_be_done),
};

int main(void)
{
	return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
