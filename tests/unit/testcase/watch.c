// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* watch.c - what becomes of a scenario, by what the witnesses observed */
#include "testcase/watch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *const target = &script.test.targets[0];

static int begin(void **state)
{
	int ret = script_begin(state);

	*target = (struct target){ .side = t->side[RESPONDER], .info = { .id = 4 } };
	return ret;
}

/* What the witnesses reply. */
static void observe(const struct observation *first, const struct observation *second)
{
	struct side_reply *reply = &script.reply[SIDE_WATCH_END];

	*reply = (struct side_reply){ .observations = second ? 2 : 1 };
	reply->observation[0] = *first;
	if (second)
		reply->observation[1] = *second;
}

static struct watch *begun(struct bounds bounds, bool churn)
{
	struct watch *watch = watch_begin(t, target, bounds, churn, "watch()", "f.c", 3);

	said();
	return watch;
}

static void watch__slots_are_nested(void **state)
{
	struct watch *outer, *inner;

	observe(&(struct observation){ "w", true, EXACTLY(1) }, NULL);
	outer = watch_begin(t, target, EXACTLY(1), false, "outer()", "f.c", 3);
	assert_string_equal(said(),
			    "{\"step\":\"outer()\",\"file\":\"f.c\",\"line\":3}\n");
	inner = begun(EXACTLY(1), false);
	next_is(RESPONDER, &REQUEST(SIDE_WATCH_BEGIN, .target = 4, .argument = 0));
	next_is(RESPONDER, &REQUEST(SIDE_WATCH_BEGIN, .target = 4, .argument = 1));
	assert_null(watch_end(t, inner));
	said();
	assert_null(watch_end(t, outer));
	next_is(RESPONDER, &REQUEST(SIDE_WATCH_END, .target = 4, .argument = 1));
	next_is(RESPONDER, &REQUEST(SIDE_WATCH_END, .target = 4, .argument = 0));
	assert_non_null(
		strstr(said(), "{\"step\":\"outer()\",\"file\":\"f.c\",\"line\":3}\n"));
	assert_int_equal(t->watching, 0);
}

static void watch__more_than_there_are(void **state)
{
	for (unsigned int i = 0; i < WATCH_SLOTS; i++)
		begun(EXACTLY(1), false);
	fails(watch_begin(t, target, EXACTLY(1), false, "watch()", "f.c", 3),
	      "more than 6 ranges watched at once");
	assert_int_equal(script.asked, WATCH_SLOTS);
}

static void watch__a_side_that_fails(void **state)
{
	script.error[SIDE_WATCH_BEGIN] = EIO;
	fails(watch_begin(t, target, EXACTLY(1), false, "watch()", "f.c", 3),
	      "start the witnesses: Input/output error");
	script.error[SIDE_WATCH_BEGIN] = 0;
	script.error[SIDE_WATCH_END] = EIO;
	fails(watch_end(t, begun(EXACTLY(1), false)),
	      "read the witnesses: Input/output error");
}

/* The evidence, as docs/run.schema.json has it. */
static void evidence__is_reported(void **state)
{
	const struct observation counted = { .witness = "trace",
					     .available = true,
					     .pages = EXACTLY(2),
					     .along = 1,
					     .returned = 5,
					     .neighbours = 2,
					     .repeats = 3,
					     .events = 4,
					     .detail = "d",
					     .lines = 1,
					     .line = { "raw" } },
				 deaf = { .witness = "driver",
					  .pages = ANYTHING,
					  .detail = "no counter" };

	observe(&counted, &deaf);
	watch_end(t, begun(AT_LEAST(1), false));
	assert_string_equal(
		said(),
		"{\"step\":\"watch()\",\"file\":\"f.c\",\"line\":3}\n"
		"{\"watch\":{\"step\":\"watch()\",\"expected\":{\"min\":1,\"max\":null},"
		"\"judgement\":\"proven\",\"why\":\"trace: d\",\"proven_by\":[\"trace\"],"
		"\"counted\":true,"
		"\"observations\":[{\"witness\":\"trace\",\"available\":true,\"pages\":"
		"{\"min\":2,\"max\":2},\"along\":1,\"returned\":5,"
		"\"neighbours\":2,\"repeats\":3,\"events\":4,\"detail\":\"d\",\"lines\":["
		"\"raw\"]},"
		"{\"witness\":\"driver\",\"available\":false,\"pages\":{\"min\":0,"
		"\"max\":null},\"along\":0,\"returned\":0,"
		"\"neighbours\":0,\"repeats\":0,\"events\":0,\"detail\":\"no "
		"counter\",\"lines\":[]}]}}\n");
	assert_false(t->unproven);
}

