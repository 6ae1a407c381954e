// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_count.c - the kernel's trace, line by line, as several kernels write it */
#include "evidence/trace_count.h"

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

/* Each line must be about the range. */
static struct trace_count count(const char *const *lines, size_t n)
{
	struct trace_count seen = { 0 };

	for (size_t i = 0; i < n; i++)
		if (!trace_count_line(&seen, &range, lines[i]))
			fail_msg("ignored: %s", lines[i]);
	return seen;
}

#define COUNT(...)                                  \
	count((const char *const[]){ __VA_ARGS__ }, \
	      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void ignores(const char *line)
{
	struct trace_count seen = { 0 };

	if (trace_count_line(&seen, &range, line))
		fail_msg("took: %s", line);
	assert_memory_equal(&seen, &(struct trace_count){ 0 }, sizeof(seen));
}

static void fault__counts_pages_on_return(void **state)
{
	struct trace_count seen;

	seen = COUNT(MAP("kworker/u8:3-140", "0x248000000000", "4096", "1"));
	assert_int_equal(seen.faulted, 0);
	seen = COUNT(MAP("kworker/u8:3-140", "0x248000000000", "4096", "1"),
		     MAPPED("kworker/u8:3-140", "1"));
	assert_int_equal(seen.faulted, 1);
	assert_int_equal(seen.pending, 0);
	seen = COUNT(MAP("odp_test-7", "0x248000001000", "16384", "1"),
		     MAPPED("odp_test-7", "4"));
	assert_int_equal(seen.faulted, 4);
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
		struct trace_count seen = { 0 };
		char line[256];

		snprintf(line, sizeof(line),
			 "%sodp_map: " WHERE " va=0x248000000000 bytes=8192 mask=0x0 "
			 "fault=1",
			 heads[i]);
		assert_true(trace_count_line(&seen, &range, line));
		snprintf(line, sizeof(line),
			 "%sodp_mapped: (mlx5_ib_page_fault+0x1/0x2 [mlx5_ib] <- "
			 "ib_umem_odp_map_dma_and_lock) ret=2",
			 heads[i]);
		assert_true(trace_count_line(&seen, &range, line));
		assert_int_equal(seen.faulted, 2);
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
		struct trace_count seen = { 0 };
		char line[256];

		snprintf(line, sizeof(line),
			 "  %s-33 [001] ...2. 1.0: odp_map: " WHERE
			 " va=0x248000000000 bytes=4096 mask=0x0 fault=1",
			 names[i]);
		assert_true(trace_count_line(&seen, &range, line));
		assert_true(trace_count_line(&seen, &range, MAPPED("other-33", "1")));
		assert_int_equal(seen.faulted, 1);
	}
}

static void tasks__interleaved(void **state)
{
	struct trace_count seen =
		COUNT(MAP("kworker/u8:0-12", "0x248000000000", "4096", "1"),
		      MAP("kworker/u8:1-29", "0x248000001000", "8192", "1"),
		      MAP("kworker/u8:2-39", "0x248000004000", "4096", "1"),
		      MAPPED("kworker/u8:1-29", "2"), MAPPED("kworker/u8:0-12", "-14"));

	assert_int_equal(seen.faulted, 2);
	assert_int_equal(seen.refused, 1);
	assert_int_equal(seen.pending, 1);
}

/* The return of a call that was not about the range is not about it either. */
static void tasks__another_call_returns(void **state)
{
	struct trace_count seen = { 0 };

	assert_true(trace_count_line(
		&seen, &range, MAP("kworker/u8:0-12", "0x248000000000", "4096", "1")));
	assert_false(trace_count_line(
		&seen, &range, MAP("kworker/u8:1-29", "0x300000000000", "4096", "1")));
	assert_false(
		trace_count_line(&seen, &range,
				 "  kworker/u8:1-29 [000] ...1. 1.0: hmm_fault: (a <- b) "
				 "ret=0"));
	assert_false(trace_count_line(&seen, &range, MAPPED("kworker/u8:1-29", "1")));
	assert_true(
		trace_count_line(&seen, &range,
				 "  kworker/u8:0-12 [000] ...1. 1.0: hmm_fault: (a <- b) "
				 "ret=0"));
	assert_int_equal(seen.faulted, 0);
	assert_int_equal(seen.pending, 1);
}

static void enter_calls(struct trace_count *seen, int n)
{
	char line[256];

	for (int task = 1; task <= n; task++) {
		snprintf(line, sizeof(line),
			 "  w-%d [001] ...2. 1.0: odp_map: " WHERE
			 " va=0x248000000000 bytes=4096 mask=0x0 fault=1",
			 task);
		assert_true(trace_count_line(seen, &range, line));
	}
}

