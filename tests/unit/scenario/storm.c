// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm.c - storms begin and end, and their cycles are awaited */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *target;

/* Each look at the storm finds a cycle more. */
static int a_cycle_more(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_STORM_CYCLES)
		reply->number = count_of(SIDE_STORM_CYCLES);
	return 0;
}

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	script.serve = a_cycle_more;
	return ret;
}

static void begin_storm(void)
{
	storm_begins(t, target, BY_PAGEOUT, 7, "storm()", "f.c", 3);
	said();
	script.seen = script.asked;
}

static void storm__begins_and_ends(void **state)
{
	assert_true(storm_begins(t, target, BY_PAGEOUT, 7, "storm()", "f.c", 3));
	assert_string_equal(said(),
			    "{\"step\":\"storm()\",\"file\":\"f.c\",\"line\":3}\n");
	next_is(RESPONDER, &REQUEST(SIDE_STORM_BEGIN, .target = target->info.id,
				    .argument = BY_PAGEOUT, .key = 7,
				    .pattern = { .seed = target->seed }));
	assert_ptr_equal(t->storm_target, target);
	t->traffic.rounds = 5;
	t->traffic.refusals = 2;
	assert_false(storm_ends(t, "storm()", "f.c", 9));
	assert_string_equal(
		said(), "{\"step\":\"storm()\",\"file\":\"f.c\",\"line\":9}\n"
			"{\"note\":\"5 rounds of traffic during 1 times MADV_PAGEOUT, 2 "
			"operations refused\"}\n");
	next_is(RESPONDER, &REQUEST(SIDE_STORM_CYCLES));
	next_is(RESPONDER, &REQUEST(SIDE_STORM_END));
	assert_null(t->storm_target);
	storm_begins(t, target, BY_FREE, 0, "storm()", "f.c", 3);
	assert_int_equal(next_of(SIDE_STORM_BEGIN)->key, 0);
	script.error[SIDE_STORM_CYCLES] = EIO;
	storm_ends(t, "storm()", "f.c", 9);
	assert_non_null(strstr(said(), "traffic during 0 times MADV_FREE, 2 operations"));
}

static void storm__that_failed(void **state)
{
	begin_storm();
	script.error[SIDE_STORM_END] = EBADMSG;
	fails(storm_ends(t, "storm()", "f.c", 9),
	      "MADV_PAGEOUT: data changed while the target was write-protected");
	script.error[SIDE_STORM_END] = EIO;
	fails(storm_ends(t, "storm()", "f.c", 9), "MADV_PAGEOUT: Input/output error");
}

static void cycles__are_awaited(void **state)
{
	begin_storm();
	(await_cycles)(t, 3);
	assert_int_equal(count_of(SIDE_STORM_CYCLES), 1 + 3);
	/* a storm that has ended early has no more: its end says why */
	script.error[SIDE_STORM_CYCLES] = EIO;
	(await_cycles)(t, 3);
	assert_int_equal(count_of(SIDE_STORM_CYCLES), 1 + 3 + 1);
}

static int a_cycle_in_nine_seconds(const struct side_request *request,
				   struct side_reply *reply)
{
	script.slept_ns += 9 * NSEC_PER_SEC;
	reply->number = script.asked;
	return 0;
}

static void cycles__that_do_not_come(void **state)
{
	begin_storm();
	script.serve = a_cycle_in_nine_seconds;
	fails((await_cycles)(t, 5), "only 2 cycles of the storm in 20 s");
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGET(storm__begins_and_ends),
	WITH_TARGET(storm__that_failed),
	WITH_TARGET(cycles__are_awaited),
	WITH_TARGET(cycles__that_do_not_come),
};

int main(void)
{
	return cmocka_run_group_tests_name("storm", tests, NULL, NULL);
}
