// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* driver_column.c - expectations that differ between drivers */
#include "testcase/driver_column.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "testcase/expect.h"
#include "testcase/test.h"

#define NAME_OF(driver)	       #driver,
#define VALUE_OF(driver, from) (from)->driver,
#define COLUMN_NUMBER(driver)  COLUMN_##driver,

enum { DRIVERS(COLUMN_NUMBER) COLUMNS };

static const char *const drivers[COLUMNS] = { DRIVERS(NAME_OF) };

/* A value as C has it in a column. */
#define VALUE_TEXT 64

/* One expectation: what is due by each column, and by that of the driver. */
struct due {
	char text[COLUMNS][VALUE_TEXT];
	bool differ; /* the columns do */
	bool held;   /* the driver has a column, or all agree */
	unsigned int column;
};

/* COLUMNS: it has none. */
static unsigned int column_of(const char *driver)
{
	unsigned int i = 0;

	while (i < COLUMNS && strcmp(driver, drivers[i]) != 0)
		i++;
	return i;
}

bool driver_has_column(const char *driver)
{
	return column_of(driver) < COLUMNS;
}

/* .text is filled in. */
static void settle(const struct test *t, struct due *due)
{
	for (unsigned int i = 1; i < COLUMNS; i++)
		due->differ |= strcmp(due->text[i], due->text[0]) != 0;
	due->column = column_of(t->env->device.driver);
	due->held = due->column < COLUMNS || !due->differ;
	if (due->column == COLUMNS)
		due->column = 0;
}

/*
 * What odp_test --learn makes a draft of; where all drivers agree there is nothing to
 * learn.
 */
static void say_column(struct test *t, const struct due *due, const char *what,
		       const char *seen)
{
	struct json_object *line, *object, *columns;

	if (!due->differ)
		return;
	line = json_object_new_object();
	object = json_add_object(line, "column");
	json_add_text(object, "what", what);
	json_add_text(object, "step", t->step);
	json_add_text(object, "file", t->file);
	json_add_number(object, "line", (uint64_t)t->line);
	columns = json_add_object(object, "columns");
	for (unsigned int i = 0; i < COLUMNS; i++)
		json_add_text(columns, drivers[i], due->text[i]);
	json_add_text(object, "seen", seen);
	test_say(t, line);
}

/*
 * @value: as C has it. @seen: in words. Returns whether the driver is held to something.
 */
static bool saw(struct test *t, const struct due *due, const char *what,
		const char *value, const char *seen)
{
	say_column(t, due, what, value);
	if (!due->held)
		test_unproven(t,
			      "%s: the drivers on file differ in %s here, and the driver "
			      "%s has no column (docs/add-a-driver.md); seen: %s",
			      t->step, what, t->env->device.driver, seen);
	return due->held;
}

static void note_reason(struct test *t, const char *reason)
{
	if (reason)
		test_note(t, "%s", reason);
}

/* ---- statuses ---- */

void(expect_status)(struct test *t, enum op_status got, const struct per_driver *expected)
{
	const enum op_status values[COLUMNS] = { DRIVERS(VALUE_OF, expected) };
	struct due due = { 0 };

	for (unsigned int i = 0; i < COLUMNS; i++)
		snprintf(due.text[i], VALUE_TEXT, "%s", op_status_constant(values[i]));
	settle(t, &due);
	if (!saw(t, &due, "status", op_status_constant(got), op_status_name(got)))
		return;
	record_due_status(&t->record, got, values[due.column]);
	if (got != values[due.column] && values[due.column] == OP_SUCCESS)
		test_fail_access(t, "completed with %s, expected SUCCESS",
				 op_status_name(got));
	if (got != values[due.column])
		test_fail(t, "completed with %s, expected %s", op_status_name(got),
			  op_status_name(values[due.column]));
	note_reason(t, expected->reason);
}

/* ---- errnos ---- */

static const char *errno_value(int error, char text[VALUE_TEXT])
{
	const char *name = error ? strerrorname_np(error) : NULL;

	snprintf(text, VALUE_TEXT, "%d", error);
	return name ? name : text;
}

void(expect_errno_here)(struct test *t, int got, const struct errno_per_driver *expected)
{
	const int values[COLUMNS] = { DRIVERS(VALUE_OF, expected) };
	struct due due = { 0 };
	char number[VALUE_TEXT];

	for (unsigned int i = 0; i < COLUMNS; i++)
		snprintf(due.text[i], VALUE_TEXT, "%s", errno_value(values[i], number));
	settle(t, &due);
	if (!saw(t, &due, "errno", errno_value(got, number),
		 got ? strerror(got) : "success"))
		return;
	note_reason(t, expected->reason);
	(expect_errno)(t, got, values[due.column]);
}

/* ---- page faults ---- */

static void bounds_value(struct bounds bounds, char text[VALUE_TEXT])
{
	if (bounds.max == UINT64_MAX)
		snprintf(text, VALUE_TEXT, "{ %" PRIu64 ", UINT64_MAX }", bounds.min);
	else
		snprintf(text, VALUE_TEXT, "{ %" PRIu64 ", %" PRIu64 " }", bounds.min,
			 bounds.max);
}

/* Returns the bounds that hold; ANYTHING where the driver is held to nothing. */
static struct bounds faults_due(const struct test *t,
				const struct faults_per_driver *expected, struct due *due)
{
	const struct bounds values[COLUMNS] = { DRIVERS(VALUE_OF, expected) };

	*due = (struct due){ 0 };
	for (unsigned int i = 0; i < COLUMNS; i++)
		bounds_value(values[i], due->text[i]);
	settle(t, due);
	return due->held ? values[due->column] : ANYTHING;
}

struct watch *watch_begin_here(struct test *t, struct target *target,
			       const struct faults_per_driver *expected, const char *step,
			       const char *file, int line)
{
	struct due due;
	struct bounds bounds = faults_due(t, expected, &due);
	struct watch *watch = watch_begin(t, target, bounds, false, step, file, line);

	watch->columns = expected;
	if (due.held)
		note_reason(t, expected->reason);
	return watch;
}

void column_saw_faults(struct test *t, const struct watch *watch, struct bounds seen)
{
	char value[VALUE_TEXT], words[BOUNDS_TEXT];
	struct due due;

	faults_due(t, watch->columns, &due);
	bounds_value(seen, value);
	saw(t, &due, "page faults", value, bounds_text(seen, words));
}
