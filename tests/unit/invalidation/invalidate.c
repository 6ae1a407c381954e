// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* invalidate.c - whole cycles: what they leave of the data, and of the mapping */
#include "invalidation/invalidate.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "memory.h"

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

static const struct {
	enum invalidator by;
	enum region_kind kind;
	bool loses;
} rows[] = {
	{ BY_DONTNEED, REGION_ANON, true },   { BY_DONTNEED, REGION_MEMFD, false },
	{ BY_PAGEOUT, REGION_ANON, false },   { BY_PAGEOUT, REGION_FILE, false },
	{ BY_REMAP, REGION_ANON, true },      { BY_REMAP, REGION_MEMFD, false },
	{ BY_MREMAP, REGION_ANON, false },    { BY_MREMAP, REGION_MEMFD, false },
	{ BY_READ_ONLY, REGION_ANON, false }, { BY_NO_ACCESS, REGION_ANON, false },
	{ BY_FORK, REGION_ANON, false },
};

static void cycle__leaves_the_region_as_it_was(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct region region = open_kind(&arena, rows[i].kind, KiB(64));
		unsigned char inside = rows[i].loses ? 0 : 'w';

		memset(region.addr, 'w', KiB(64));
		assert_int_equal(
			region_invalidate(&region, KiB(8), KiB(16), rows[i].by, 0), 0);
		assert_true(all_bytes(region.addr, 'w', KiB(8)));
		assert_true(all_bytes(region.addr + KiB(8), inside, KiB(16)));
		assert_true(all_bytes(region.addr + KiB(24), 'w', KiB(40)));
		assert_true(writable(region.addr + KiB(8)));
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
	cmocka_unit_test(cycle__leaves_the_region_as_it_was),
	cmocka_unit_test(cycle__refused_where_there_is_none),
};

int main(void)
{
	return cmocka_run_group_tests_name("invalidate", tests, make_arena, NULL);
}
