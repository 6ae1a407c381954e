/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* storm.h - words that make the kernel invalidate pages of a target, in a loop */
#ifndef ODPLAB_SCENARIO_MEMORY_STORM_H
#define ODPLAB_SCENARIO_MEMORY_STORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/util.h"
#include "invalidation/invalidate.h"
#include "testcase/step.h"

struct test;
struct target;

/*
 * Around a statement: a thread of the target's side invalidates random ranges of it in a
 * loop, by one invalidator.
 *	storm(t, memory, BY_PAGEOUT) traffic(t, memory, ROUNDS, KEEPS);
 */
#define storm(t, target, by)                                          \
	STORM_AS(SCENARIO_GLUE(storm_, __LINE__), t, target, by, 100, \
		 "storm(" #target ")")

/* Likewise, without a pause between cycles: operations may make no progress. */
#define relentless_storm(t, target, by)                             \
	STORM_AS(SCENARIO_GLUE(storm_, __LINE__), t, target, by, 0, \
		 "relentless_storm(" #target ")")

/* Likewise, with pauses that are at least so long: for faults that take long. */
#define slow_storm(t, target, by, pause_us)                                \
	STORM_AS(SCENARIO_GLUE(storm_, __LINE__), t, target, by, pause_us, \
		 "slow_storm(" #target ")")

#define STORM_AS(name, t, target, by, pause_us, text)                                 \
	for (bool name =                                                              \
		     storm_begins(t, target, by, pause_us, text, __FILE__, __LINE__); \
	     name; name = storm_ends(t, text, __FILE__, __LINE__))

bool storm_begins(struct test *t, struct target *target, enum invalidator by,
		  uint32_t pause_us, const char *step, const char *file, int line);
bool storm_ends(struct test *t, const char *step, const char *file, int line);

/* Waits until the storm has done @n more cycles. Fails after 20 s. */
#define await_cycles(t, ...) STEP(t, await_cycles, #__VA_ARGS__, __VA_ARGS__)
void(await_cycles)(struct test *t, uint64_t n);

/*
 * Counts the cycles of the storm that is on. Returns false if it has ended early:
 * storm_ends() fails with the reason.
 */
bool test_storm_goes_on(struct test *t, uint64_t *cycles);

#endif
