/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* invalidation.h - words that make the kernel invalidate pages of a target */
#ifndef ODPLAB_SCENARIO_MEMORY_INVALIDATION_H
#define ODPLAB_SCENARIO_MEMORY_INVALIDATION_H

#include <stdbool.h>
#include <stdint.h>

#include "invalidation/invalidate.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * Moves the responder to a cgroup of its own, which its memory is charged to from here
 * on.
 */
#define join_cgroup(t) STEP(t, join_cgroup, "")
void(join_cgroup)(struct test *t);

/* Limits the memory of that cgroup, which gets no swap. */
#define limit_memory(t, ...) STEP(t, limit_memory, #__VA_ARGS__, __VA_ARGS__)
void(limit_memory)(struct test *t, uint64_t bytes);

/* Lets reclaim demote pages to a slower node. */
#define start_demotion(t) STEP(t, start_demotion, "")
void(start_demotion)(struct test *t);

/* The NUMA node of the first page of the range that is present; -1: none is. */
#define target_node(t, ...) STEP(t, target_node, #__VA_ARGS__, __VA_ARGS__)
int(target_node)(struct test *t, struct target *target, uint64_t offset, uint64_t len);

/*
 * Sets the memory policy of a range, see invalidation/nodes.h. Returns the errno of
 * mbind(2).
 */
#define policy_errno(t, ...) STEP(t, policy_errno, #__VA_ARGS__, __VA_ARGS__)
int(policy_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  int policy, unsigned int flags, bool second_node);

/* Starts KSM, with a short scan interval. */
#define start_ksm(t) STEP(t, start_ksm, "")
void(start_ksm)(struct test *t);

/* Marks the target MADV_MERGEABLE and waits until KSM has merged @pages of the side. */
#define await_ksm_merged(t, ...) STEP(t, await_ksm_merged, #__VA_ARGS__, __VA_ARGS__)
void(await_ksm_merged)(struct test *t, struct target *target, uint64_t pages);

/* Has the kernel compact all memory. Returns whether it moved pages of the target. */
#define compact_memory(t, ...) STEP(t, compact_memory, #__VA_ARGS__, __VA_ARGS__)
bool(compact_memory)(struct test *t, struct target *target);

/*
 * Waits a fixed time for pages under writeback to reach swap: a page that changes before
 * that is written with the change. The kernel reports no end of it.
 */
#define await_swap_written(t) STEP(t, await_swap_written, "")
void(await_swap_written)(struct test *t);

/* One cycle of invalidation of a range, see invalidation/invalidate.h. */
#define invalidate(t, ...) STEP(t, invalidate, #__VA_ARGS__, __VA_ARGS__)
void(invalidate)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 enum invalidator by);

#endif
