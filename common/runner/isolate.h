/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* isolate.h - a scenario in a process of its own, with a deadline */
#ifndef ODPLAB_RUNNER_ISOLATE_H
#define ODPLAB_RUNNER_ISOLATE_H

#include <stdint.h>

#include "env/env.h"
#include "evidence/kernel_log.h"
#include "runner/outcome.h"

/*
 * Runs it and fills @outcome (the caller frees it with outcome_free()). A crash, a hang
 * beyond the deadline and a complaint of the kernel are failures of this scenario. Other
 * scenarios can run after it, except where outcome.host_spoiled is set. Where
 * signals_noted(), it was killed, and the outcome says nothing.
 */
void isolate_run(struct env *env, const struct scenario *scenario, uint64_t deadline_ns,
		 struct kernel_log *kernel, struct outcome *outcome);

#endif
