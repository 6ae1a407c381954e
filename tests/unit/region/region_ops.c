// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* region_ops.c - what is done to a region's memory: exactly that part, and no more */
#include "region/region_ops.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "memory.h"

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

/* 16 pages, all of them stored to by the CPU. */
static struct region warm(enum region_kind kind)
{
	struct region region = open_kind(&arena, kind, KiB(64));

	memset(region.addr, 'w', KiB(64));
	assert_int_equal(resident(&region, 0, KiB(64)), 16);
	return region;
}

static void evict__a_part(void **state)
{
	static const enum region_kind kinds[] = { REGION_ANON, REGION_MEMFD, REGION_TMPFS,
						  REGION_FILE };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct region region = warm(kinds[i]);
		unsigned char expected = region.evict_loses_data ? 0 : 'w';

		assert_int_equal(region_evict(&region, KiB(8), KiB(16)), 0);
		assert_int_equal(resident(&region, 0, KiB(8)), 2);
		assert_int_equal(resident(&region, KiB(8), KiB(16)), 0);
		assert_int_equal(resident(&region, KiB(24), KiB(40)), 10);
		assert_true(all_bytes(region.addr + KiB(8), expected, KiB(16)));
		assert_true(all_bytes(region.addr, 'w', KiB(8)));
		region_close(&region);
	}
}

static void unmap__then_map_again(void **state)
{
	static const enum region_kind kinds[] = { REGION_ANON, REGION_MEMFD };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct region region = warm(kinds[i]), other;

		assert_int_equal(region_unmap(&region, KiB(4), KiB(4)), 0);
		assert_true(readable(region.addr));
		assert_false(readable(region.addr + KiB(4)));
		assert_true(readable(region.addr + KiB(8)));
		other = open_kind(&arena, REGION_ANON, KiB(4));
		assert_false(readable(region.addr + KiB(4)));
		assert_int_equal(region_remap(&region, KiB(4), KiB(4)), 0);
		assert_int_equal(resident(&region, KiB(4), KiB(4)), 0);
		assert_true(
			all_bytes(region.addr + KiB(4), region.shared ? 'w' : 0, KiB(4)));
		assert_true(writable(region.addr + KiB(4)));
		region_close(&other);
		region_close(&region);
	}
}

static void protect__a_part(void **state)
{
	struct region region = warm(REGION_MEMFD);
	unsigned char *part = region.addr + KiB(4);

	assert_int_equal(region_protect(&region, KiB(4), KiB(4), REGION_READ_ONLY), 0);
	assert_true(readable(part));
	assert_false(writable(part));
	assert_int_equal(region_protect(&region, KiB(4), KiB(4), REGION_NO_ACCESS), 0);
	assert_false(readable(part));
	assert_true(writable(region.addr));
	assert_true(writable(region.addr + KiB(8)));
	assert_int_equal(region_protect(&region, KiB(4), KiB(4), REGION_READ_WRITE), 0);
	assert_true(writable(part));
	region_close(&region);
}

static off_t size_of(const struct region *region)
{
	struct stat st;

	assert_int_equal(fstat(region->fd, &st), 0);
	return st.st_size;
}

static void truncate__and_regrow(void **state)
{
	struct region region = warm(REGION_MEMFD);

	assert_int_equal(region_truncate(&region, KiB(32)), 0);
	assert_int_equal(size_of(&region), KiB(32));
	assert_false(readable(region.addr + KiB(32)));
	assert_true(readable(region.addr + KiB(32) - 1));
	assert_int_equal(region_truncate(&region, KiB(64)), 0);
	assert_true(all_bytes(region.addr, 'w', KiB(32)));
	assert_true(all_bytes(region.addr + KiB(32), 0, KiB(32)));
	region_close(&region);
}

static void punch__a_part(void **state)
{
	static const enum region_kind kinds[] = { REGION_MEMFD, REGION_TMPFS,
						  REGION_FILE };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct region region = warm(kinds[i]);
		uint64_t before, after;

		assert_int_equal(region_sync(&region), 0);
		assert_int_equal(region_allocated(&region, &before), 0);
		assert_int_equal(region_punch(&region, KiB(16), KiB(16)), 0);
		assert_int_equal(resident(&region, KiB(16), KiB(16)), 0);
		assert_int_equal(region_allocated(&region, &after), 0);
		assert_true(after <= before - KiB(16));
		assert_int_equal(size_of(&region), KiB(64));
		assert_true(all_bytes(region.addr, 'w', KiB(16)));
		assert_true(all_bytes(region.addr + KiB(16), 0, KiB(16)));
		assert_true(all_bytes(region.addr + KiB(32), 'w', KiB(32)));
		region_close(&region);
	}
}

static void zero__a_part(void **state)
{
	struct region region = warm(REGION_FILE);
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = region_zero(&region, KiB(16), KiB(16));

	capture_end(&c, text, sizeof(text));
	if (ret == -EOPNOTSUPP) { /* as on tmpfs */
		region_close(&region);
		skip();
	}
	assert_int_equal(ret, 0);
	assert_true(all_bytes(region.addr, 'w', KiB(16)));
	assert_true(all_bytes(region.addr + KiB(16), 0, KiB(16)));
	assert_true(all_bytes(region.addr + KiB(32), 'w', KiB(32)));
	region_close(&region);
}

