/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fork_child.h - words about a forked child of the responder; data.h has what it stores
 * and checks
 */
#ifndef ODPLAB_SCENARIO_MEMORY_FORK_CHILD_H
#define ODPLAB_SCENARIO_MEMORY_FORK_CHILD_H

#include "testcase/step.h"

struct test;

/* Forks a child of the responder. There can be one at a time. */
#define fork_child(t) STEP(t, fork_child, "")
void(fork_child)(struct test *t);

/* Waits until the child has exited. */
#define child_ends(t) STEP(t, child_ends, "")
void(child_ends)(struct test *t);

#endif
