// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_stream.c - the kernel's trace, line by line, as several kernels write it */
#include "evidence/trace_stream.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

/* 16 pages */
static const struct watched range = { .addr = 0x248000000000, .len = KiB(64) };

#define WHERE "(ib_umem_odp_map_dma_and_lock+0x4/0x360 [ib_core])"
#define MAP(comm, va, bytes, fault)                                                      \
	"  " comm " [001] ...2.    12.835082: odp_map: " WHERE " va=" va " bytes=" bytes \
	" mask=0x4000000000000000 fault=" fault
#define MAPPED(comm, ret)                                                    \
	"  " comm " [001] ...1.    13.220066: "                              \
	"odp_mapped: (rxe_odp_map_range_and_lock+0x10f/0x1d0 [rdma_rxe] <- " \
	"ib_umem_odp_map_dma_and_lock) ret=" ret

#define UNMAP(from, end)                      \
	"  w-3 [000] ...1. 14.5: odp_unmap: " \
	"(ib_umem_odp_unmap_dma_pages+0x4/0x130 [ib_core]) va=" from " end=" end

#define ABSENT(from, end)                                                          \
	"  odp_test-7 [001] ..... 1.0: tracing_mark_write: odplab-absent va=" from \
	" end=" end

static struct trace_stream stream;

static int setup(void **state)
{
	trace_stream_begin(&stream, &range);
	return 0;
}

static int teardown(void **state)
{
	trace_stream_reset(&stream);
	return 0;
}

/* Watches @watched anew, of which nothing is known. */
static void watch(const struct watched *watched)
{
	trace_stream_reset(&stream);
	trace_stream_begin(&stream, watched);
}

/* The line must be about the range. */
static void take(const char *line)
{
	if (!trace_stream_line(&stream, line))
		fail_msg("ignored: %s", line);
}

static struct trace_count end(void)
{
	return *trace_stream_end(&stream, 0);
}

static struct trace_count count(const char *const *lines, size_t n)
{
	watch(&range);
	for (size_t i = 0; i < n; i++)
		take(lines[i]);
	return end();
}

