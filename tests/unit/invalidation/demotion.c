// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* demotion.c - what demotion needs, and what a cycle of it does */
#include "invalidation/demotion.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_files.h"

#define ENABLED "/sys/kernel/mm/numa/demotion_enabled"

static int slow, reclaimed, moved;
static bool can_reclaim, writable;
static unsigned int moves;

int __wrap_nodes_slow(void);
int __wrap_nodes_move(struct region *region, uint64_t offset, size_t len);
bool __wrap_cgroup_can_reclaim(void);
int __wrap_cgroup_reclaim(size_t bytes);
int __wrap_access(const char *path, int mode);

int __wrap_nodes_slow(void)
{
	return slow;
}

int __wrap_nodes_move(struct region *region, uint64_t offset, size_t len)
{
	assert_int_equal(offset, 4096);
	assert_int_equal(len, 8192);
	moves++;
	return moved;
}

bool __wrap_cgroup_can_reclaim(void)
{
	return can_reclaim;
}

int __wrap_cgroup_reclaim(size_t bytes)
{
	assert_int_equal(bytes, 8192);
	return reclaimed;
}

int __wrap_access(const char *path, int mode)
{
	assert_string_equal(path, ENABLED);
	return writable ? 0 : -1;
}

static int a_host(void **state)
{
	fake_files_reset();
	fake_file(ENABLED, "false", 0);
	slow = 1;
	can_reclaim = writable = true;
	reclaimed = moved = 0;
	moves = 0;
	return 0;
}

static void possible__with_all_three(void **state)
{
	assert_true(demotion_possible());
	writable = false;
	assert_false(demotion_possible());
	writable = true;
	can_reclaim = false;
	assert_false(demotion_possible());
	can_reclaim = true;
	slow = -ENODEV;
	assert_false(demotion_possible());
}

static void start__enables_it(void **state)
{
	assert_int_equal(demotion_start(), 0);
	assert_string_equal(fake_file_text(ENABLED), "1");
}

static void cycle__reclaims_and_moves(void **state)
{
	struct region region;

	assert_int_equal(demotion_cycle(&region, 4096, 8192), 0);
	assert_int_equal(moves, 1);
	moved = -EAGAIN;
	assert_int_equal(demotion_cycle(&region, 4096, 8192), -EAGAIN);
	reclaimed = -EACCES;
	assert_int_equal(demotion_cycle(&region, 4096, 8192), -EACCES);
	assert_int_equal(moves, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(possible__with_all_three, a_host),
		cmocka_unit_test_setup(start__enables_it, a_host),
		cmocka_unit_test_setup(cycle__reclaims_and_moves, a_host),
	};

	return cmocka_run_group_tests_name("demotion", tests, NULL, NULL);
}
