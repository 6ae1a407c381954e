/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* watch.h - expectations about page faults, which witnesses judge */
#ifndef ODPLAB_TESTCASE_WATCH_H
#define ODPLAB_TESTCASE_WATCH_H

#include <stdbool.h>

#include "base/util.h"
#include "evidence/bounds.h"
#include "testcase/step.h"

struct test;
struct target;
struct watch;

/*
 * Around a statement: fails unless the device faults in so many pages of @target
 * meanwhile.
 *	expect_faults(t, file, EXACTLY(1)) rdma_write(...);
 * It can be nested, for two targets of one operation.
 */
#define expect_faults(t, target, bounds)                                    \
	WATCH_AS(SCENARIO_GLUE(watch_, __LINE__), t, target, bounds, false, \
		 "expect_faults(" #target ", " #bounds ")")

#define WATCH_AS(name, t, target, bounds, churn, text)                                \
	for (struct watch *name =                                                     \
		     watch_begin(t, target, bounds, churn, text, __FILE__, __LINE__); \
	     name; name = watch_end(t, name))

/*
 * Around a statement: fails unless the kernel invalidates pages of @target meanwhile, and
 * the device faults some in again.
 */
#define expect_churn(t, target)                                                 \
	WATCH_AS(SCENARIO_GLUE(watch_, __LINE__), t, target, AT_LEAST(1), true, \
		 "expect_churn(" #target ")")

/*
 * How many pages of the last target that was watched the device had faulted in along with
 * those that operations name.
 */
uint64_t watch_neighbours(const struct test *t);

struct watch *watch_begin(struct test *t, struct target *target, struct bounds bounds,
			  bool churn, const char *step, const char *file, int line);

struct watch *watch_end(struct test *t, struct watch *watch);

#endif
