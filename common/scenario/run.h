/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* run.h - a scenario from its first step to its verdict, in a process of its own */
#ifndef ODPLAB_SCENARIO_RUN_H
#define ODPLAB_SCENARIO_RUN_H

struct env;
struct scenario;

/* Runs the scenario and ends the process. @pipe: the writing end, see testcase/test.h. */
void scenario_run(struct env *env, const struct scenario *scenario, int pipe)
	__attribute__((noreturn));

#endif
