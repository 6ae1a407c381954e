// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run.c - a scenario from its first step to its verdict, in a process of its own */
#include "scenario/run.h"

#include "base/clock.h"
#include "scenario/operation/queue_pair.h"
#include "testcase/bus_error.h"
#include "testcase/execute.h"

void scenario_run(struct env *env, const struct scenario *scenario, int pipe)
{
	struct test t = {
		.env = env,
		.scenario = scenario,
		.pipe = pipe,
		.pairs = 1,
		.show_ns = clock_ns() + NSEC_PER_SEC,
	};

	test_judge_bus_errors(&t);
	evidence_reset(&env->evidence);
	test_at(&t, __FILE__, __LINE__, "open both sides");
	for (int role = INITIATOR; role < SIDE_ROLES; role++) {
		int ret = side_open(&t.side[role], env, (enum side_role)role);

		if (!ret)
			ret = record_side(&t.record, &t.side[role], (enum side_role)role);
		if (ret)
			test_fail_errno(&t, ret, "a side could not be opened");
	}
	(reconnect)(&t);
	scenario->run(&t, scenario->row);
	expect_quiet(&t);
	if (t.unproven)
		test_at(&t, t.unproven_file, t.unproven_line, t.unproven_step);
	test_end(&t, t.unproven ? VERDICT_UNPROVEN : VERDICT_PASS, t.unproven_why);
}
