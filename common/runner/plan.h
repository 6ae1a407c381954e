/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* plan.h - what a run will do to the host, before it does */
#ifndef ODPLAB_RUNNER_PLAN_H
#define ODPLAB_RUNNER_PLAN_H

#include <stddef.h>
#include <stdio.h>

struct env;
struct run_config;
struct scenario;

/*
 * Prints what the scenarios that can run here change on the host beyond their own
 * processes, or "changes of this host: none"; what else the run makes; and the time,
 * memory and disk that it takes. @env is of env_find().
 */
void plan_print(const struct env *env, const struct run_config *config,
		const struct scenario *const *scenarios, size_t n, FILE *out);

/*
 * One warning for each place, and for memory, where less is free than a scenario that can
 * run takes at most; it names those that use the place.
 */
void plan_warn(const struct env *env, const struct scenario *const *scenarios, size_t n);

#endif