static void return_calls(struct trace_count *seen, int n)
{
	char line[256];

	for (int task = 1; task <= n; task++) {
		snprintf(line, sizeof(line),
			 "  w-%d [001] ...1. 2.0: odp_mapped: (a <- b) ret=1", task);
		trace_count_line(seen, &range, line);
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
	struct trace_count seen = { 0 };

	enter_calls(&seen, TRACE_COUNT_CALLS);
	return_calls(&seen, TRACE_COUNT_CALLS);
	assert_false(seen.lost);
	expect_pages(&seen, EXACTLY(TRACE_COUNT_CALLS));
}

static void tasks__more_calls_than_places(void **state)
{
	struct trace_count seen = { 0 };
	char text[128];

	enter_calls(&seen, TRACE_COUNT_CALLS + 6);
	return_calls(&seen, TRACE_COUNT_CALLS + 6);
	assert_true(seen.lost);
	expect_pages(&seen, AT_LEAST(TRACE_COUNT_CALLS));
	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(text, "64 pages faulted in, and more: the trace has lost "
				  "events");
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
	struct trace_count seen = { 0 };

	enter_calls(&seen, 1);
	assert_false(trace_count_line(&seen, &range, "CPU:1 [LOST 12 EVENTS]"));
	return_calls(&seen, 1);
	expect_pages(&seen, AT_LEAST(1));
}

/* The task of a call that has returned is about something else from then on. */
static void tasks__after_the_return(void **state)
{
	struct trace_count seen =
		COUNT(MAP("w-1", "0x248000000000", "4096", "1"), MAPPED("w-1", "0"));

	assert_int_equal(seen.faulted, 1); /* only a negative value is a failure */
	assert_false(trace_count_line(
		&seen, &range, "  w-1 [000] ...1. 1.0: hmm_fault: (a <- b) ret=0"));
}

static void refusal__keeps_the_error(void **state)
{
	struct trace_count seen =
		COUNT(MAP("w-1", "0x248000000000", "4096", "1"), MAPPED("w-1", "-14"));
	char text[128];

	assert_int_equal(seen.faulted, 0);
	assert_int_equal(seen.refused, 1);
	assert_int_equal(seen.refusal, EFAULT);
	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(text, "0 pages faulted in, 1 faults refused (Bad address)");
}

static void snapshot__is_no_fault(void **state)
{
	struct trace_count seen = COUNT(MAP("odp_test-7", "0x248000000000", "65536", "0"),
					MAPPED("odp_test-7", "16"));

	assert_int_equal(seen.faulted, 0);
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
		struct trace_count seen = { 0 };
		char line[256];

		snprintf(line, sizeof(line),
			 "  w-1 [001] ...2. 1.0: odp_map: " WHERE
			 " va=%s bytes=%s mask=0x0 fault=1",
			 cases[i].va, cases[i].bytes);
		assert_true(trace_count_line(&seen, &range, line));
		assert_true(trace_count_line(&seen, &range, MAPPED("w-1", "9")));
		assert_int_equal(seen.faulted, cases[i].pages);
	}
}

static void range__translated_by_huge_pages(void **state)
{
	static const struct watched huge = { .addr = 0x248000200000,
					     .len = MiB(4),
					     .unit = MiB(2) };
	struct trace_count seen = { 0 };

	assert_true(trace_count_line(
		&seen, &huge, MAP("kworker/u8:3-140", "0x248000210000", "16384", "1")));
	assert_true(trace_count_line(&seen, &huge, MAPPED("kworker/u8:3-140", "1")));
	assert_int_equal(seen.faulted, 512);
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

static void text__each_part(void **state)
{
	struct trace_count seen = { .faulted = 1,
				    .refused = 2,
				    .refusal = EFAULT,
				    .calls = { { .pages = 3, .fault = true } },
				    .pending = 1,
				    .remote_dax = 4,
				    .snapshots = 5,
				    .invalidations = 6 };
	char text[256];

	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(text, "1 pages faulted in, 2 faults refused (Bad address), "
				  "3 pages of faults still in progress, "
				  "4 remote DAX faults, 5 snapshots, 6 invalidations");
}

static void text__never_overflows(void **state)
{
	struct trace_count seen = { .lost = true,
				    .faulted = UINT64_MAX,
				    .refused = UINT64_MAX,
				    .refusal = EFAULT,
				    .snapshots = UINT64_MAX,
				    .invalidations = UINT64_MAX,
				    .remote_dax = UINT64_MAX };

	for (size_t size = 1; size < 300; size++) {
		char text[301];

		memset(text, '!', sizeof(text));
		trace_count_text(&seen, text, size);
		assert_true(strlen(text) < size);
		for (size_t i = size; i < sizeof(text); i++)
			assert_int_equal(text[i], '!');
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(fault__counts_pages_on_return),
	cmocka_unit_test(forms__of_several_kernels),
	cmocka_unit_test(forms__hostile_names),
	cmocka_unit_test(tasks__interleaved),
	cmocka_unit_test(tasks__another_call_returns),
	cmocka_unit_test(tasks__as_many_calls_as_places),
	cmocka_unit_test(tasks__more_calls_than_places),
	cmocka_unit_test(tasks__that_do_not_return),
	cmocka_unit_test(gap__makes_the_count_a_lower_bound),
	cmocka_unit_test(tasks__after_the_return),
	cmocka_unit_test(refusal__keeps_the_error),
	cmocka_unit_test(snapshot__is_no_fault),
	cmocka_unit_test(range__touched_in_part),
	cmocka_unit_test(range__translated_by_huge_pages),
	cmocka_unit_test(range__not_touched),
	cmocka_unit_test(range__just_missed),
	cmocka_unit_test(invalidation__counted),
	cmocka_unit_test(dax__remote_only),
	cmocka_unit_test(lines__that_are_none),
	cmocka_unit_test(lines__that_look_like_an_event),
	cmocka_unit_test(text__each_part),
	cmocka_unit_test(text__never_overflows),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_count", tests, NULL, NULL);
}
