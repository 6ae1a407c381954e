/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fork_child.h - words about a forked child of the responder; data.h has what it stores
 * and checks
 */
#ifndef ODPLAB_SCENARIO_MEMORY_FORK_CHILD_H
#define ODPLAB_SCENARIO_MEMORY_FORK_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "testcase/step.h"

struct test;

/* Forks a child of the responder. There can be one at a time. */
#define fork_child(t) STEP(t, fork_child, "")
void(fork_child)(struct test *t);

/* Waits until the child has exited. */
#define child_ends(t) STEP(t, child_ends, "")
void(child_ends)(struct test *t);

/*
 * Another process registers an implicit region and calls exec(). Then 64 others are
 * forked, which have a page that the first never had. Returns how many prefetches of it
 * by that region succeed: each has reached the memory of one of them. *@device: whether
 * the device READ there what one of them has.
 */
#define prefetches_after_exec(t, device) STEP(t, prefetches_after_exec, #device, device)
uint64_t(prefetches_after_exec)(struct test *t, bool *device);

#endif
