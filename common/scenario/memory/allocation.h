/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * allocation.h - words that let allocations of the kernel fail: invalidation/fail_alloc.h
 */
#ifndef ODPLAB_SCENARIO_MEMORY_ALLOCATION_H
#define ODPLAB_SCENARIO_MEMORY_ALLOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "invalidation/fail_alloc.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * Registers the unregistered target, whereby the kernel's @nth allocation fails, counted
 * from 1. *@failed: there were so many. Returns the errno.
 */
#define registration_errno_without(t, ...) \
	STEP(t, registration_errno_without, #__VA_ARGS__, __VA_ARGS__)
int(registration_errno_without)(struct test *t, struct target *target, unsigned int nth,
				bool *failed);

/* From here on each @every-th allocation of the target's kernel for @work fails. */
#define allocations_fail(t, ...) STEP(t, allocations_fail, #__VA_ARGS__, __VA_ARGS__)
void(allocations_fail)(struct test *t, struct target *target, enum fail_alloc_work work,
		       unsigned int every);

/* Ends that. Returns how many have failed. */
#define allocations_failed(t, ...) STEP(t, allocations_failed, #__VA_ARGS__, __VA_ARGS__)
uint64_t(allocations_failed)(struct test *t, struct target *target);

#endif
