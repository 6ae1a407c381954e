// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run.c - a scenario from its first step to its verdict */
#include "scenario/run.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scripted_side.h"

static int open_error[SIDE_ROLES];

static int open_side(struct side **side, struct env *env, enum side_role role)
{
	assert_ptr_equal(env, &script.env);
	*side = &script.side[role];
	return -open_error[role];
}

static bool unproven;
static uint64_t began_ns;

/*
 * What the steps find: two sides and one queue pair, a row, and time for their progress.
 */
static void steps(struct test *t, const void *row)
{
	assert_string_equal(row, "row");
	/* what they are asked is recorded */
	assert_int_equal(t->record.n, 4);
	assert_int_equal(t->pairs, 1);
	assert_in_range(t->show_ns, began_ns + NSEC_PER_SEC, clock_ns() + NSEC_PER_SEC);
	assert_string_equal(t->scenario->id, "T-1");
	next_is(INITIATOR, &REQUEST(SIDE_QP_OPEN));
	next_is(RESPONDER, &REQUEST(SIDE_QP_OPEN));
	next_of(SIDE_QP_CONNECT);
	next_of(SIDE_QP_CONNECT);
	none_of(SIDE_SETTLE);
	if (!unproven)
		return;
	test_at(t, "a.c", 3, "look()");
	test_unproven(t, "nothing was seen");
	test_at(t, "a.c", 4, "go on()");
}

static const struct scenario scenario = { .id = "T-1", .run = steps, .row = "row" };

/* The process ends with a scenario, and what was recorded with it: here it goes on. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:record_side\nleak:recorded_call\n";
}

static void run(void)
{
	began_ns = clock_ns();
	scenario_run(&script.env, &scenario, script.said);
}

static int begin(void **state)
{
	int ret = script_begin(state);

	script.env.open_side = open_side;
	memset(open_error, 0, sizeof(open_error));
	unproven = false;
	return ret;
}

static void run__ends_with_a_verdict(void **state)
{
	const char *text;

	until_end(run());
	text = said();
	assert_non_null(strstr(
		text,
		"{\"step\":\"open both sides\",\"file\":\"common\\/scenario\\/run.c\""));
	assert_non_null(strstr(text, "{\"verdict\":\"PASS\",\"why\":\"\"}\n"));
	next_is(INITIATOR, &REQUEST(SIDE_SETTLE));
	next_is(RESPONDER, &REQUEST(SIDE_SETTLE));
	unproven = true;
	until_end(run());
	/* with the step that was unproven, not with the last one */
	assert_non_null(strstr(
		said(), "{\"step\":\"look()\",\"file\":\"a.c\",\"line\":3}\n"
			"{\"verdict\":\"UNPROVEN\",\"why\":\"nothing was seen\"}\n"));
}

static void run__with_a_completion_too_many(void **state)
{
	script.reply[SIDE_SETTLE].strays = 1;
	fails(run(), "1 unexpected completions (duplicate, or without a posted request)");
}

static void run__without_a_side(void **state)
{
	for (int role = INITIATOR; role < SIDE_ROLES; role++) {
		open_error[role] = EIO;
		fails(run(), "a side could not be opened: Input/output error");
		open_error[role] = 0;
	}
	assert_int_equal(script.asked, 0);
}

#define WITH_SIDES(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_SIDES(run__ends_with_a_verdict),
	WITH_SIDES(run__with_a_completion_too_many),
	WITH_SIDES(run__without_a_side),
};

int main(void)
{
	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
