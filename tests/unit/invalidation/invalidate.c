// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* invalidate.c - cycles of invalidation take the pages, and restore the region */
#include "invalidation/invalidate.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "memory.h"

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

/*
 * Cycles that end as they began show only in the calls that they make: these are counted.
 */
static struct {
	unsigned char *addr;
	unsigned int mremaps,
		protects[2]; /* over .addr: away and back; taken, given back */
} calls;

void *__real_mremap(void *old, size_t old_len, size_t len, int flags, void *new);
void *__wrap_mremap(void *old, size_t old_len, size_t len, int flags, void *new);

void *__wrap_mremap(void *old, size_t old_len, size_t len, int flags, void *new)
{
	calls.mremaps += old == calls.addr || new == calls.addr;
	return __real_mremap(old, old_len, len, flags, new);
}

int __real_mprotect(void *addr, size_t len, int protection);
int __wrap_mprotect(void *addr, size_t len, int protection);

int __wrap_mprotect(void *addr, size_t len, int protection)
{
	if (addr == calls.addr)
		calls.protects[protection == (PROT_READ | PROT_WRITE)]++;
	return __real_mprotect(addr, len, protection);
}

/* Page faults of this process while it writes to each page of the range. */
static long faults_of_writing(unsigned char *addr, size_t len)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (size_t at = 0; at < len; at += PAGE_BYTES)
		((volatile unsigned char *)addr)[at] = addr[at];
	getrusage(RUSAGE_SELF, &after);
	return after.ru_minflt + after.ru_majflt - before.ru_minflt - before.ru_majflt;
}

/* What shows that the cycle has taken the pages of the range. */
enum trace { FAULTS, PRESENT, MREMAPS, PROTECTS };

static const struct {
	enum invalidator by;
	enum region_kind kind;
	bool loses;
	enum trace trace;
} rows[] = {
	{ BY_DONTNEED, REGION_ANON, true, FAULTS },
	{ BY_DONTNEED, REGION_MEMFD, false, FAULTS },
	{ BY_RENEWAL, REGION_ANON, true, PRESENT },
	{ BY_PAGEOUT, REGION_FILE, false, FAULTS },
	{ BY_REMAP, REGION_ANON, true, FAULTS },
	{ BY_REMAP, REGION_MEMFD, false, FAULTS },
	{ BY_MREMAP, REGION_ANON, false, MREMAPS },
	{ BY_MREMAP, REGION_MEMFD, false, MREMAPS },
	{ BY_READ_ONLY, REGION_ANON, false, PROTECTS },
	{ BY_NO_ACCESS, REGION_ANON, false, PROTECTS },
	{ BY_FORK, REGION_ANON, false, FAULTS },
};

#define OFFSET KiB(8)
#define RANGE  KiB(16)

static void expect_trace(enum trace trace, unsigned char *addr)
{
	switch (trace) {
	case FAULTS:
		/* one at least: a file's fault maps the pages around it, too */
		assert_true(faults_of_writing(addr, RANGE) > 0);
		break;
	case PRESENT:
		/* that other pages are there the data shows, which is lost */
		assert_int_equal(faults_of_writing(addr, RANGE), 0);
		break;
	case MREMAPS:
		assert_int_equal(calls.mremaps, 2);
		break;
	case PROTECTS:
		assert_int_equal(calls.protects[false], 1);
		assert_int_equal(calls.protects[true], 1);
		break;
	}
}

static void cycle__takes_the_pages_and_leaves_the_region_as_it_was(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct region region = open_kind(&arena, rows[i].kind, KiB(64));
		unsigned char inside = rows[i].loses ? 0 : 'w';
		unsigned char *addr = region.addr + OFFSET;

		memset(region.addr, 'w', KiB(64));
		assert_int_equal(faults_of_writing(addr, RANGE), 0);
		memset(&calls, 0, sizeof(calls));
		calls.addr = addr;
		assert_int_equal(region_invalidate(&region, OFFSET, RANGE, rows[i].by, 0),
				 0);
		expect_trace(rows[i].trace, addr);
		assert_true(all_bytes(region.addr, 'w', OFFSET));
		assert_true(all_bytes(addr, inside, RANGE));
		assert_true(all_bytes(addr + RANGE, 'w', KiB(64) - OFFSET - RANGE));
		assert_true(writable(addr));
		assert_non_null(invalidator_name(rows[i].by));
		region_close(&region);
	}
}

static void cycle__refused_where_there_is_none(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = region_invalidate(&region, 0, KiB(4), INVALIDATORS, 0);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	one_line(text, "invalidator", "Invalid argument");
	region_close(&region);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(cycle__takes_the_pages_and_leaves_the_region_as_it_was),
	cmocka_unit_test(cycle__refused_where_there_is_none),
};

int main(void)
{
	return cmocka_run_group_tests_name("invalidate", tests, make_arena, NULL);
}
