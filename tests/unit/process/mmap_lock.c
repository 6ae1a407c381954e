// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mmap_lock.c - a thread holds mmap_lock, and what needs it waits */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "process/mmap_lock.h"

/* Far above what this thread waits for a processor on a busy host. */
#define HOLD_NS (2 * NSEC_PER_SEC)

static uint64_t time_of_mmap(void)
{
	uint64_t begin = clock_ns();
	void *page =
		mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(page != MAP_FAILED);
	begin = clock_ns() - begin;
	munmap(page, PAGE_BYTES);
	return begin;
}

/*
 * On a busy host the thread may be stopped within its call and before it has the lock,
 * which does not show. So one time of several is enough.
 */
static void hold__makes_mmap_wait(void **state)
{
	uint64_t waited = 0;

	for (int i = 0; i < 5 && waited < HOLD_NS / 10; i++) {
		struct mmap_lock_hold hold = { 0 };
		uint64_t begin, free;

		assert_int_equal(mmap_lock_hold(&hold, HOLD_NS), 0);
		begin = clock_ns();
		waited = time_of_mmap();
		free = mmap_lock_await(&hold);
		assert_true(free > begin);
		assert_in_range(free - begin, HOLD_NS / 10, 60 * NSEC_PER_SEC);
	}
	assert_in_range(waited, HOLD_NS / 10, 60 * NSEC_PER_SEC);
}

static void hold__twice_in_turn(void **state)
{
	struct mmap_lock_hold hold = { 0 };

	for (int i = 0; i < 2; i++) {
		assert_int_equal(mmap_lock_hold(&hold, NSEC_PER_MSEC), 0);
		assert_int_equal(mmap_lock_hold(&hold, NSEC_PER_MSEC), -EBUSY);
		mmap_lock_await(&hold);
	}
}

static void await__of_nothing(void **state)
{
	struct mmap_lock_hold hold = { 0 };

	assert_int_equal(mmap_lock_await(&hold), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(hold__makes_mmap_wait),
	cmocka_unit_test(hold__twice_in_turn),
	cmocka_unit_test(await__of_nothing),
};

int main(void)
{
	return cmocka_run_group_tests_name("mmap_lock", tests, NULL, NULL);
}
