/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * background.h - words for traffic that goes on by itself, and for how long a step may take
 *
 * scenario.h includes it.
 */
#ifndef ODPLAB_RUN_BACKGROUND_H
#define ODPLAB_RUN_BACKGROUND_H

#include <stdint.h>

#include "base/clock.h"
#include "rdma/status.h"

struct test;
struct target;

/*
 * In the background the initiator writes a range of a target and reads it back, again and
 * again and each time with another generation, while the scenario does something else
 * (but no operation of its own). background_wait() lets a turn pass, or the end that it
 * found before its time. The end returns the last generation that was written; any wrong
 * byte or status in between fails, but for background_end_status(), which returns the
 * status that ended it before its time.
 */
#define background_begin(t, ...) STEP(t, background_begin, #__VA_ARGS__, __VA_ARGS__)
#define background_wait(t)	 STEP(t, background_wait, "")
#define background_end(t)	 STEP(t, background_end, "")
#define background_end_status(t) STEP(t, background_end_status, "")

/*
 * Around a statement: how long it may take. What it took is noted.
 *	expect_within(t, NSEC_PER_SEC) target_truncate(...);
 */
#define expect_within(t, bound_ns)                                     \
	STOPWATCH_AS(SCENARIO_GLUE(stopwatch_, __LINE__), t, bound_ns, \
		     "expect_within(" #bound_ns ")")
#define STOPWATCH_AS(name, t, bound_ns, text)                                    \
	for (uint64_t name = stopwatch_begin(t, text, __FILE__, __LINE__); name; \
	     name = stopwatch_end(t, name, bound_ns, __LINE__))

void(background_begin)(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len);
void(background_wait)(struct test *t);
uint16_t(background_end)(struct test *t);
enum op_status(background_end_status)(struct test *t);

uint64_t stopwatch_begin(struct test *t, const char *step, const char *file, int line);
uint64_t stopwatch_end(struct test *t, uint64_t begin, uint64_t bound_ns, int line);

#endif