static void allocate__takes_blocks_and_touches_nothing(void **state)
{
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(64));
	uint64_t bytes;

	assert_int_equal(region_allocated(&region, &bytes), 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(region_allocate(&region, KiB(8), KiB(16)), 0);
	assert_int_equal(region_allocated(&region, &bytes), 0);
	assert_true(bytes >= KiB(16));
	assert_int_equal(resident(&region, 0, KiB(64)), 0);
	assert_true(all_bytes(region.addr, 0, KiB(64)));
	region_close(&region);
}

/* The last range that went to msync() and to libpmem. */
static struct {
	unsigned char *addr;
	size_t len;
	int error;
} synced, flushed;

int __wrap_msync(void *addr, size_t len, int flags);
int __wrap_msync(void *addr, size_t len, int flags)
{
	assert_int_equal(flags, MS_SYNC);
	synced.addr = addr;
	synced.len = len;
	errno = synced.error;
	return synced.error ? -1 : 0;
}

void __wrap_pmem_persist_range(const void *addr, size_t len);
void __wrap_pmem_persist_range(const void *addr, size_t len)
{
	flushed.addr = (unsigned char *)(uintptr_t)addr;
	flushed.len = len;
}

static void persist__by_msync_of_whole_pages(void **state)
{
	struct region region = warm(REGION_FILE);

	assert_int_equal(region_persist(&region, 0, KiB(64)), 0);
	assert_ptr_equal(synced.addr, region.addr);
	assert_int_equal(synced.len, KiB(64));
	/* the range crosses a page border: msync() takes the page that it begins in */
	assert_int_equal(region_persist(&region, 4095, 2), 0);
	assert_ptr_equal(synced.addr, region.addr);
	assert_int_equal(synced.len, 4097);
	assert_null(flushed.addr);
	assert_int_equal(region_sync(&region), 0);
	region_close(&region);
}

static void persist__by_libpmem_where_that_is_enough(void **state)
{
	struct region region = warm(REGION_FILE);

	memset(&synced, 0, sizeof(synced));
	region.map_sync = true;
	assert_int_equal(region_persist(&region, 100, 8), 0);
	assert_ptr_equal(flushed.addr, region.addr + 100);
	assert_int_equal(flushed.len, 8);
	assert_null(synced.addr);
	region_close(&region);
}

static void persist__an_error_is_returned(void **state)
{
	struct region region = warm(REGION_FILE);
	struct capture c = capture_start(stderr);
	char text[256];
	int ret;

	synced.error = EIO;
	ret = region_persist(&region, 0, KiB(4));
	capture_end(&c, text, sizeof(text));
	synced.error = 0;
	assert_int_equal(ret, -EIO);
	one_line(text, "msync", "Input/output error");
	region_close(&region);
}

/* Another region's file in this one's place, and only there. */
static void graft__another_file(void **state)
{
	struct region region = warm(REGION_ANON), other = warm(REGION_MEMFD);
	struct capture c;
	char text[512];
	int ret;

	memset(other.addr, 'o', KiB(64));
	assert_int_equal(region_map_other_file(&region, KiB(16), KiB(8), &other), 0);
	assert_true(all_bytes(region.addr, 'w', KiB(16)));
	assert_true(all_bytes(region.addr + KiB(16), 'o', KiB(8)));
	assert_true(all_bytes(region.addr + KiB(24), 'w', KiB(40)));
	region.addr[KiB(16)] = 'x';
	assert_int_equal(other.addr[0], 'x');
	c = capture_start(stderr);
	ret = region_map_other_file(&other, 0, KiB(8), &region);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	one_line(text, "another region", "");
	region_close(&other);
	region_close(&region);
}

/* What private memory has not: a file. */
static void refused__with_one_line(void **state)
{
	struct region region = warm(REGION_ANON);
	uint64_t bytes;
	int ret[6];

	for (size_t i = 0; i < ARRAY_SIZE(ret); i++) {
		struct capture c = capture_start(stderr);
		char text[512];

		ret[i] = i == 0 ? region_truncate(&region, 0) :
			 i == 1 ? region_punch(&region, 0, KiB(4)) :
			 i == 2 ? region_zero(&region, 0, KiB(4)) :
			 i == 3 ? region_allocate(&region, 0, KiB(4)) :
			 i == 4 ? region_sync(&region) :
				  region_allocated(&region, &bytes);
		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret[i], -EBADF);
		one_line(text, "Bad file descriptor", "");
	}
	region_close(&region);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(evict__a_part),
	cmocka_unit_test(unmap__then_map_again),
	cmocka_unit_test(protect__a_part),
	cmocka_unit_test(truncate__and_regrow),
	cmocka_unit_test(punch__a_part),
	cmocka_unit_test(zero__a_part),
	cmocka_unit_test(allocate__takes_blocks_and_touches_nothing),
	cmocka_unit_test(persist__by_msync_of_whole_pages),
	cmocka_unit_test(persist__by_libpmem_where_that_is_enough),
	cmocka_unit_test(persist__an_error_is_returned),
	cmocka_unit_test(graft__another_file),
	cmocka_unit_test(refused__with_one_line),
};

int main(void)
{
	return cmocka_run_group_tests_name("change", tests, make_arena, NULL);
}
