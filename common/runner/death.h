/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* death.h - why the process of a scenario ended without a verdict */
#ifndef ODPLAB_RUNNER_DEATH_H
#define ODPLAB_RUNNER_DEATH_H

#include <stdint.h>

#include "runner/outcome.h"

/* How many processes the OOM killer of this host has ended so far; 0: unknown. */
uint64_t death_oom_kills(void);

/*
 * Sets the verdict by the process's @status of wait(): a crash is FAIL; ERROR where the
 * OOM killer ended a process since it had ended @oom_kills. SIGBUS of a full filesystem
 * is judged before: env/bus_error.h.
 */
void death_judge(struct outcome *outcome, int status, uint64_t oom_kills);

#endif
