// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * trace_pages.c - the pages that the device has: faulted in, repeated, returned, in doubt
 */
#include "traced.h"

static void gap__makes_the_count_a_lower_bound(void **state)
{
	struct trace_count seen;

	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(MAPPED("w-1", "1"));
	assert_int_equal(trace_stream_line(&stream, "CPU:1 [LOST 12 EVENTS]"), 0);
	take(MAP("w-1", "0x248000001000", "4096", "1"));
	take(MAPPED("w-1", "1"));
	seen = end();
	expect_pages(&seen, AT_LEAST(1));
	assert_int_equal(seen.perhaps, 1);
}

/* A page that comes after it was seen to go was absent. */
static void gap__ends_for_a_page_that_goes(void **state)
{
	struct trace_count seen;

	trace_stream_gap(&stream);
	take(UNMAP("0x248000000000", "0x248000001000"));
	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(MAPPED("w-1", "1"));
	seen = end();
	expect_pages(&seen, AT_LEAST(1));
}

static void snapshot__is_no_fault(void **state)
{
	struct trace_count seen = COUNT(MAP("odp_test-7", "0x248000000000", "65536", "0"),
					MAPPED("odp_test-7", "16"));

	assert_int_equal(seen.pages, 0);
	assert_int_equal(seen.snapshots, 1);
}

static void present__page_that_is_asked_for_again_is_a_repeat(void **state)
{
	struct trace_count seen;

	fault(PAGE_0);
	fault(PAGE_0);
	fault(PAGES_0_TO_3);
	seen = end();
	expect_pages(&seen, EXACTLY(4));
	assert_int_equal(seen.repeats, 2);
}

static void present__since_before_the_watch(void **state)
{
	struct trace_count seen;

	fault(PAGE_0);
	end();
	trace_stream_begin(&stream, &range);
	fault(PAGE_0);
	seen = end();
	expect_pages(&seen, NONE);
	assert_int_equal(seen.repeats, 1);
}

static void present__until_it_is_unmapped(void **state)
{
	struct trace_count seen;

	fault(PAGES_0_TO_3);
	take(UNMAP("0x248000000000", "0x248000001000"));
	fault(PAGES_0_TO_3);
	seen = end();
	expect_pages(&seen, EXACTLY(4));
	assert_int_equal(seen.returned, 1);
	assert_int_equal(seen.repeats, 3);
}

/* A page that may be read is absent to the device that is to write it. */
/* Its return cannot make another page of it. */
static void present__while_it_is_asked_for(void **state)
{
	struct trace_count seen;

	fault(PAGE_0);
	end();
	trace_stream_begin(&stream, &range);
	take(MAP("w-1", "0x248000000000", "4096", "1"));
	seen = end();
	expect_pages(&seen, NONE);
	trace_stream_begin(&stream, &range);
	take(MAP("w-2", "0x248000000000", "8192", "1"));
	seen = end();
	expect_pages(&seen, BETWEEN(0, 1));
}

/*
 * A fault that comes again while the page is there, and is overtaken by its invalidation,
 * brings it back: the next access needs none.
 */
static void present__until_it_is_unmapped_while_asked_for(void **state)
{
	struct trace_count seen;

	fault(PAGE_0);
	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(UNMAP("0x248000000000", "0x248000001000"));
	take(MAPPED("w-1", "1"));
	seen = end();
	expect_pages(&seen, EXACTLY(1));
	assert_int_equal(seen.returned, 1);
	assert_int_equal(seen.repeats, 0);
}

static void present__brought_back_before_the_watch(void **state)
{
	struct trace_count seen;

	fault(PAGE_0);
	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(UNMAP("0x248000000000", "0x248000001000"));
	end();
	trace_stream_begin(&stream, &range);
	take(MAPPED("w-1", "1"));
	seen = end();
	expect_pages(&seen, NONE);
	assert_int_equal(seen.returned, 1);
}

/* Nothing was watched when it came back: it came along with what was done before. */
static void present__brought_back_unwatched(void **state)
{
	struct trace_count seen;

	fault(PAGE_0);
	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(UNMAP("0x248000000000", "0x248000001000"));
	end();
	trace_stream_line(&stream, MAPPED("w-1", "1"));
	trace_stream_begin(&stream, &range);
	seen = end();
	expect_pages(&seen, NONE);
	assert_int_equal(seen.along, 1);
}

static void present__for_reading_alone(void **state)
{
	static const char *const writes[] = { "0x2", "0x4000000000000000" };

	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		char line[256];

		watch(&range);
		fault("  w-1 [001] ...2. 1.0: odp_map: " WHERE
		      " umem=0x1 va=0x248000000000 bytes=4096 mask=0x1 fault=1");
		snprintf(line, sizeof(line),
			 "  w-1 [001] ...2. 1.0: odp_map: " WHERE
			 " umem=0x1 va=0x248000000000 bytes=4096 mask=%s fault=1",
			 writes[i]);
		fault(line);
		assert_int_equal(end().returned, 1);
	}
}

