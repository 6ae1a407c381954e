/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * driver_column.h - expectations that differ between drivers
 *
 * Each kind has a column for each driver that the suite knows, and a reason. A driver
 * without a column is never held to the column of another driver: where all columns agree,
 * it is held to what they say; where they differ, the verdict becomes UNPROVEN and names
 * docs/add-a-driver.md, and what was seen is noted.
 */
#ifndef ODPLAB_TESTCASE_DRIVER_COLUMN_H
#define ODPLAB_TESTCASE_DRIVER_COLUMN_H

#include "evidence/bounds.h"
#include "rdma/status.h"
#include "testcase/step.h"

struct test;

/* Statuses of operations; unset: OP_SUCCESS. */
struct per_driver {
	enum op_status rxe;
	enum op_status mlx5;
	const char *reason; /* why the drivers differ; NULL where they agree */
};

struct errno_per_driver {
	int rxe;
	int mlx5;
	const char *reason;
};

struct faults_per_driver {
	struct bounds rxe;
	struct bounds mlx5;
	const char *reason;
};

/* Fails unless @got is what the column of the driver expects. */
#define expect_status(t, ...) STEP(t, expect_status, #__VA_ARGS__, __VA_ARGS__)
void(expect_status)(struct test *t, enum op_status got,
		    const struct per_driver *expected);

/* Fails unless @got, an errno or 0, is what the column of the driver expects. */
#define expect_errno_here(t, ...) STEP(t, expect_errno_here, #__VA_ARGS__, __VA_ARGS__)
void(expect_errno_here)(struct test *t, int got, const struct errno_per_driver *expected);

/* The faults that the column of the driver expects; ANYTHING where it has none. */
struct bounds faults_here(struct test *t, const struct faults_per_driver *expected);

#endif
