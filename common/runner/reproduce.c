// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* reproduce.c - one scenario is run for its reproducer */
#include "runner/reproduce.h"

#include <stdio.h>

#include "base/log.h"
#include "runner/isolate.h"

int reproduce(struct env *env, const struct run_config *config,
	      const struct scenario *scenario)
{
	struct outcome outcome;
	int status = EXIT_ALL_GOOD;

	isolate_run(env, scenario, run_deadline_ns(config, env), &env->kernel_log,
		    &outcome);
	if (outcome.reproducer) {
		fputs(outcome.reproducer, stdout);
	} else {
		log_error("%s: no reproducer: %s", scenario->id,
			  outcome.no_reproducer ? outcome.no_reproducer : outcome.why);
		status = outcome.verdict == VERDICT_SKIP ? EXIT_NOTHING : EXIT_USAGE;
	}
	outcome_free(&outcome);
	return status;
}
