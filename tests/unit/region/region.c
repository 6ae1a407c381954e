// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * region.c - regions as they are opened: cold, where they belong, or refused with a
 * reason
 */
#include "region/region.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "memory.h"

static struct arena arena;

static int make_arena(void **state)
{
	arena_init(&arena, 0);
	return 0;
}

static void open__cold(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(plain_kinds); i++) {
		struct region region = open_kind(&arena, plain_kinds[i], MiB(2));

		assert_int_equal(resident(&region, 0, MiB(2)), 0);
		assert_true(all_bytes(region.addr, 0, KiB(8)));
		assert_true(resident(&region, 0, MiB(2)) >= 2);
		region_close(&region);
	}
}

static void open__knows_facts_about_itself(void **state)
{
	static const struct {
		enum region_kind kind;
		bool file, shared;
		size_t page_bytes;
	} facts[] = {
		{ REGION_ANON, false, false, 4096 }, { REGION_THP, false, false, MiB(2) },
		{ REGION_MEMFD, true, true, 4096 },  { REGION_TMPFS, true, true, 4096 },
		{ REGION_FILE, true, true, 4096 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct region region = open_kind(&arena, facts[i].kind, 5000);

		assert_int_equal(region.kind, facts[i].kind);
		assert_int_equal(region.len, round_up(5000, facts[i].page_bytes));
		assert_int_equal(region.page_bytes, facts[i].page_bytes);
		assert_int_equal(region.fd >= 0, facts[i].file);
		assert_int_equal(region.shared, facts[i].shared);
		assert_int_equal(region.evict_loses_data, !facts[i].shared);
		assert_true(region.mapped);
		assert_false(region.dax);
		assert_false(region.map_sync);
		region_close(&region);
	}
}

static void open__tmpfs_is_tmpfs(void **state)
{
	struct region region = open_kind(&arena, REGION_TMPFS, 4096);

	assert_string_equal(region.filesystem, "tmpfs");
	region_close(&region);
}

/* So that huge pages can map them, and that none lies where another one was unmapped. */
static void open__aligned_and_never_twice_in_one_place(void **state)
{
	struct region a = open_kind(&arena, REGION_MEMFD, 4096), b, c;
	unsigned char *first = a.addr;

	b = open_kind(&arena, REGION_MEMFD, MiB(3));
	assert_int_equal((uintptr_t)a.addr % MiB(2), 0);
	assert_int_equal((uintptr_t)b.addr % MiB(2), 0);
	assert_true(b.addr >= a.addr + a.len);
	region_close(&a);
	c = open_kind(&arena, REGION_MEMFD, 4096);
	assert_ptr_not_equal(c.addr, first);
	assert_false(readable(first));
	region_close(&b);
	region_close(&c);
}

static void open__read_only(void **state)
{
	struct region_spec spec = { .kind = REGION_MEMFD,
				    .len = 4096,
				    .read_only = true };
	struct region region;

	assert_int_equal(region_open(&region, &arena, &spec), 0);
	assert_true(readable(region.addr));
	assert_false(writable(region.addr));
	assert_int_equal(region_write(&region, 0, "x", 1), 0);
	assert_int_equal(region.addr[0], 'x');
	region_close(&region);
}

static void open__hole(void **state)
{
	struct region_spec spec = { .kind = REGION_MEMFD, .len = KiB(8), .hole = true };
	struct region region;

	assert_int_equal(region_open(&region, &arena, &spec), 0);
	assert_false(region.mapped);
	assert_false(readable(region.addr));
	assert_int_equal(region_map(&region, false), 0);
	assert_true(region.mapped);
	assert_int_equal(resident(&region, 0, KiB(8)), 0);
	assert_true(writable(region.addr));
	region_close(&region);
}

static void open__part_of_a_given_file(void **state)
{
	char path[] = PLACE "/odplab-region-XXXXXX";
	struct region_spec spec = {
		.kind = REGION_FILE, .len = 4096, .path = path, .file_offset = KiB(4)
	};
	struct region region;
	int fd = mkstemp(path);

	assert_int_equal(ftruncate(fd, KiB(8)), 0);
	assert_int_equal(pwrite(fd, "there", 5, KiB(4)), 5);
	assert_int_equal(region_open(&region, &arena, &spec), 0);
	assert_memory_equal(region.addr, "there", 5);
	assert_int_equal(region_write(&region, 0, "T", 1), 0);
	assert_memory_equal(region.addr, "There", 5);
	region_close(&region);
	unlink(path);
	close(fd);
}

static void write__keeps_files_cold(void **state)
{
	static const enum region_kind kinds[] = { REGION_MEMFD, REGION_TMPFS,
						  REGION_FILE };
	static unsigned char data[KiB(64)];

	memset(data, 'd', sizeof(data));
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct region region = open_kind(&arena, kinds[i], KiB(128));
		unsigned char back[KiB(4)];

		assert_int_equal(region_write(&region, KiB(1), data, sizeof(data)), 0);
		assert_int_equal(region_read(&region, KiB(1), back, sizeof(back)), 0);
		assert_memory_equal(back, data, sizeof(back));
		assert_int_equal(resident(&region, 0, KiB(128)), 0);
		assert_true(all_bytes(region.addr, 0, KiB(1)));
		assert_memory_equal(region.addr + KiB(1), data, sizeof(data));
		region_close(&region);
	}
}

