/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* fork_child.h - words about a forked child of the responder */
#ifndef ODPLAB_SCENARIO_MEMORY_FORK_CHILD_H
#define ODPLAB_SCENARIO_MEMORY_FORK_CHILD_H

#include <stdint.h>

#include "testcase/step.h"

struct test;
struct target;

/* Forks a child of the responder. There can be one at a time. */
#define fork_child(t) STEP(t, fork_child, "")
void(fork_child)(struct test *t);

/* The child stores to the target, or checks it, through its own page table. */
#define child_stores(t, ...) STEP(t, child_stores, #__VA_ARGS__, __VA_ARGS__)
void(child_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation);

#define check_child(t, ...) STEP(t, check_child, #__VA_ARGS__, __VA_ARGS__)
void(check_child)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation);

/* Waits until the child has exited. */
#define child_ends(t) STEP(t, child_ends, "")
void(child_ends)(struct test *t);

#endif
