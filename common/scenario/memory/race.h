/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* race.h - words that hold a race of the kernel open: kernel/race.h */
#ifndef ODPLAB_SCENARIO_MEMORY_RACE_H
#define ODPLAB_SCENARIO_MEMORY_RACE_H

#include "kernel/race.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * From here on processors of the target's host pause at the place of the race. Skips the
 * test where its kernel has no such place.
 */
#define hold_race(t, ...) STEP(t, hold_race, #__VA_ARGS__, __VA_ARGS__)
void(hold_race)(struct test *t, struct target *target, enum kernel_race race);

/* Waits until processors have paused @n times in all. Fails after 20 s. */
#define await_pause(t, ...) STEP(t, await_pause, #__VA_ARGS__, __VA_ARGS__)
void(await_pause)(struct test *t, struct target *target, uint64_t n);

/* Ends that. The test is UNPROVEN if no processor has paused there. */
#define release_race(t, ...) STEP(t, release_race, #__VA_ARGS__, __VA_ARGS__)
void(release_race)(struct test *t, struct target *target);

#endif
