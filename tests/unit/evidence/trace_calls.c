// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * trace_calls.c - calls of all tasks: they return, are refused, or are still in progress
 */
#include "traced.h"

#include <errno.h>

static void fault__counts_pages_on_return(void **state)
{
	struct trace_count seen;

	seen = COUNT(MAP("kworker/u8:3-140", "0x248000000000", "4096", "1"));
	assert_int_equal(seen.pages, 0);
	seen = COUNT(MAP("kworker/u8:3-140", "0x248000000000", "4096", "1"),
		     MAPPED("kworker/u8:3-140", "1"));
	assert_int_equal(seen.pages, 1);
	assert_int_equal(seen.pending, 0);
	seen = COUNT(MAP("odp_test-7", "0x248000001000", "16384", "1"),
		     MAPPED("odp_test-7", "4"));
	assert_int_equal(seen.pages, 4);
}

static void tasks__interleaved(void **state)
{
	struct trace_count seen =
		COUNT(MAP("kworker/u8:0-12", "0x248000000000", "4096", "1"),
		      MAP("kworker/u8:1-29", "0x248000001000", "8192", "1"),
		      MAP("kworker/u8:2-39", "0x248000004000", "4096", "1"),
		      MAPPED("kworker/u8:1-29", "2"), MAPPED("kworker/u8:0-12", "-14"));

	assert_int_equal(seen.pages, 2);
	assert_int_equal(seen.refused, 1);
	assert_int_equal(seen.pending, 1);
}

/* The return of a call that was not about the range is not about it either. */
static void tasks__another_call_returns(void **state)
{
	static const char *const others[] = {
		MAP("kworker/u8:1-29", "0x300000000000", "4096", "1"),
		"  kworker/u8:1-29 [000] ...1. 1.0: hmm_fault: (a <- b) ret=0",
		MAPPED("kworker/u8:1-29", "1"),
	};
	struct trace_count seen;

	take(MAP("kworker/u8:0-12", "0x248000000000", "4096", "1"));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(trace_stream_line(&stream, others[i]), 0);
	take("  kworker/u8:0-12 [000] ...1. 1.0: hmm_fault: (a <- b) ret=0");
	seen = end();
	assert_int_equal(seen.pages, 0);
	assert_int_equal(seen.pending, 1);
}

static void enter_calls(int n)
{
	char line[256];

	for (int task = 1; task <= n; task++) {
		snprintf(line, sizeof(line),
			 "  w-%d [001] ...2. 1.0: odp_map: " WHERE
			 " umem=0x%x va=0x24800000%x000 bytes=4096 mask=0x0 fault=1",
			 task, task, task % 16);
		take(line);
	}
}

static void return_calls(int n)
{
	char line[256];

	for (int task = 1; task <= n; task++) {
		snprintf(line, sizeof(line),
			 "  w-%d [001] ...1. 2.0: odp_mapped: (a <- b) ret=1", task);
		trace_stream_line(&stream, line);
	}
}

static void tasks__as_many_calls_as_places(void **state)
{
	struct trace_count seen;

	enter_calls(TRACE_CALLS);
	return_calls(TRACE_CALLS);
	seen = end();
	assert_false(seen.lost);
	expect_pages(&seen, EXACTLY(16));
	assert_int_equal(seen.returned, TRACE_CALLS - 16);
}

static void tasks__more_calls_than_places(void **state)
{
	struct trace_count seen;

	enter_calls(TRACE_CALLS + 6);
	return_calls(TRACE_CALLS + 6);
	seen = end();
	assert_true(seen.lost);
	/* what was there before the calls that were lost is not known */
	expect_pages(&seen, AT_LEAST(0));
	assert_int_equal(seen.pages, 16);
}

/* A fault whose return is not in the trace may have mapped its pages. */
static void tasks__that_do_not_return(void **state)
{
	struct trace_count seen = COUNT(MAP("w-1", "0x248000000000", "4096", "1"),
					MAPPED("w-1", "1"),
					MAP("w-2", "0x248000001000", "8192", "1"),
					MAP("w-3", "0x248000000000", "65536", "0"));
	char text[128];

	expect_pages(&seen, BETWEEN(1, 3));
	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(text,
			    "1 pages faulted in, 2 pages of faults still in progress");
}

/* The task of a call that has returned is about something else from then on. */
static void tasks__after_the_return(void **state)
{
	struct trace_count seen;

	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(MAPPED("w-1", "0"));
	assert_int_equal(
		trace_stream_line(&stream,
				  "  w-1 [000] ...1. 1.0: hmm_fault: (a <- b) ret=0"),
		0);
	assert_int_equal(trace_stream_line(&stream, MAPPED("w-1", "1")), 0);
	seen = end();
	assert_int_equal(seen.pages, 1);
	assert_int_equal(seen.events, 1);
	assert_int_equal(seen.refused, 0); /* only a negative value is a failure */
}

/* The return of its last call is missing: it may have mapped the page. */
static void tasks__next_call_of_one(void **state)
{
	struct trace_count seen;

	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(MAP("w-1", "0x248000001000", "4096", "1"));
	take(MAPPED("w-1", "1"));
	take(MAP("w-2", "0x248000000000", "4096", "1"));
	take(MAPPED("w-2", "1"));
	seen = end();
	expect_pages(&seen, BETWEEN(1, 2));
}

static void refusal__keeps_the_error(void **state)
{
	struct trace_count seen =
		COUNT(MAP("w-1", "0x248000000000", "4096", "1"), MAPPED("w-1", "-14"));
	char text[128];

	assert_int_equal(seen.pages, 0);
	assert_int_equal(seen.refused, 1);
	assert_int_equal(seen.refusal, EFAULT);
	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(text, "0 pages faulted in, 1 faults refused (Bad address)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(fault__counts_pages_on_return), TEST(tasks__interleaved),
	TEST(tasks__another_call_returns),   TEST(tasks__as_many_calls_as_places),
	TEST(tasks__more_calls_than_places), TEST(tasks__that_do_not_return),
	TEST(tasks__after_the_return),	     TEST(tasks__next_call_of_one),
	TEST(refusal__keeps_the_error),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_calls", tests, NULL, NULL);
}
