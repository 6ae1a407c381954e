/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* traced.h - lines of the kernel's trace, and the stream of a test that takes them */
#ifndef ODPLAB_TESTS_TRACED_H
#define ODPLAB_TESTS_TRACED_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "evidence/trace_stream.h"

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
static inline void watch(const struct watched *watched)
{
	trace_stream_reset(&stream);
	trace_stream_begin(&stream, watched);
}

/* The line must be about the range. */
static inline void take(const char *line)
{
	if (!trace_stream_line(&stream, line))
		fail_msg("ignored: %s", line);
}

static inline struct trace_count end(void)
{
	return *trace_stream_end(&stream, 0);
}

static inline struct trace_count count(const char *const *lines, size_t n)
{
	watch(&range);
	for (size_t i = 0; i < n; i++)
		take(lines[i]);
	return end();
}

#define COUNT(...)                                  \
	count((const char *const[]){ __VA_ARGS__ }, \
	      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* The line must be about something else, and change nothing. */
static inline void ignores(const char *line)
{
	struct trace_count seen;

	watch(&range);
	if (trace_stream_line(&stream, line))
		fail_msg("took: %s", line);
	seen = end();
	assert_memory_equal(&seen, &(struct trace_count){ .range = range }, sizeof(seen));
}

static inline void expect_pages(const struct trace_count *seen, struct bounds expected)
{
	struct bounds pages = trace_count_pages(seen);

	assert_int_equal(pages.min, expected.min);
	assert_int_equal(pages.max, expected.max);
}

/* A fault of that call, whose task is w-1, and its return. */
static inline void fault(const char *map)
{
	take(map);
	take(MAPPED("w-1", "1"));
}

#define PAGE_0	     MAP("w-1", "0x248000000000", "4096", "1")
#define PAGE_1	     MAP("w-1", "0x248000001000", "4096", "1")
#define PAGES_0_TO_3 MAP("w-1", "0x248000000000", "16384", "1")

#endif
