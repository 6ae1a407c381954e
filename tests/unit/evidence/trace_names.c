// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_names.c - pages that are named, and those that were taken along */
#include "traced.h"

static void named__pages_count_and_others_are_neighbours(void **state)
{
	struct trace_count seen;

	trace_count_name(&stream.count[0], 0x248000001008, 0x248000001010, true);
	fault(PAGES_0_TO_3);
	seen = end();
	expect_pages(&seen, EXACTLY(1));
	assert_int_equal(seen.neighbours, 3);
}

/*
 * A neighbour needs no fault of its own any more: one is owed to the statement that names
 * it.
 */
static void named__page_that_was_taken_along(void **state)
{
	struct trace_count seen;

	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000, true);
	fault(PAGES_0_TO_3);
	end();
	for (int again = 0; again < 2; again++) {
		trace_stream_begin(&stream, &range);
		trace_count_name(&stream.count[0], 0x248000001000, 0x248000003000, true);
		seen = end();
		expect_pages(&seen, NONE);
		assert_int_equal(seen.along, again ? 0 : 1);
	}
}

static void named__page_that_was_taken_along_and_asked_for_again(void **state)
{
	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000, true);
	fault(PAGES_0_TO_3);
	end();
	trace_stream_begin(&stream, &range);
	fault(PAGE_0);
	trace_count_name(&stream.count[0], 0x248000000000, 0x248000001000, true);
	assert_int_equal(end().along, 1);
}

/* In whatever order they came: a page before the named one, and one after it */
static void named__between_neighbours(void **state)
{
	struct trace_count seen;

	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000, true);
	fault(MAP("w-1", "0x248000003000", "4096", "1"));
	fault(PAGE_1);
	fault(PAGE_0);
	seen = end();
	expect_pages(&seen, EXACTLY(1));
	assert_int_equal(seen.neighbours, 2);
	for (int again = 0; again < 2; again++) {
		trace_stream_begin(&stream, &range);
		assert_int_equal(end().along, again ? 0 : 2);
	}
}

/* What was taken along and has gone since must be faulted in. */
static void named__page_that_was_taken_along_and_is_gone(void **state)
{
	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000, true);
	fault(PAGES_0_TO_3);
	end();
	trace_stream_line(&stream, UNMAP("0x248000000000", "0x248000001000"));
	trace_stream_begin(&stream, &range);
	trace_count_name(&stream.count[0], 0x248000000000, 0x248000001000, true);
	assert_int_equal(end().along, 0);
}

#define READ_0_TO_3                                                                \
	"  w-1 [001] ...2. 12.8: odp_map: " WHERE " va=0x248000000000 bytes=16384" \
	" mask=0x0 fault=1"

/* The device has the pages, to read: only a write must fault. */
static void named__page_that_becomes_writable(void **state)
{
	for (int writes = 0; writes < 2; writes++) {
		struct trace_count seen;

		watch(&range);
		fault(READ_0_TO_3);
		end();
		trace_stream_begin(&stream, &range);
		trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000,
				 writes);
		fault(PAGES_0_TO_3);
		seen = end();
		expect_pages(&seen, EXACTLY(writes));
		assert_int_equal(seen.along, 0);
		assert_int_equal(seen.neighbours, 3);
		assert_int_equal(seen.repeats, !writes);
	}
}

/* The right to write that came along is owed to a write, and not to a read. */
static void named__page_that_became_writable_along(void **state)
{
	struct trace_count seen;

	fault(READ_0_TO_3);
	end();
	trace_stream_begin(&stream, &range);
	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000, true);
	fault(PAGES_0_TO_3);
	end();
	for (int round = 0; round < 3; round++) {
		trace_stream_begin(&stream, &range);
		trace_count_name(&stream.count[0], 0x248000000000, 0x248000001000,
				 round > 0);
		seen = end();
		expect_pages(&seen, NONE);
		assert_int_equal(seen.along, round == 1);
	}
}

/*
 * To make a page writable, its handler takes it away first: the device had it when it
 * asked.
 */
static void named__page_that_goes_while_it_becomes_writable(void **state)
{
	static const char *const gone = UNMAP("0x248000000000", "0x248000004000");

	for (int writes = 0; writes < 2; writes++) {
		struct trace_count seen;

		watch(&range);
		fault(READ_0_TO_3);
		end();
		trace_stream_begin(&stream, &range);
		trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000,
				 writes);
		trace_stream_line(&stream, PAGE_1);
		trace_stream_line(&stream, gone);
		trace_stream_line(&stream, MAPPED("w-1", "1"));
		seen = end();
		expect_pages(&seen, EXACTLY(writes));
		/* and only then: gone before, it is absent */
		trace_stream_begin(&stream, &range);
		trace_stream_line(&stream, gone);
		trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000,
				 writes);
		fault(PAGE_1);
		seen = end();
		expect_pages(&seen, EXACTLY(1));
	}
}

/* A call that fails has brought nothing: the page is absent to the next one. */
static void named__page_that_goes_while_a_fault_fails(void **state)
{
	struct trace_count seen;

	fault(PAGE_1);
	end();
	trace_stream_begin(&stream, &range);
	trace_stream_line(&stream, PAGE_1);
	trace_stream_line(&stream, UNMAP("0x248000000000", "0x248000004000"));
	trace_stream_line(&stream, MAPPED("w-1", "-14"));
	fault(PAGE_1);
	seen = end();
	expect_pages(&seen, EXACTLY(1));
}

static void named__page_read_and_then_written(void **state)
{
	struct trace_count seen;

	trace_count_name(&stream.count[0], 0x248000000000, 0x248000001000, false);
	trace_count_name(&stream.count[0], 0x248000000000, 0x248000001000, true);
	assert_int_equal(stream.count[0].names, 2);
	fault(READ_0_TO_3);
	fault(PAGES_0_TO_3);
	seen = end();
	expect_pages(&seen, EXACTLY(1));
	assert_int_equal(seen.returned, 1);
}

static void named__page_that_no_watch_saw_come(void **state)
{
	trace_stream_reset(&stream);
	trace_stream_line(&stream, PAGE_1);
	trace_stream_line(&stream, MAPPED("w-1", "1"));
	trace_stream_begin(&stream, &range);
	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000, true);
	assert_int_equal(end().along, 1);
}

static void named__in_more_places_than_are_kept(void **state)
{
	for (uint64_t i = 0; i <= TRACE_NAMES; i++)
		trace_count_name(&stream.count[0], 0x248000000000 + i % 2 * KiB(32),
				 0x248000000001 + i % 2 * KiB(32), true);
	fault(PAGES_0_TO_3);
	expect_pages(&(struct trace_count){ .pages = 4 }, EXACTLY(4));
	assert_int_equal(end().pages, 4);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(named__pages_count_and_others_are_neighbours),
	TEST(named__between_neighbours),
	TEST(named__page_that_was_taken_along),
	TEST(named__page_that_was_taken_along_and_asked_for_again),
	TEST(named__page_that_was_taken_along_and_is_gone),
	TEST(named__page_that_becomes_writable),
	TEST(named__page_that_became_writable_along),
	TEST(named__page_that_goes_while_it_becomes_writable),
	TEST(named__page_that_goes_while_a_fault_fails),
	TEST(named__page_read_and_then_written),
	TEST(named__page_that_no_watch_saw_come),
	TEST(named__in_more_places_than_are_kept),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_names", tests, NULL, NULL);
}
