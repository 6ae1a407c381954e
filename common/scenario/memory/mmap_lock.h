/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* mmap_lock.h - words that hold the lock of the memory map of a target's process */
#ifndef ODPLAB_SCENARIO_MEMORY_MMAP_LOCK_H
#define ODPLAB_SCENARIO_MEMORY_MMAP_LOCK_H

#include <stdint.h>

#include "testcase/step.h"

struct test;
struct target;

/*
 * From here on a thread of the target's process holds mmap_lock, for about @ms
 * milliseconds, over memory that is no target's: process/mmap_lock.h.
 */
#define mmap_lock_held(t, ...) STEP(t, mmap_lock_held, #__VA_ARGS__, __VA_ARGS__)
void(mmap_lock_held)(struct test *t, struct target *target, uint32_t ms);

/* Waits for its end. Returns when the lock was free (clock_ns()); 0: nothing held it. */
#define mmap_lock_free(t, ...) STEP(t, mmap_lock_free, #__VA_ARGS__, __VA_ARGS__)
uint64_t(mmap_lock_free)(struct test *t, struct target *target);

#endif
