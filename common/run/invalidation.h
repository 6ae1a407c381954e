/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * invalidation.h - words for memory that is taken away from the device, and for traffic
 * that goes on meanwhile
 *
 * scenario.h includes it.
 */
#ifndef ODPLAB_RUN_INVALIDATION_H
#define ODPLAB_RUN_INVALIDATION_H

#include <stdbool.h>
#include <stdint.h>

#include "mem/advice.h"
#include "mem/invalidate.h"

struct test;
struct target;

/* madvise(): target, offset, len, enum region_advice */
#define target_madvise(t, ...) STEP(t, target_madvise, #__VA_ARGS__, __VA_ARGS__)
/*
 * Lets what is on its way to swap arrive there: a page that changes before takes the
 * change along. Nothing tells when; it is a pause.
 */
#define await_swap_written(t) STEP(t, await_swap_written, "")
/* The responder's memory is charged to a cgroup of its own from here on. */
#define join_cgroup(t) STEP(t, join_cgroup, "")
/* The kernel merges pages from here on, fast: KSM. */
#define start_merging(t) STEP(t, start_merging, "")
/* The kernel compacts all memory. Returns whether pages of the target were moved. */
#define compact_memory(t, ...) STEP(t, compact_memory, #__VA_ARGS__, __VA_ARGS__)
/* One cycle over a range: target, offset, len, enum invalidator */
#define invalidate(t, ...) STEP(t, invalidate, #__VA_ARGS__, __VA_ARGS__)

/*
 * Around a statement: a thread of the target's side takes pages of it away, by one way,
 * again and again.
 *	storm(t, memory, BY_PAGEOUT) traffic(t, memory, ROUNDS, KEEPS);
 */
#define storm(t, target, by)                                            \
	STORM_AS(SCENARIO_GLUE(storm_, __LINE__), t, target, by, false, \
		 "storm(" #target ")")
/* The same without a pause between cycles: the device may get nowhere. */
#define relentless_storm(t, target, by)                                \
	STORM_AS(SCENARIO_GLUE(storm_, __LINE__), t, target, by, true, \
		 "relentless_storm(" #target ")")
#define STORM_AS(name, t, target, by, relentless, text)                                 \
	for (bool name =                                                                \
		     storm_begins(t, target, by, relentless, text, __FILE__, __LINE__); \
	     name; name = storm_ends(t, text, __FILE__, __LINE__))
/* Lets the storm around it do that many cycles more; fails where 20 s are not enough. */
#define await_cycles(t, ...) STEP(t, await_cycles, #__VA_ARGS__, __VA_ARGS__)

/* What a storm may do to data and to operations; can be added. */
enum harm {
	KEEPS = 0,
	LOSES = 1 << 0,	  /* data may become zeros at any time, but never old */
	REFUSES = 1 << 1, /* operations may end with a remote access error */
};

/* The initiator's own memory for all that follows, in place of pinned memory. */
#define use_local(t, ...) STEP(t, use_local, #__VA_ARGS__, __VA_ARGS__)
/*
 * Writes pages and reads them back until that many rounds, and that many cycles of the
 * storm around it, are done: target, rounds, enum harm. What is read must be what was
 * written last, and what was never written, zeros; afterwards check_traffic() asks so of
 * all pages, writes them once more, and has the CPU look at them.
 */
#define traffic(t, ...)	      STEP(t, traffic, #__VA_ARGS__, __VA_ARGS__)
#define check_traffic(t, ...) STEP(t, check_traffic, #__VA_ARGS__, __VA_ARGS__)

/* How often a loop is to run: @normal, or @many times with odp_test --long. */
uint64_t test_iterations(const struct test *t, uint64_t normal, uint64_t many);

/* Such a loop around a statement, with the number of the round, from 0, in @n. */
#define each_round(t, n, normal, many) \
	for (uint64_t n = 0; test_round(t, n, test_iterations(t, normal, many)); n++)

/* Is there a round @n, where there are @rounds? Every second a terminal shows it. */
bool test_round(struct test *t, uint64_t n, uint64_t rounds);

void(target_madvise)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_advice advice);
void(await_swap_written)(struct test *t);
void(join_cgroup)(struct test *t);
void(start_merging)(struct test *t);
bool(compact_memory)(struct test *t, struct target *target);
void(invalidate)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 enum invalidator by);
bool storm_begins(struct test *t, struct target *target, enum invalidator by,
		  bool relentless, const char *step, const char *file, int line);
void(await_cycles)(struct test *t, uint64_t n);
bool storm_ends(struct test *t, const char *step, const char *file, int line);
void(use_local)(struct test *t, struct target *local);
void(traffic)(struct test *t, struct target *target, uint64_t rounds, unsigned int harm);
void(check_traffic)(struct test *t, struct target *target, unsigned int harm);

#endif
