// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ksm.c - a cycle of merging: copies are offered, awaited, and parted again */
#include "invalidation/ksm.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fake_files.h"
#include "memory.h"

#define MERGING "/proc/self/ksm_merging_pages"

/* A kernel that merges .merges pages once both copies are offered. */
static struct {
	unsigned char *home, *copy;
	size_t len;
	bool home_offered, copy_offered, equal, parted, unmapped;
	const char *merges;
	int fail_advice, error;
} kernel;

int __wrap_madvise(void *addr, size_t len, int advice);
int __wrap_madvise(void *addr, size_t len, int advice)
{
	bool home = addr == kernel.home;

	assert_int_equal(len, kernel.len);
	if (kernel.error && advice == kernel.fail_advice) {
		errno = kernel.error;
		return -1;
	}
	if (advice == MADV_UNMERGEABLE) {
		assert_true(home);
		kernel.parted = true;
		return 0;
	}
	assert_int_equal(advice, MADV_MERGEABLE);
	if (home) {
		kernel.home_offered = true;
	} else {
		kernel.copy_offered = true;
		kernel.copy = addr;
		kernel.equal = !memcmp(addr, kernel.home, len);
	}
	if (kernel.home_offered && kernel.copy_offered)
		fake_file(MERGING, kernel.merges, 0);
	return 0;
}

int __real_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len)
{
	kernel.unmapped |= addr == kernel.copy && len == kernel.len;
	return __real_munmap(addr, len);
}

static struct arena arena;
static struct region region;

#define OFFSET KiB(4)

static int a_region(void **state)
{
	arena_init(&arena, 0);
	fake_files_reset();
	fake_file(MERGING, "3", 0);
	region = open_kind(&arena, REGION_ANON, KiB(64));
	for (size_t i = 0; i < KiB(64); i++)
		region.addr[i] = (unsigned char)(i / 7);
	memset(&kernel, 0, sizeof(kernel));
	kernel.home = region.addr + OFFSET;
	kernel.len = KiB(8);
	kernel.merges = "4";
	return 0;
}

static int close_it(void **state)
{
	region_close(&region);
	return 0;
}

static int cycle(void)
{
	return ksm_cycle(&region, OFFSET, kernel.len);
}

static void cycle__merges_with_copies_and_parts(void **state)
{
	assert_int_equal(cycle(), 0);
	assert_true(kernel.equal);
	assert_true(kernel.home_offered && kernel.copy_offered);
	assert_true(kernel.parted);
	assert_true(kernel.unmapped);
}

/* What was merged before does not count; the range is parted all the same. */
static void cycle__nothing_more_was_merged(void **state)
{
	kernel.merges = "3";
	assert_int_equal(cycle(), -EAGAIN);
	assert_true(kernel.parted);
	assert_true(kernel.unmapped);
}

static void refused(int error, const char *part)
{
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = cycle();

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	one_line(text, part, "");
}

static void cycle__each_error_is_returned(void **state)
{
	kernel.error = EINVAL;
	kernel.fail_advice = MADV_MERGEABLE;
	refused(-EINVAL, "MADV_MERGEABLE");
	assert_false(kernel.parted);
	kernel.fail_advice = MADV_UNMERGEABLE;
	kernel.error = ENOMEM;
	refused(-ENOMEM, "MADV_UNMERGEABLE");
	kernel.error = 0;
	kernel.home_offered = kernel.copy_offered = kernel.unmapped = false;
	kernel.copy = NULL;
	fake_files_reset(); /* Linux before 5.19 */
	refused(-ENOENT, MERGING);
	assert_false(kernel.home_offered || kernel.copy_offered);
}

static void merged__of_this_process(void **state)
{
	uint64_t pages;

	assert_int_equal(ksm_merged(&pages), 0);
	assert_int_equal(pages, 3);
}

#define IN_A_REGION(test) cmocka_unit_test_setup_teardown(test, a_region, close_it)

static const struct CMUnitTest tests[] = {
	IN_A_REGION(cycle__merges_with_copies_and_parts),
	IN_A_REGION(cycle__nothing_more_was_merged),
	IN_A_REGION(cycle__each_error_is_returned),
	IN_A_REGION(merged__of_this_process),
};

int main(void)
{
	return cmocka_run_group_tests_name("ksm", tests, NULL, NULL);
}