static void evidence__that_counts_nothing_is_weak(void **state)
{
	const struct observation seen = { .witness = "residency",
					  .available = true,
					  .pages = AT_LEAST(1),
					  .detail = "d" };

	observe(&seen, NULL);
	watch_end(t, begun(EXACTLY(4), false));
	assert_non_null(strstr(said(),
			       "\"judgement\":\"proven\",\"why\":\"residency: d\","
			       "\"proven_by\":[\"residency\"],\"counted\":false"));
}

static void evidence__is_there_before_a_failure(void **state)
{
	const struct observation one = { .witness = "a",
					 .available = true,
					 .pages = EXACTLY(1),
					 .detail = "d" },
				 two = { .witness = "b",
					 .available = true,
					 .pages = EXACTLY(2),
					 .detail = "d" };
	const char *text;

	observe(&one, NULL);
	until_end(watch_end(t, begun(NONE, false)));
	text = said();
	assert_non_null(strstr(text, "\"judgement\":\"refuted\""));
	assert_non_null(strstr(text, "\"proven_by\":[]"));
	assert_non_null(strstr(text,
			       "{\"verdict\":\"FAIL\",\"why\":\"page faults: expected "
			       "none, a counted exactly 1 (d)\"}"));
	observe(&one, &two);
	fails(watch_end(t, begun(EXACTLY(1), false)),
	      "the witnesses contradict each other: a counted exactly 1, b counted "
	      "exactly 2");
}

static void unproven__where_no_witness_counts(void **state)
{
	observe(&(struct observation){ "w", false, ANYTHING }, NULL);
	assert_null(watch_end(t, begun(NONE, false)));
	assert_true(t->unproven);
	assert_string_equal(
		t->unproven_why,
		"page faults: expected none, no witness could count the faults");
	assert_non_null(strstr(said(), "\"proven_by\":[]"));
}

static struct observation churn(const char *name, bool available, bool saw, uint64_t n)
{
	return (struct observation){ .witness = name,
				     .available = available,
				     .pages = EXACTLY(1),
				     .saw_invalidations = saw,
				     .invalidations = n };
}

static void churn__needs_one_witness_of_it(void **state)
{
	const struct observation none = churn("none", true, true, 0),
				 blind = churn("blind", true, false, 9),
				 some = churn("some", true, true, 1),
				 other = churn("other", true, true, 0);

	observe(&none, &some);
	watch_end(t, begun(EXACTLY(1), true));
	observe(&blind, &some);
	watch_end(t, begun(EXACTLY(1), true));
	assert_false(t->unproven);
	said();
	observe(&none, &other);
	fails(watch_end(t, begun(EXACTLY(1), true)),
	      "invalidations: expected some, none counted none");
	observe(&blind, &none);
	fails(watch_end(t, begun(EXACTLY(1), true)),
	      "invalidations: expected some, none counted none");
	/* only where it was asked for */
	watch_end(t, begun(EXACTLY(1), false));
	assert_false(t->unproven);
}

static void churn__unproven_where_no_witness_counts(void **state)
{
	const struct observation seen = churn("seen", true, false, 1),
				 absent = churn("absent", false, true, 1);

	observe(&seen, &absent);
	watch_end(t, begun(EXACTLY(1), true));
	assert_true(t->unproven);
	assert_string_equal(t->unproven_why, "no witness can count invalidations");
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGET(watch__slots_are_nested),
	WITH_TARGET(watch__more_than_there_are),
	WITH_TARGET(watch__a_side_that_fails),
	WITH_TARGET(evidence__is_reported),
	WITH_TARGET(evidence__that_counts_nothing_is_weak),
	WITH_TARGET(evidence__is_there_before_a_failure),
	WITH_TARGET(unproven__where_no_witness_counts),
	WITH_TARGET(churn__needs_one_witness_of_it),
	WITH_TARGET(churn__unproven_where_no_witness_counts),
};

int main(void)
{
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
