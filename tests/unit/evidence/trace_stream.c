// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_stream.c - ranges that are watched, and what touches them */
#include "traced.h"

static void range__touched_in_part(void **state)
{
	static const struct {
		const char *va, *bytes;
		uint64_t pages;
	} cases[] = {
		{ "0x247fffffe000", "12288", 1 }, /* its first page */
		{ "0x24800000f000", "8192", 1 },  /* its last */
		{ "0x247ffff00000", "2097152", 16 },
		{ "0x248000000fff", "2", 2 }, /* across a border */
		{ "0x24800000ffff", "1", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char line[256];

		watch(&range);
		snprintf(line, sizeof(line),
			 "  w-1 [001] ...2. 1.0: odp_map: " WHERE
			 " va=%s bytes=%s mask=0x0 fault=1",
			 cases[i].va, cases[i].bytes);
		take(line);
		take(MAPPED("w-1", "9"));
		assert_int_equal(end().pages, cases[i].pages);
	}
}

static void range__translated_by_huge_pages(void **state)
{
	static const struct watched huge = { .addr = 0x248000200000,
					     .len = MiB(4),
					     .unit = MiB(2) };

	watch(&huge);
	take(MAP("kworker/u8:3-140", "0x248000210000", "16384", "1"));
	take(MAPPED("kworker/u8:3-140", "1"));
	assert_int_equal(end().pages, 512);
}

/* From its first address to its last, and for no page before or after them. */
static void range__next_to_huge_pages(void **state)
{
	static const struct watched huge = { .addr = 0x248000200000,
					     .len = MiB(2),
					     .unit = MiB(2) };
	static const struct {
		struct watched page;
		const char *call;
		uint64_t pages;
	} rows[] = {
		{ { .slot = 1, .addr = 0x2480001f0000, .len = KiB(64) },
		  MAP("w-1", "0x2480001ff000", "4096", "1"),
		  1 },
		{ { .slot = 1, .addr = 0x248000200000, .len = MiB(2) },
		  MAP("w-1", "0x248000200000", "4096", "1"),
		  512 },
		{ { .slot = 1, .addr = 0x248000200000, .len = MiB(2) },
		  MAP("w-1", "0x2480003ff000", "4096", "1"),
		  512 },
		{ { .slot = 1, .addr = 0x248000400000, .len = KiB(64) },
		  MAP("w-1", "0x248000400000", "4096", "1"),
		  1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		watch(&huge);
		trace_stream_begin(&stream, &rows[i].page);
		take(rows[i].call);
		take(MAPPED("w-1", "1"));
		assert_int_equal(trace_stream_end(&stream, 1)->pages, rows[i].pages);
	}
}

static struct watched huge_range(unsigned int i)
{
	return (struct watched){ .addr = 0x248000000000 + i * MiB(2),
				 .len = MiB(2),
				 .unit = MiB(2) };
}

/* How many pages one call for a page of the range maps */
static uint64_t pages_of(const struct watched *watched)
{
	char line[256];

	trace_stream_begin(&stream, watched);
	snprintf(line, sizeof(line),
		 "  w-1 [001] ...2. 1.0: odp_map: " WHERE
		 " va=0x%llx bytes=4096 mask=0x0 fault=1",
		 (unsigned long long)watched->addr);
	take(line);
	take(MAPPED("w-1", "1"));
	return end().pages;
}

/* A range takes one place, however often it is watched; one of small pages takes none. */
static void range__known_by_its_huge_pages(void **state)
{
	struct watched huge = huge_range(100);

	trace_stream_reset(&stream);
	for (unsigned int i = 0; i < TRACE_HUGE_UNITS; i++) {
		struct watched small = huge_range(i), same = huge_range(50);

		small.unit = PAGE_BYTES;
		trace_stream_begin(&stream, &small);
		trace_stream_begin(&stream, &same);
	}
	assert_int_equal(pages_of(&huge), 512);
}

static void range__more_than_places(void **state)
{
	trace_stream_reset(&stream);
	for (unsigned int i = 0; i <= TRACE_HUGE_UNITS; i++) {
		struct watched huge = huge_range(i);

		assert_int_equal(pages_of(&huge), i < TRACE_HUGE_UNITS ? 512 : 1);
	}
}

static void range__not_touched(void **state)
{
	ignores(MAP("w-1", "0x247fffffe000", "8192", "1"));
	ignores(MAP("w-1", "0x248000010000", "4096", "1"));
	ignores(MAP("w-1", "0x0", "4096", "1"));
	ignores(MAP("w-1", "0x248000000000", "0", "1"));
	ignores("  w-1 [0] ...1. 1.0: odp_unmap: (x) va=0x248000010000 "
		"end=0x248000011000");
	ignores("  w-1 [0] ..... 1.0: dax_pte_fault_done: dev 259:0 ino 0xd shared "
		"WRITE|REMOTE address 0x248000010000 pgoff 0x0 NOPAGE");
}

/* What ends where the range begins, or does not say how long it is. */
static void range__just_missed(void **state)
{
	ignores("  w-1 [0] ...1. 1.0: odp_unmap: (x) va=0x247ffff00000 "
		"end=0x248000000000");
	ignores("  w-1 [0] ..... 1.0: dax_pte_fault_done: dev 259:0 ino 0xd shared "
		"WRITE|REMOTE address 0x247fffffffff pgoff 0x0 NOPAGE");
	ignores("  w-1 [0] ...2. 1.0: odp_map: (x) va=0x248000000000 fault=1");
}

static void invalidation__counted(void **state)
{
	struct trace_count seen = COUNT(
		"kworker/u8:2-39      [000] ...1.    14.508446: odp_unmap: "
		"(ib_umem_odp_unmap_dma_pages+0x4/0x130 [ib_core]) va=0x248000000000 "
		"end=0x248000001000",
		"odp_test-7           [000] ...1.    14.508447: odp_unmap: "
		"(ib_umem_odp_unmap_dma_pages+0x4/0x130 [ib_core]) va=0x24800000f000 "
		"end=0x248000020000");
	char text[128];

	assert_int_equal(seen.invalidations, 2);
	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(text, "0 pages faulted in, 2 invalidations");
}

static void dax__remote_only(void **state)
{
	struct trace_count seen = COUNT(
		"kworker/u8:3-140     [001] .....    12.846315: dax_pte_fault_done: dev "
		"259:0 "
		"ino 0xd shared WRITE|ALLOW_RETRY|KILLABLE|REMOTE address 0x248000000000 "
		"pgoff 0x0 MAJOR|NEEDDSYNC",
		"kworker/u8:3-140     [001] .....    12.836620: dax_pmd_fault_done: dev "
		"259:0 "
		"ino 0xd shared WRITE|ALLOW_RETRY|KILLABLE|REMOTE address 0x248000001000 "
		"vm_start 0x248000000000 vm_end 0x248000010000 pgoff 0x0 max_pgoff 0xf "
		"FALLBACK");

	assert_int_equal(seen.remote_dax, 2);
	ignores("  odp_test-7 [001] ..... 1.0: dax_pte_fault_done: dev 259:0 ino 0xd "
		"shared "
		"WRITE|ALLOW_RETRY|KILLABLE|USER address 0x248000000000 pgoff 0x0 "
		"NOPAGE");
}

/* Several slots: each counts its own range. */
static void watches__of_two_ranges(void **state)
{
	static const struct watched other = { .slot = 1,
					      .addr = 0x248000001000,
					      .len = KiB(4) };

	trace_stream_begin(&stream, &other);
	assert_int_equal(trace_stream_line(&stream, PAGES_0_TO_3), 3);
	assert_int_equal(trace_stream_line(&stream, MAPPED("w-1", "1")), 3);
	assert_int_equal(trace_stream_line(&stream, PAGE_0), 1);
	assert_int_equal(trace_stream_end(&stream, 1)->pages, 1);
	assert_int_equal(end().pages, 4);
}

/* What happens outside a range is none of its events. */
static void watches__have_events_of_their_own(void **state)
{
	static const struct watched other = { .slot = 1,
					      .addr = 0x248000001000,
					      .len = KiB(4) };
	const struct trace_count *seen;

	trace_stream_begin(&stream, &other);
	fault(PAGE_0);
	take(PAGE_0);
	take(MAPPED("w-1", "-14"));
	take(MAP("odp_test-7", "0x248000000000", "4096", "0"));
	take(MAPPED("odp_test-7", "1"));
	seen = trace_stream_end(&stream, 1);
	assert_int_equal(seen->events, 0);
	assert_int_equal(seen->refused, 0);
	assert_int_equal(seen->snapshots, 0);
	seen = trace_stream_end(&stream, 0);
	assert_int_equal(seen->events, 1);
	assert_int_equal(seen->refused, 1);
	assert_int_equal(seen->snapshots, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(range__touched_in_part),
	TEST(range__translated_by_huge_pages),
	TEST(range__next_to_huge_pages),
	TEST(range__not_touched),
	TEST(range__just_missed),
	TEST(invalidation__counted),
	TEST(range__known_by_its_huge_pages),
	TEST(range__more_than_places),
	TEST(watches__have_events_of_their_own),
	TEST(dax__remote_only),
	TEST(watches__of_two_ranges),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_stream", tests, NULL, NULL);
}
