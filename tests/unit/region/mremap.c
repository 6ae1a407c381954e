// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mremap.c - each form of mremap() does to a part what it says, and leaves the rest */
#include "region/mremap.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "memory.h"

#define PART KiB(16)

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

/* Three parts, all of them stored to by the CPU. */
static struct region warm(enum region_kind kind)
{
	struct region region = open_kind(&arena, kind, 3 * PART);

	memset(region.addr, 'w', 3 * PART);
	return region;
}

/* What is in the second part after a form, and that the others are as they were. */
static void is_left(const struct region *region, unsigned char value)
{
	assert_true(all_bytes(region->addr, 'w', PART));
	assert_true(all_bytes(region->addr + PART, value, PART));
	assert_true(all_bytes(region->addr + 2 * PART, 'w', PART));
}

static void form__in_place(void **state)
{
	static const struct {
		enum region_kind kind;
		enum mremap_form form;
		unsigned char left;
		int error;
	} rows[] = {
		{ REGION_ANON, MREMAP_KEEPS, 0, 0 },
		{ REGION_ANON, MREMAP_COPIES, 'w', -EINVAL },
		{ REGION_ANON, MREMAP_REPLACES, 0, 0 },
		{ REGION_MEMFD, MREMAP_KEEPS, 'w', 0 },
		{ REGION_MEMFD, MREMAP_COPIES, 'w', 0 },
		{ REGION_MEMFD, MREMAP_REPLACES, 'w', 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct region region = warm(rows[i].kind);

		int error = region_mremap(&region, PART, PART, rows[i].form);

		/* MREMAP_DONTUNMAP of shared memory is of Linux 5.13 */
		if (error == -EINVAL && rows[i].kind == REGION_MEMFD &&
		    rows[i].form == MREMAP_KEEPS)
			error = 0;
		assert_int_equal(error, rows[i].error);
		is_left(&region, rows[i].left);
		assert_non_null(region_mremap_name(rows[i].form));
		region_close(&region);
	}
}

static void form__shrinks_and_grows(void **state)
{
	static const enum region_kind kinds[] = { REGION_ANON, REGION_MEMFD };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct region region = warm(kinds[i]);
		unsigned char *third = region.addr + 2 * PART;
		int error = region_mremap(&region, PART, 2 * PART, MREMAP_SHRINKS);

		assert_int_equal(error, 0);
		assert_int_equal(msync(third, PART, MS_ASYNC), -1);
		assert_int_equal(errno, ENOMEM);
		assert_int_equal(region_mremap(&region, PART, PART, MREMAP_GROWS), 0);
		assert_true(all_bytes(region.addr, 'w', 2 * PART));
		assert_true(all_bytes(third, kinds[i] == REGION_ANON ? 0 : 'w', PART));
		/* there is no room for more than was there */
		assert_int_equal(region_mremap(&region, 0, PART, MREMAP_GROWS), -ENOMEM);
		region_close(&region);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(form__in_place),
	cmocka_unit_test(form__shrinks_and_grows),
};

int main(void)
{
	return cmocka_run_group_tests_name("mremap", tests, make_arena, NULL);
}