/* A fault for reading takes no right away. */
static void present__for_writing_after_a_fault_for_reading(void **state)
{
	static const char read[] =
		"  w-1 [001] ...2. 1.0: odp_map: " WHERE
		" umem=0x1 va=0x248000000000 bytes=4096 mask=0x1 fault=1";
	static const char write[] =
		"  w-1 [001] ...2. 1.0: odp_map: " WHERE
		" umem=0x1 va=0x248000000000 bytes=4096 mask=0x2 fault=1";
	struct trace_count seen;

	fault(write);
	fault(read);
	fault(write);
	seen = end();
	assert_int_equal(seen.repeats, 2);
	expect_pages(&seen, EXACTLY(1));
}

/* Two regions over the same memory: each has its pages. */
static void present__in_another_region(void **state)
{
	struct trace_count seen;

	for (int umem = 1; umem <= 2; umem++) {
		char line[256];

		snprintf(line, sizeof(line),
			 "  w-1 [001] ...2. 1.0: odp_map: " WHERE
			 " umem=0xffff%d va=0x248000000000 bytes=4096 mask=0x1 fault=1",
			 umem);
		fault(line);
	}
	seen = end();
	assert_int_equal(seen.pages + seen.returned, 2);
}

/*
 * Once it may have been there, once it was absent: that one is certain, and none has
 * returned.
 */
static void gap__before_a_page_that_comes_twice(void **state)
{
	struct trace_count seen;

	trace_stream_gap(&stream);
	fault(PAGE_0);
	take(UNMAP("0x248000000000", "0x248000001000"));
	fault(PAGE_0);
	seen = end();
	assert_int_equal(seen.pages, 1);
	assert_int_equal(seen.perhaps, 0);
	assert_int_equal(seen.returned, 0);
}

#define OF_REGION(umem, text)                                                  \
	"  w-1 [001] ...2. 1.0: odp_" text " umem=" umem " va=0x248000000000 " \
	"bytes=4096 mask=0x1 fault=1 end=0x248000001000"

/* A page that one of two regions over the same memory loses */
static void present__in_the_other_region(void **state)
{
	struct trace_count seen;

	fault(OF_REGION("0x1", "map: " WHERE));
	fault(OF_REGION("0x2", "map: " WHERE));
	take(OF_REGION("0x1", "unmap: " WHERE));
	fault(OF_REGION("0x2", "map: " WHERE));
	fault(OF_REGION("0x1", "map: " WHERE));
	seen = end();
	assert_int_equal(seen.pages, 1);
	assert_int_equal(seen.returned, 2);
	assert_int_equal(seen.repeats, 1);
}

/* Which pages a registration has mapped, where the CPU had them, no event tells. */
static void snapshot__leaves_pages_in_doubt(void **state)
{
	struct trace_count seen;

	take(MAP("odp_test-7", "0x248000000000", "65536", "0"));
	take(MAPPED("odp_test-7", "16"));
	fault(PAGE_0);
	seen = end();
	expect_pages(&seen, BETWEEN(0, 1));
}

/* ... but for those that the CPU did not have: a snapshot cannot map them. */
static void snapshot__of_pages_that_the_cpu_does_not_have(void **state)
{
	struct trace_count seen;

	assert_int_equal(trace_stream_line(&stream,
					   ABSENT("0x248000000000", "0x248000001000")),
			 0);
	take(MAP("odp_test-7", "0x248000000000", "65536", "0"));
	take(MAPPED("odp_test-7", "16"));
	fault(PAGES_0_TO_3);
	seen = end();
	expect_pages(&seen, BETWEEN(1, 4));
}

/* A mark is about the next snapshot: one of a registration, one of a prefetch. */
static void snapshot__of_each_mark(void **state)
{
	struct trace_count seen;

	for (int i = 0; i < 2; i++) {
		trace_stream_line(&stream, ABSENT("0x248000000000", "0x248000001000"));
		take(MAP("odp_test-7", "0x248000000000", "65536", "0"));
		take(MAPPED("odp_test-7", "16"));
	}
	fault(PAGE_0);
	seen = end();
	expect_pages(&seen, EXACTLY(1));
}

/* The next snapshot may find pages that the CPU has had since. */
static void snapshot__after_that_one(void **state)
{
	struct trace_count seen;

	trace_stream_line(&stream, ABSENT("0x248000000000", "0x248000001000"));
	for (int i = 0; i < 2; i++) {
		take(MAP("odp_test-7", "0x248000000000", "65536", "0"));
		take(MAPPED("odp_test-7", "16"));
	}
	fault(PAGE_0);
	seen = end();
	expect_pages(&seen, BETWEEN(0, 1));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(gap__makes_the_count_a_lower_bound),
	TEST(gap__before_a_page_that_comes_twice),
	TEST(gap__ends_for_a_page_that_goes),
	TEST(snapshot__is_no_fault),
	TEST(present__page_that_is_asked_for_again_is_a_repeat),
	TEST(present__since_before_the_watch),
	TEST(present__until_it_is_unmapped),
	TEST(present__while_it_is_asked_for),
	TEST(present__until_it_is_unmapped_while_asked_for),
	TEST(present__brought_back_before_the_watch),
	TEST(present__brought_back_unwatched),
	TEST(present__for_reading_alone),
	TEST(present__for_writing_after_a_fault_for_reading),
	TEST(present__in_the_other_region),
	TEST(present__in_another_region),
	TEST(snapshot__leaves_pages_in_doubt),
	TEST(snapshot__of_pages_that_the_cpu_does_not_have),
	TEST(snapshot__after_that_one),
	TEST(snapshot__of_each_mark),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_pages", tests, NULL, NULL);
}
