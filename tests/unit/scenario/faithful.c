// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* faithful.c - no scenario of apps/scenarios/ fails on fake sides without a defect */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_side.h"
#include "runner/isolate.h"
#include "testcase/registry.h"

#define DEADLINE_NS (20 * NSEC_PER_SEC)

/* Scenarios that need what the fake side does not have. */
#define SKIPPED_BY_FAKE 69

static struct outcome run(const struct scenario *scenario)
{
	struct kernel_log no_log = { -1 };
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
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
		struct outcome outcome = run(scenarios[i]);

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

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(faithful__no_scenario_fails),
};

int main(void)
{
	return cmocka_run_group_tests_name("faithful", tests, NULL, NULL);
}
