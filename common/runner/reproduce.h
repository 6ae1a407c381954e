/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* reproduce.h - one scenario is run for its reproducer: reproducer/reproducer.h */
#ifndef ODPLAB_RUNNER_REPRODUCE_H
#define ODPLAB_RUNNER_REPRODUCE_H

#include "runner/run.h"

/*
 * Runs the scenario and prints the program on stdout. Returns EXIT_ALL_GOOD, whatever the
 * verdict; EXIT_NOTHING or EXIT_USAGE after a line that says why there is no program.
 */
int reproduce(struct env *env, const struct run_config *config,
	      const struct scenario *scenario);

#endif