static void read__sees_what_the_mapping_stored(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(plain_kinds); i++) {
		struct region region = open_kind(&arena, plain_kinds[i], KiB(8));
		char back[6];

		memcpy(region.addr + 4093, "stored", 6);
		assert_int_equal(region_read(&region, 4093, back, 6), 0);
		assert_memory_equal(back, "stored", 6);
		region_close(&region);
	}
}

/* A file that was cut under the region. */
static void read__after_the_end(void **state)
{
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(8));
	struct capture c = capture_start(stderr);
	char back[KiB(8)], text[512];
	int ret;

	assert_int_equal(ftruncate(region.fd, KiB(4)), 0);
	ret = region_read(&region, 0, back, sizeof(back));
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENODATA);
	one_line(text, "read the file at 4096", "No data");
	region_close(&region);
}

static unsigned int open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (readdir(directory))
		n++;
	closedir(directory);
	return n;
}

/* Each with one line that names the thing, and the remedy where there is one. */
static void refused__with_one_line(void **state)
{
	static const struct {
		struct region_spec spec;
		int error;
		const char *names, *says;
	} cases[] = {
		{ { REGION_FILE, .path = "/nonexistent/place" },
		  -ENOENT,
		  "/nonexistent/place",
		  "No such file or directory" },
		{ { REGION_FILE }, -EINVAL, "file region", "needs a path" },
		{ { REGION_FSDAX }, -EINVAL, "fsdax region", "needs a path" },
		{ { REGION_DEVDAX }, -EINVAL, "devdax region", "/dev/dax0.0" },
		{ { REGION_FSDAX, .path = "/dev/shm" },
		  -EMEDIUMTYPE,
		  "/dev/shm: tmpfs",
		  "mount it with -o dax" },
		{ { REGION_FSDAX_PRIVATE, .path = "/dev/shm" },
		  -EMEDIUMTYPE,
		  "/dev/shm: tmpfs",
		  "mount it with -o dax" },
		{ { REGION_DEVDAX, .path = "/dev/null" },
		  -EMEDIUMTYPE,
		  "/dev/null",
		  "ndctl create-namespace -m devdax" },
		{ { REGION_FILE, .path = "small" },
		  -EFBIG,
		  "small: too small, 8192 bytes",
		  "truncate -s" },
	};
	unsigned int before = open_files();

	assert_int_equal(chdir(PLACE), 0);
	close(creat("small", 0600));
	assert_int_equal(truncate("small", KiB(4)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct region_spec spec = cases[i].spec;
		struct capture c = capture_start(stderr);
		struct region region;
		char text[512];
		int ret;

		spec.len = KiB(8);
		ret = region_open(&region, &arena, &spec);
		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, cases[i].error);
		one_line(text, cases[i].names, cases[i].says);
		assert_int_equal(region.fd, -1);
		assert_null(region.addr);
	}
	assert_int_equal(open_files(), before);
	unlink("small");
}

/* Not later, with a signal at the first access. */
static void refused__no_huge_pages(void **state)
{
	struct region_spec spec = { .kind = REGION_HUGETLB_2M, .len = MiB(2) };
	struct capture c;
	struct region region;
	uint64_t unused = 0;
	char text[512];
	int ret;

	if (file_read_number("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages",
			     &unused) ||
	    unused)
		skip();
	c = capture_start(stderr);
	ret = region_open(&region, &arena, &spec);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENOMEM);
	one_line(text, "hugetlb-2m", "/sys/kernel/mm/hugepages");
}

static void close__gives_all_back(void **state)
{
	unsigned int before = open_files();
	struct region region = open_kind(&arena, REGION_MEMFD, KiB(8));
	unsigned char *addr = region.addr;

	region_close(&region);
	assert_false(readable(addr));
	assert_int_equal(open_files(), before);
	region_close(&region); /* twice does no harm */
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(open__cold),
	cmocka_unit_test(open__knows_facts_about_itself),
	cmocka_unit_test(open__tmpfs_is_tmpfs),
	cmocka_unit_test(open__aligned_and_never_twice_in_one_place),
	cmocka_unit_test(open__read_only),
	cmocka_unit_test(open__hole),
	cmocka_unit_test(open__part_of_a_given_file),
	cmocka_unit_test(write__keeps_files_cold),
	cmocka_unit_test(read__sees_what_the_mapping_stored),
	cmocka_unit_test(read__after_the_end),
	cmocka_unit_test(refused__with_one_line),
	cmocka_unit_test(refused__no_huge_pages),
	cmocka_unit_test(close__gives_all_back),
};

int main(void)
{
	return cmocka_run_group_tests_name("region", tests, make_arena, NULL);
}
