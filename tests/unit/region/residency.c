// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* residency.c - which pages the CPU's page table has */
#include "region/residency.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "memory.h"

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

/* More pages than are read at once, every third of them touched. */
static void count__every_third_page(void **state)
{
	enum { PAGES = 1500 };
	struct region region = open_kind(&arena, REGION_MEMFD, PAGES * PAGE_BYTES);
	unsigned char map[(PAGES + 7) / 8];
	uint64_t present;

	for (size_t page = 0; page < PAGES; page += 3)
		region.addr[page * PAGE_BYTES] = 1;
	memset(map, 0xff, sizeof(map));
	assert_int_equal(residency_count(region.addr, region.len, &present, map), 0);
	assert_int_equal(present, PAGES / 3);
	for (size_t page = 0; page < PAGES; page++)
		assert_int_equal(map[page / 8] >> page % 8 & 1, !(page % 3));
	region_close(&region);
}

static void count__ranges_that_begin_inside_pages(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));

	memset(region.addr + KiB(4), 1, KiB(8));
	assert_int_equal(resident(&region, 4095, 2), 1);
	assert_int_equal(resident(&region, 4096, 1), 1);
	assert_int_equal(resident(&region, 8191, 2), 2);
	assert_int_equal(resident(&region, 0, 4096), 0);
	assert_int_equal(resident(&region, 0, KiB(64)), 2);
	assert_int_equal(resident(&region, 4096, 0), 0);
	region_close(&region);
}

/* Zeros are shown in their place without CAP_SYS_ADMIN, in the first user namespace. */
static bool frames_are_shown(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &entry, sizeof(entry),
			       (off_t)((uintptr_t)&entry / KiB(4) * sizeof(entry))),
			 sizeof(entry));
	close(fd);
	return entry & ((1ull << 55) - 1);
}

static void frames__are_those_of_what_is_there(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	uint64_t frames[16];

	memset(region.addr + KiB(4), 1, KiB(8));
	assert_int_equal(residency_frames(region.addr, KiB(64), frames), 0);
	assert_int_equal(frames[0], 0);
	assert_int_equal(frames[3], 0);
	if (frames_are_shown()) {
		assert_true(frames[1]);
		assert_true(frames[1] != frames[2]);
	} else {
		assert_int_equal(frames[1], 0);
	}
	region_close(&region);
	if (!frames[1]) {
		print_message("/proc/self/pagemap shows no page frames; needs root "
			      "outside of a "
			      "user namespace\n");
		skip();
	}
}

static void count__does_not_touch(void **state)
{
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(64));

	assert_int_equal(resident(&region, 0, KiB(64)), 0);
	assert_int_equal(resident(&region, 0, KiB(64)), 0);
	region_close(&region);
}

static void count__nothing_where_nothing_is_mapped(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	const unsigned char *addr = region.addr;
	uint64_t present = 7;

	memset(region.addr, 1, KiB(64));
	region_close(&region);
	assert_int_equal(residency_count(addr, KiB(64), &present, NULL), 0);
	assert_int_equal(present, 0);
}

static void count__no_address_of_user_space(void **state)
{
	struct capture c = capture_start(stderr);
	uint64_t present;
	char text[512];
	int ret = residency_count((const void *)(uintptr_t)0xffff800000000000, 4096,
				  &present, NULL);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENODATA);
	one_line(text, "/proc/self/pagemap", "No data");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(count__every_third_page),
	cmocka_unit_test(count__ranges_that_begin_inside_pages),
	cmocka_unit_test(frames__are_those_of_what_is_there),
	cmocka_unit_test(count__does_not_touch),
	cmocka_unit_test(count__nothing_where_nothing_is_mapped),
	cmocka_unit_test(count__no_address_of_user_space),
};

int main(void)
{
	return cmocka_run_group_tests_name("residency", tests, make_arena, NULL);
}
