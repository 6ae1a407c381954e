/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * driver_column.h - expectations that differ between drivers
 *
 * Each kind has a column for each driver that the suite knows, and a reason. A driver
 * without a column is never held to the column of another driver: where all columns
 * agree, it is held to what they say; where they differ, the verdict becomes UNPROVEN and
 * names docs/add-a-driver.md, and what was seen is noted.
 */
#ifndef ODPLAB_TESTCASE_DRIVER_COLUMN_H
#define ODPLAB_TESTCASE_DRIVER_COLUMN_H

#include <stdbool.h>

#include "evidence/bounds.h"
#include "rdma/status.h"
#include "testcase/step.h"
#include "testcase/watch.h"

struct test;

/*
 * The drivers that have a column, by the names of their kernel modules. A new one is a
 * line here, and a value wherever columns differ: odp_test --learn lists the places.
 */
#define DRIVERS(column, ...) column(rxe, ##__VA_ARGS__) column(mlx5, ##__VA_ARGS__)

/* An expectation that all drivers meet alike: EVERY_DRIVER(OP_REM_ACCESS_ERR). */
#define EVERY_DRIVER(...)	   { DRIVERS(EVERY_DRIVER_, __VA_ARGS__) }
#define EVERY_DRIVER_(driver, ...) .driver = __VA_ARGS__,

bool driver_has_column(const char *driver);

#define COLUMN_OF_TYPE(driver, type) type driver;

/* Statuses of operations; unset: OP_SUCCESS. */
struct per_driver {
	DRIVERS(COLUMN_OF_TYPE, enum op_status)
	const char *reason; /* why the drivers differ; NULL where they agree */
};

struct errno_per_driver {
	DRIVERS(COLUMN_OF_TYPE, int)
	const char *reason;
};

struct faults_per_driver {
	DRIVERS(COLUMN_OF_TYPE, struct bounds)
	const char *reason;
};

/* Fails unless @got is what the column of the driver expects. */
#define expect_status(t, ...) STEP(t, expect_status, #__VA_ARGS__, __VA_ARGS__)
void(expect_status)(struct test *t, enum op_status got,
		    const struct per_driver *expected);

/* Fails unless @got, an errno or 0, is what the column of the driver expects. */
#define expect_errno_here(t, ...) STEP(t, expect_errno_here, #__VA_ARGS__, __VA_ARGS__)
void(expect_errno_here)(struct test *t, int got, const struct errno_per_driver *expected);

/* As expect_faults(), around a statement; @expected points to what each driver does. */
#define expect_faults_here(t, target, expected)                             \
	WATCH_HERE_AS(SCENARIO_GLUE(watch_, __LINE__), t, target, expected, \
		      "expect_faults_here(" #target ", " #expected ")")

#define WATCH_HERE_AS(name, t, target, expected, text)                                \
	for (struct watch *name =                                                     \
		     watch_begin_here(t, target, expected, text, __FILE__, __LINE__); \
	     name; name = watch_end(t, name))

struct watch *watch_begin_here(struct test *t, struct target *target,
			       const struct faults_per_driver *expected, const char *step,
			       const char *file, int line);

/* Of a watch that is about to be judged, and has columns: what was seen. */
void column_saw_faults(struct test *t, const struct watch *watch, struct bounds seen);

#endif
