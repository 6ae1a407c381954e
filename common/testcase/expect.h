/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* expect.h - expectations that need no witness */
#ifndef ODPLAB_TESTCASE_EXPECT_H
#define ODPLAB_TESTCASE_EXPECT_H

#include <stdint.h>

#include "base/clock.h"
#include "env/deadline.h"
#include "rdma/caps.h"
#include "testcase/step.h"

struct test;

/* Fails at this line unless the condition holds. The rest is a printf() format. */
#define expect(t, condition, ...)                                                     \
	do {                                                                          \
		if (!(condition))                                                     \
			test_fail_at(t, __FILE__, __LINE__, #condition, __VA_ARGS__); \
	} while (0)

/* Fails unless @got is @expected; both are errnos or 0. */
#define expect_errno(t, ...) STEP(t, expect_errno, #__VA_ARGS__, __VA_ARGS__)
void(expect_errno)(struct test *t, int got, int expected);

/*
 * Fails unless ibv_query_device_ex() reports for a queue pair type those ODP operations
 * that the HCA capabilities have, as DEVX reads them, of the mask @reportable (enum
 * odp_operation).
 */
#define expect_hca_caps(t, ...) STEP(t, expect_hca_caps, #__VA_ARGS__, __VA_ARGS__)
void(expect_hca_caps)(struct test *t, enum qp_type type, uint32_t reportable);

/*
 * Around a statement: fails if it takes longer than @bound_ns, or than that times the
 * pace of the host (env/patience.h). The time is noted.
 *	expect_within(t, NSEC_PER_SEC) target_truncate(...);
 */
#define expect_within(t, bound_ns)                                     \
	STOPWATCH_AS(SCENARIO_GLUE(stopwatch_, __LINE__), t, bound_ns, \
		     "expect_within(" #bound_ns ")")

#define STOPWATCH_AS(name, t, bound_ns, text)                                    \
	for (uint64_t name = stopwatch_begin(t, text, __FILE__, __LINE__); name; \
	     name = stopwatch_end(t, name, bound_ns, __LINE__))

/* A time that the kernel may take, or more where the host is slower. */
uint64_t patience(const struct test *t, uint64_t ns);

/* Likewise, of a wait from now on. It moves where the host becomes slower. */
struct deadline deadline_for(struct test *t, uint64_t ns);

uint64_t stopwatch_begin(struct test *t, const char *step, const char *file, int line);
uint64_t stopwatch_end(struct test *t, uint64_t begin, uint64_t bound_ns, int line);

#endif
