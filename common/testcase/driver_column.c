// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* driver_column.c - expectations that differ between drivers */
#include "testcase/driver_column.h"

#include <string.h>

#include "testcase/expect.h"
#include "testcase/test.h"

enum column { COLUMN_RXE, COLUMN_MLX5, COLUMNS };
#define NO_COLUMN COLUMNS

/* A new driver: its name here, a member in the three structs, a line in each function. */
static enum column column_of(const struct test *t)
{
	static const char *const drivers[COLUMNS] = {
		[COLUMN_RXE] = "rxe",
		[COLUMN_MLX5] = "mlx5",
	};

	for (unsigned int i = 0; i < COLUMNS; i++)
		if (!strcmp(t->env->device.driver, drivers[i]))
			return (enum column)i;
	return NO_COLUMN;
}

static void note_reason(struct test *t, const char *reason)
{
	if (reason)
		test_note(t, "%s", reason);
}

static void no_column(struct test *t, const char *what, const char *seen)
{
	test_unproven(
		t,
		"%s: the drivers on file differ in %s here, and the driver %s has no "
		"column (docs/add-a-driver.md); seen: %s",
		t->step, what, t->env->device.driver, seen);
}

void(expect_status)(struct test *t, enum op_status got, const struct per_driver *expected)
{
	const enum op_status due[COLUMNS] = { expected->rxe, expected->mlx5 };
	enum column column = column_of(t);

	if (column == NO_COLUMN && expected->rxe != expected->mlx5) {
		no_column(t, "status", op_status_name(got));
		return;
	}
	column = column == NO_COLUMN ? COLUMN_MLX5 : column;
	if (got != due[column] && due[column] == OP_SUCCESS)
		test_fail_access(t, "completed with %s, expected SUCCESS",
				 op_status_name(got));
	if (got != due[column])
		test_fail(t, "completed with %s, expected %s", op_status_name(got),
			  op_status_name(due[column]));
	note_reason(t, expected->reason);
}

void(expect_errno_here)(struct test *t, int got, const struct errno_per_driver *expected)
{
	const int due[COLUMNS] = { expected->rxe, expected->mlx5 };
	enum column column = column_of(t);

	if (column == NO_COLUMN && expected->rxe != expected->mlx5) {
		no_column(t, "errno", got ? strerror(got) : "success");
		return;
	}
	note_reason(t, expected->reason);
	(expect_errno)(t, got, due[column == NO_COLUMN ? COLUMN_MLX5 : column]);
}

struct bounds faults_here(struct test *t, const struct faults_per_driver *expected)
{
	const struct bounds due[COLUMNS] = { expected->rxe, expected->mlx5 };
	enum column column = column_of(t);
	bool agree = expected->rxe.min == expected->mlx5.min &&
		     expected->rxe.max == expected->mlx5.max;

	if (column == NO_COLUMN && !agree) {
		no_column(t, "page faults", "what the witnesses report");
		return ANYTHING;
	}
	note_reason(t, expected->reason);
	return due[column == NO_COLUMN ? COLUMN_MLX5 : column];
}