#define COUNT(...)                                  \
	count((const char *const[]){ __VA_ARGS__ }, \
	      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void ignores(const char *line)
{
	struct trace_count seen;

	watch(&range);
	if (trace_stream_line(&stream, line))
		fail_msg("took: %s", line);
	seen = end();
	assert_memory_equal(&seen, &(struct trace_count){ .range = range }, sizeof(seen));
}

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

/* As Linux 7.3, 6.12 and 5.15 write the head of a line. */
static void forms__of_several_kernels(void **state)
{
	static const char *const heads[] = {
		"kworker/u8:3-140     [001] ...2.    12.835082: ",
		"   kworker/u8:3-140     [001] d..1.    12.835082: ",
		"           <...>-140   [011] d.h1   100.000001: ",
		"     kworker/140-140     [001] .....    12.835082: ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		struct trace_count seen;
		char line[256];

		watch(&range);
		snprintf(line, sizeof(line),
			 "%sodp_map: " WHERE " va=0x248000000000 bytes=8192 mask=0x0 "
			 "fault=1",
			 heads[i]);
		take(line);
		snprintf(line, sizeof(line),
			 "%sodp_mapped: (mlx5_ib_page_fault+0x1/0x2 [mlx5_ib] <- "
			 "ib_umem_odp_map_dma_and_lock) ret=2",
			 heads[i]);
		take(line);
		seen = end();
		assert_int_equal(seen.pages, 2);
		assert_int_equal(seen.pending, 0);
	}
}

/* A process may be called what it likes. */
static void forms__hostile_names(void **state)
{
	static const char *const names[] = {
		"my prog", "a-b-c", "-1", "x: y", "[b-7", "a [b-7 c", "[0x]", "odp_map: x"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char line[256];

		watch(&range);
		snprintf(line, sizeof(line),
			 "  %s-33 [001] ...2. 1.0: odp_map: " WHERE
			 " va=0x248000000000 bytes=4096 mask=0x0 fault=1",
			 names[i]);
		take(line);
		take(MAPPED("other-33", "1"));
		assert_int_equal(end().pages, 1);
	}
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

static void expect_pages(const struct trace_count *seen, struct bounds expected)
{
	struct bounds pages = trace_count_pages(seen);

	assert_int_equal(pages.min, expected.min);
	assert_int_equal(pages.max, expected.max);
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

/* The task of a call that has returned is about something else from then on. */
static void tasks__after_the_return(void **state)
{
	take(MAP("w-1", "0x248000000000", "4096", "1"));
	take(MAPPED("w-1", "0"));
	assert_int_equal(
		trace_stream_line(&stream,
				  "  w-1 [000] ...1. 1.0: hmm_fault: (a <- b) ret=0"),
		0);
	assert_int_equal(end().pages, 1); /* only a negative value is a failure */
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

static void snapshot__is_no_fault(void **state)
{
	struct trace_count seen = COUNT(MAP("odp_test-7", "0x248000000000", "65536", "0"),
					MAPPED("odp_test-7", "16"));

	assert_int_equal(seen.pages, 0);
	assert_int_equal(seen.snapshots, 1);
}

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

static void lines__that_are_none(void **state)
{
	ignores("");
	ignores("# tracer: nop");
	ignores("#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION");
	ignores("CPU:1 LOST 12 EVENTS");
	ignores("  odp_test-7 [001] ..... 1.0: tracing_mark_write: odplab-watch-1");
	ignores("  odp_test-7 [001] ..... 1.0: odp_map");
	ignores("  odp_test-7 [001]");
	ignores("odp_map: va=0x248000000000 bytes=4096 fault=1");
	ignores("  w-1 [001] ...2. 1.0: odp_mapped: (a <- b) nothing");
	ignores("  w-1 [001] ...2. 1.0: odp_map_other: " WHERE
		" va=0x248000000000 bytes=4096 mask=0x0 fault=1");
}

#define FIELDS " [001] ...2. 1.0: odp_map: " WHERE " va=0x248000000000 bytes=4096 fault=1"

static void lines__that_look_like_an_event(void **state)
{
	COUNT("w-1" FIELDS);	   /* this is one */
	ignores("# w-1" FIELDS);   /* a comment */
	ignores("w1" FIELDS);	   /* no task */
	ignores(&"-w1" FIELDS[1]); /* nor is one found before the line */
}

static void fault(const char *map)
{
	take(map);
	take(MAPPED("w-1", "1"));
}

#define PAGE_0	     MAP("w-1", "0x248000000000", "4096", "1")
#define PAGE_1	     MAP("w-1", "0x248000001000", "4096", "1")
#define PAGES_0_TO_3 MAP("w-1", "0x248000000000", "16384", "1")

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

	trace_stream_line(&stream, ABSENT("0x248000000000", "0x248000001000"));
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

static void named__pages_count_and_others_are_neighbours(void **state)
{
	struct trace_count seen;

	trace_count_name(&stream.count[0], 0x248000001008, 0x248000001010);
	fault(PAGES_0_TO_3);
	seen = end();
	expect_pages(&seen, EXACTLY(1));
	assert_int_equal(seen.neighbours, 3);
}

/* A neighbour needs no fault of its own any more: one is owed to the statement that names it. */
static void named__page_that_was_taken_along(void **state)
{
	struct trace_count seen;

	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000);
	fault(PAGES_0_TO_3);
	end();
	for (int again = 0; again < 2; again++) {
		trace_stream_begin(&stream, &range);
		trace_count_name(&stream.count[0], 0x248000001000, 0x248000003000);
		seen = end();
		expect_pages(&seen, NONE);
		assert_int_equal(seen.along, again ? 0 : 1);
	}
}

/* What was taken along and has gone since must be faulted in. */
static void named__page_that_was_taken_along_and_is_gone(void **state)
{
	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000);
	fault(PAGES_0_TO_3);
	end();
	trace_stream_line(&stream, UNMAP("0x248000000000", "0x248000001000"));
	trace_stream_begin(&stream, &range);
	trace_count_name(&stream.count[0], 0x248000000000, 0x248000001000);
	assert_int_equal(end().along, 0);
}

static void named__page_that_no_watch_saw_come(void **state)
{
	trace_stream_reset(&stream);
	trace_stream_line(&stream, PAGE_1);
	trace_stream_line(&stream, MAPPED("w-1", "1"));
	trace_stream_begin(&stream, &range);
	trace_count_name(&stream.count[0], 0x248000001000, 0x248000002000);
	assert_int_equal(end().along, 1);
}

static void named__in_more_places_than_are_kept(void **state)
{
	for (uint64_t i = 0; i <= TRACE_NAMES; i++)
		trace_count_name(&stream.count[0], 0x248000000000 + i % 2 * KiB(32),
				 0x248000000001 + i % 2 * KiB(32));
	fault(PAGES_0_TO_3);
	expect_pages(&(struct trace_count){ .pages = 4 }, EXACTLY(4));
	assert_int_equal(end().pages, 4);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(fault__counts_pages_on_return),
	TEST(forms__of_several_kernels),
	TEST(forms__hostile_names),
	TEST(tasks__interleaved),
	TEST(tasks__another_call_returns),
	TEST(tasks__as_many_calls_as_places),
	TEST(tasks__more_calls_than_places),
	TEST(tasks__that_do_not_return),
	TEST(gap__makes_the_count_a_lower_bound),
	TEST(gap__ends_for_a_page_that_goes),
	TEST(tasks__after_the_return),
	TEST(tasks__next_call_of_one),
	TEST(refusal__keeps_the_error),
	TEST(snapshot__is_no_fault),
	TEST(range__touched_in_part),
	TEST(range__translated_by_huge_pages),
	TEST(range__not_touched),
	TEST(range__just_missed),
	TEST(invalidation__counted),
	TEST(dax__remote_only),
	TEST(lines__that_are_none),
	TEST(lines__that_look_like_an_event),
	TEST(present__page_that_is_asked_for_again_is_a_repeat),
	TEST(present__since_before_the_watch),
	TEST(present__until_it_is_unmapped),
	TEST(present__for_reading_alone),
	TEST(present__in_another_region),
	TEST(snapshot__leaves_pages_in_doubt),
	TEST(snapshot__of_pages_that_the_cpu_does_not_have),
	TEST(snapshot__after_that_one),
	TEST(snapshot__of_each_mark),
	TEST(named__pages_count_and_others_are_neighbours),
	TEST(named__page_that_was_taken_along),
	TEST(named__page_that_was_taken_along_and_is_gone),
	TEST(named__page_that_no_watch_saw_come),
	TEST(named__in_more_places_than_are_kept),
	TEST(watches__of_two_ranges),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_stream", tests, NULL, NULL);
}
