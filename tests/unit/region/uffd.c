// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - faults that are resolved late: after the delay, with the data, once each */
#include "region/uffd.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "memory.h"

#define DELAY_NS (50 * NSEC_PER_MSEC)

static const struct pattern data = { 7, 1 };

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

/* Faults of the kernel, and so all, need a privilege: see userfaultfd(2). */
static void begin(struct uffd_delay *delay, struct region *region, enum uffd_way way)
{
	struct capture c = capture_start(stderr);
	int ret = uffd_delay_begin(delay, region, KiB(8), KiB(16), DELAY_NS, way, data);
	char text[512];

	capture_end(&c, text, sizeof(text));
	if (ret == -EPERM || ret == -ENOSYS || ret == -EOPNOTSUPP) {
		region_close(region);
		skip();
	}
	assert_int_equal(ret, 0);
}

static void missing__comes_with_its_data(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	struct uffd_delay delay = { 0 };
	uint64_t start;

	begin(&delay, &region, UFFD_COPY);
	start = clock_ns();
	assert_int_equal(pattern_check(region.addr + KiB(8), KiB(8), KiB(8), data, NULL),
			 0);
	assert_true(clock_ns() - start >= 2 * DELAY_NS);
	assert_int_equal(pattern_check(region.addr + KiB(8), KiB(8), KiB(8), data, NULL),
			 0);
	assert_true(all_bytes(region.addr, 0, KiB(8)));
	assert_int_equal(uffd_delay_end(&delay), 2);
	assert_true(all_bytes(region.addr + KiB(16), 0, KiB(8)));
	region_close(&region);
}

/* What reads as zeros, and as the pattern, of a page that was missing. */
static void missing__in_each_way(void **state)
{
	static const struct {
		enum uffd_way way;
		bool data;
	} rows[] = { { UFFD_ZERO, false }, { UFFD_MOVE, true } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct region region = open_kind(&arena, REGION_ANON, KiB(64));
		struct uffd_delay delay = { 0 };

		begin(&delay, &region, rows[i].way);
		if (rows[i].data)
			assert_int_equal(pattern_check(region.addr + KiB(8), KiB(8),
						       KiB(8), data, NULL),
					 0);
		else
			assert_true(all_bytes(region.addr + KiB(8), 0, KiB(8)));
		assert_int_equal(uffd_delay_end(&delay), 2);
		region_close(&region);
	}
}

static void continued__maps_the_page_of_the_file(void **state)
{
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(64));
	struct uffd_delay delay = { 0 };
	unsigned char page[KiB(4)];

	memset(page, 'f', sizeof(page));
	assert_int_equal(region_write(&region, KiB(8), page, sizeof(page)), 0);
	begin(&delay, &region, UFFD_CONTINUE);
	assert_true(all_bytes(region.addr + KiB(8), 'f', KiB(4)));
	assert_int_equal(uffd_delay_end(&delay), 1);
	region_close(&region);
}

static void protected__delays_the_first_write(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	struct uffd_delay delay = { 0 };
	uint64_t start;

	memset(region.addr, 'w', KiB(64));
	begin(&delay, &region, UFFD_PROTECT);
	assert_true(all_bytes(region.addr, 'w', KiB(64)));
	start = clock_ns();
	region.addr[KiB(8)] = 'v';
	assert_true(clock_ns() - start >= DELAY_NS);
	region.addr[KiB(8) + 1] = 'v';
	assert_int_equal(uffd_delay_end(&delay), 1);
	region_close(&region);
}

/* A directory in the place of the userfaultfd cannot be read from. */
static void thread__that_fails_is_reported(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	struct uffd_delay delay = { 0 };
	struct capture c;
	char text[512];
	int root, ret;

	begin(&delay, &region, UFFD_COPY);
	root = open("/", O_RDONLY | O_DIRECTORY);
	c = capture_start(stderr);
	dup2(root, delay.fd);
	ret = region.addr[KiB(8)];
	assert_int_equal(ret, 0);
	ret = uffd_delay_end(&delay);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EISDIR);
	one_line(text, "userfaultfd", "Is a directory");
	close(root);
	region_close(&region);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(missing__comes_with_its_data),
	cmocka_unit_test(missing__in_each_way),
	cmocka_unit_test(continued__maps_the_page_of_the_file),
	cmocka_unit_test(protected__delays_the_first_write),
	cmocka_unit_test(thread__that_fails_is_reported),
};

int main(void)
{
	return cmocka_run_group_tests_name("uffd", tests, make_arena, NULL);
}
