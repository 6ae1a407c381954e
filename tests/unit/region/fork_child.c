// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fork_child.c - a forked child has its own copy of private memory, and shares the rest
 */
#include "region/fork_child.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "memory.h"

static const struct pattern before = { 7, 1 }, after = { 7, 2 };

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

static void child__keeps_its_copy(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(64));
	struct fork_child child = { 0 };
	struct mismatch mismatch;

	pattern_fill(region.addr, 0, KiB(64), before);
	assert_int_equal(fork_child_begin(&child, 10000), 0);
	pattern_fill(region.addr, 0, KiB(64), after);
	assert_int_equal(
		fork_child_check(&child, region.addr, 0, KiB(64), before, &mismatch), 0);
	assert_int_equal(fork_child_check(&child, region.addr, 0, KiB(64), after,
					  &mismatch),
			 -EBADMSG);
	assert_int_equal(mismatch.kind, MISMATCH_STALE);
	assert_int_equal(fork_child_store(&child, region.addr, 0, KiB(8), after), 0);
	assert_int_equal(
		fork_child_check(&child, region.addr, 0, KiB(8), after, &mismatch), 0);
	assert_int_equal(fork_child_end(&child), 0);
	region_close(&region);
}

static void child__shares_shared_memory(void **state)
{
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(64));
	struct fork_child child = { 0 };
	struct mismatch mismatch;

	assert_int_equal(fork_child_begin(&child, 10000), 0);
	pattern_fill(region.addr, 0, KiB(64), before);
	assert_int_equal(
		fork_child_check(&child, region.addr, 0, KiB(64), before, &mismatch), 0);
	assert_int_equal(fork_child_store(&child, region.addr, 0, KiB(64), after), 0);
	assert_int_equal(pattern_check(region.addr, 0, KiB(64), after, NULL), 0);
	assert_int_equal(fork_child_end(&child), 0);
	region_close(&region);
}

/* A child that dies executing an order is an error, not a hang. */
static void child__that_dies_is_reported(void **state)
{
	struct region region = open_kind(&arena, REGION_ANON, KiB(4));
	struct fork_child child = { 0 };
	struct capture c;
	char text[512];
	int store, end, again;

	assert_int_equal(fork_child_begin(&child, 10000), 0);
	c = capture_start(stderr);
	store = fork_child_store(&child, region.addr + MiB(1), 0, KiB(4), after);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(store, -ECHILD);
	one_line(text, "forked child", "");
	end = fork_child_end(&child);
	assert_int_equal(end, 0);
	c = capture_start(stderr);
	again = fork_child_end(&child);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(again, -ECHILD);
	one_line(text, "wait for the forked child", "");
	region_close(&region);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(child__keeps_its_copy),
	cmocka_unit_test(child__shares_shared_memory),
	cmocka_unit_test(child__that_dies_is_reported),
};

int main(void)
{
	return cmocka_run_group_tests_name("fork_child", tests, make_arena, NULL);
}
