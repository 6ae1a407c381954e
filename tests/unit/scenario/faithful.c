// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* faithful.c - no scenario of apps/scenarios/ fails on fake sides without a defect */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_side.h"
#include "runner/isolate.h"
#include "testcase/registry.h"

#define DEADLINE_NS (20 * NSEC_PER_SEC)

/* Scenarios that need what the fake side does not have. */
#define SKIPPED_BY_FAKE 152

/* @driver: whose column of the expectations holds; NULL: that of the fake side */
static struct outcome run(const struct scenario *scenario, const char *driver)
{
	struct kernel_log no_log = { -1 };
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	if (driver)
		snprintf(env.env.device.driver, sizeof(env.env.device.driver), "%s",
			 driver);
	isolate_run(&env.env, scenario, DEADLINE_NS, &no_log, &outcome);
	return outcome;
}

/* What the fake cannot do is named, and skipped as anywhere else. */
static void faithful__no_scenario_fails(void **state)
{
	const struct scenario **scenarios;
	int n = registry_select(&scenarios, NULL, 0);
	unsigned int count[VERDICTS] = { 0 };

	for (int i = 0; i < n; i++) {
		struct outcome outcome = run(scenarios[i], NULL);

		count[outcome.verdict]++;
		if (outcome.verdict != VERDICT_PASS && outcome.verdict != VERDICT_SKIP)
			fail_msg("%s: %s: %s (%s)", scenarios[i]->id,
				 verdict_name(outcome.verdict), outcome.why,
				 outcome.step);
		outcome_free(&outcome);
	}
	free(scenarios);
	/* a new scenario that the fake side cannot run shows here */
	assert_int_equal(count[VERDICT_SKIP], SKIPPED_BY_FAKE);
}

/*
 * Where drivers differ it proves nothing, and what it is seen to do is said; else it
 * passes.
 */
static void faithful__to_a_driver_without_a_column(void **state)
{
	const struct scenario **scenarios;
	int n = registry_select(&scenarios, NULL, 0);
	size_t places = 0;

	for (int i = 0; i < n; i++) {
		struct outcome outcome = run(scenarios[i], "irdma");
		size_t seen =
			outcome.columns ? json_object_array_length(outcome.columns) : 0;

		if (outcome.verdict != VERDICT_SKIP &&
		    outcome.verdict != (seen ? VERDICT_UNPROVEN : VERDICT_PASS))
			fail_msg("%s: %s: %s, %zu places", scenarios[i]->id,
				 verdict_name(outcome.verdict), outcome.why, seen);
		places += seen;
		outcome_free(&outcome);
	}
	free(scenarios);
	assert_true(places > 10);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(faithful__no_scenario_fails),
	cmocka_unit_test(faithful__to_a_driver_without_a_column),
};

int main(void)
{
	return cmocka_run_group_tests_name("faithful", tests, NULL, NULL);
}
