// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm.c - a thread that invalidates: goes on, stops, returns what stopped it */
#include "invalidation/storm.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/clock.h"
#include "memory.h"

#define PATIENCE_NS (10 * NSEC_PER_SEC)

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

/* Waits until @cycles came to pass, or what ended the storm. */
static int wait_for(struct storm *storm, uint64_t cycles)
{
	uint64_t deadline = clock_ns() + PATIENCE_NS, done = 0;
	int ret = 0;

	while (!ret && done < cycles && !clock_passed(deadline))
		ret = storm_cycles(storm, &done);
	return ret;
}

static void storm__goes_on_until_its_end(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	uint64_t done, later;
	struct storm storm = { 0 };

	memset(region.addr, 'w', KiB(64));
	assert_int_equal(storm_begin(&storm, &region, BY_DONTNEED, 1, 1000), 0);
	assert_int_equal(wait_for(&storm, 100), 0);
	assert_int_equal(storm_end(&storm), 0);
	assert_int_equal(storm_cycles(&storm, &done), 0);
	assert_true(done >= 100);
	memset(region.addr, 'v', KiB(64));
	assert_int_equal(storm_cycles(&storm, &later), 0);
	assert_int_equal(later, done);
	assert_true(all_bytes(region.addr, 'v', KiB(64)));
	region_close(&region);
}

/* A write that lands while the region is read-only, as a device's may by mistake. */
static void storm__sees_what_may_not_be_written(void **state)
{
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(4));
	struct storm storm = { 0 };
	uint64_t deadline = clock_ns() + PATIENCE_NS, cycles;
	unsigned char value = 0;

	assert_int_equal(storm_begin(&storm, &region, BY_READ_ONLY, 1, 1000), 0);
	while (!storm_cycles(&storm, &cycles) && !clock_passed(deadline)) {
		value++;
		region_write(&region, 0, &value, 1);
	}
	assert_int_equal(storm_end(&storm), -EBADMSG);
	region_close(&region);
}

static void storm__one_at_a_time(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	struct storm storm = { 0 };
	struct capture c;
	char text[256];

	assert_int_equal(storm_begin(&storm, &region, BY_DONTNEED, 1, 0), 0);
	c = capture_start(stderr);
	assert_int_equal(storm_begin(&storm, &region, BY_DONTNEED, 1, 0), -EBUSY);
	assert_int_equal(storm_end(&storm), 0);
	capture_end(&c, text, sizeof(text));
	one_line(text, "two storms at once", "busy");
	region_close(&region);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(storm__goes_on_until_its_end),
	cmocka_unit_test(storm__sees_what_may_not_be_written),
	cmocka_unit_test(storm__one_at_a_time),
};

int main(void)
{
	return cmocka_run_group_tests_name("storm", tests, make_arena, NULL);
}
