// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* room.c - a region that is too large for memory, huge pages, a filesystem or a device */
#include "env/room.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include <cmocka.h>

#include "base/util.h"
#include "env/env.h"
#include "env/memory.h"
#include "storage/dax.h"

/* What the host has free, in bytes; UINT64_MAX: it does not say. */
static struct {
	uint64_t memory, filesystem, device, huge_2m, huge_1g;
	uint64_t overcommit, surplus; /* huge pages of either size */
	const char *place;	      /* the filesystem */
	const char *cgroup;	      /* that limits the memory */
	bool no_blocks;		      /* it counts none */
} host;

int __wrap_memory_left(struct memory_left *left);
int __wrap_file_read_number(const char *path, uint64_t *number);
int __wrap_statvfs64(const char *path, struct statvfs *filesystem);
int __wrap_dax_device_query(const char *path, struct dax_device *device);

int __wrap_memory_left(struct memory_left *left)
{
	left->bytes = host.memory;
	snprintf(left->cgroup, sizeof(left->cgroup), "%s", host.cgroup);
	left->limit = "memory.limit";
	return host.memory == UINT64_MAX ? -ENOENT : 0;
}

int __wrap_file_read_number(const char *path, uint64_t *number)
{
	bool large = strstr(path, "hugepages-1048576kB/");

	assert_true(large || strstr(path, "hugepages-2048kB/"));
	if (!strstr(path, "/free_hugepages")) {
		bool more = strstr(path, "/nr_overcommit_hugepages");

		assert_true(more || strstr(path, "/surplus_hugepages"));
		*number = more ? host.overcommit : host.surplus;
		return 0;
	}
	*number = large ? host.huge_1g / GiB(1) : host.huge_2m / MiB(2);
	return (large ? host.huge_1g : host.huge_2m) == UINT64_MAX ? -ENOENT : 0;
}

int __wrap_statvfs64(const char *path, struct statvfs *filesystem)
{
	assert_string_equal(path, host.place);
	*filesystem = (struct statvfs){ .f_blocks = !host.no_blocks,
					.f_bfree = UINT32_MAX, /* root's alone */
					.f_bavail = host.filesystem / KiB(4),
					.f_frsize = KiB(4),
					.f_bsize = 1 };
	return host.filesystem == UINT64_MAX ? -1 : 0;
}

int __wrap_dax_device_query(const char *path, struct dax_device *device)
{
	assert_string_equal(path, "/dev/dax0.0");
	device->size = host.device;
	return host.device == UINT64_MAX ? -ENODEV : 0;
}

static const struct env env = {
	.place = { [REGION_FILE] = "/pmem",
		   [REGION_FSDAX] = "/pmem",
		   [REGION_FSDAX_PRIVATE] = "/pmem",
		   [REGION_DEVDAX] = "/dev/dax0.0" },
};

/* @why: NULL: there is room. */
static void expect(enum region_kind kind, uint64_t bytes, uint64_t memory,
		   const char *why)
{
	char text[256] = "";

	if (room_for(&env, kind, bytes, memory, text, sizeof(text)))
		assert_null(why);
	else
		assert_string_equal(text, why ? why : "there is room");
}

static int fill_host(void **state)
{
	host.memory = GiB(4);
	host.cgroup = "";
	host.filesystem = MiB(100);
	host.device = MiB(200);
	host.place = "/pmem";
	host.no_blocks = false;
	host.huge_2m = MiB(20);
	host.overcommit = host.surplus = 0;
	host.huge_1g = GiB(2);
	return 0;
}

static void memory__is_for_the_region_and_the_rest(void **state)
{
	static const enum region_kind kinds[] = { REGION_ANON, REGION_THP, REGION_MEMFD };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		expect(kinds[i], GiB(2), GiB(2), NULL);
		expect(kinds[i], GiB(2) + MiB(1), GiB(2),
		       "needs 4097M of memory, but only 4G is free");
	}
}

static void memory__of_a_control_group(void **state)
{
	host.cgroup = "/sys/fs/cgroup/lab";
	expect(REGION_ANON, GiB(4), 0, NULL);
	expect(REGION_ANON, GiB(5), 0,
	       "needs 5G of memory within memory.limit of /sys/fs/cgroup/lab, but only "
	       "4G "
	       "is free");
}

static void place__limits_a_region_of_files(void **state)
{
	static const enum region_kind kinds[] = { REGION_FILE, REGION_FSDAX,
						  REGION_FSDAX_PRIVATE };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		expect(kinds[i], MiB(100), GiB(4), NULL);
		expect(kinds[i], MiB(101), 0,
		       "needs 101M of /pmem, but only 100M is free");
		expect(kinds[i], MiB(1), GiB(5),
		       "needs 5G of memory, but only 4G is free");
	}
}

/* Its files are memory too. */
static void tmpfs__limits_and_memory_does(void **state)
{
	host.place = "/dev/shm";
	expect(REGION_TMPFS, MiB(100), GiB(3), NULL);
	expect(REGION_TMPFS, MiB(101), 0,
	       "needs 101M of /dev/shm, but only 100M is free");
	expect(REGION_TMPFS, MiB(100), GiB(4),
	       "needs 4196M of memory, but only 4G is free");
	host.filesystem = KiB(64);
	expect(REGION_TMPFS, KiB(68), 0, "needs 68K of /dev/shm, but only 64K is free");
	/* size=0: it has no limit of its own */
	host.filesystem = 0;
	host.no_blocks = true;
	expect(REGION_TMPFS, GiB(1), 0, NULL);
}

static void device__limits_a_region_of_it(void **state)
{
	expect(REGION_DEVDAX, MiB(200), GiB(4), NULL);
	expect(REGION_DEVDAX, MiB(202), 0,
	       "needs 202M of /dev/dax0.0, but only 200M is free");
}

static void huge_pages__limit_a_region_of_them(void **state)
{
	expect(REGION_HUGETLB_2M, MiB(20), GiB(4), NULL);
	expect(REGION_HUGETLB_2M, MiB(22), 0,
	       "needs 22M of huge pages, but only 20M is free");
	expect(REGION_HUGETLB_1G, GiB(2), GiB(4), NULL);
	expect(REGION_HUGETLB_1G, GiB(3), 0,
	       "needs 3G of huge pages, but only 2G is free");
}

static void huge_pages__are_made_on_request(void **state)
{
	host.overcommit = 5;
	host.surplus = 3;
	expect(REGION_HUGETLB_2M, MiB(24), 0, NULL);
	expect(REGION_HUGETLB_2M, MiB(26), 0,
	       "needs 26M of huge pages, but only 24M is free");
	host.surplus = 6; /* the limit was lowered since */
	expect(REGION_HUGETLB_2M, MiB(20), 0, NULL);
	expect(REGION_HUGETLB_2M, MiB(22), 0,
	       "needs 22M of huge pages, but only 20M is free");
}

static void unknown__is_room_enough(void **state)
{
	memset(&host, 0xff, sizeof(host));
	host.cgroup = "";
	host.no_blocks = false;
	for (int kind = 0; kind < REGION_KINDS; kind++) {
		host.place = kind == REGION_TMPFS ? "/dev/shm" : "/pmem";
		expect((enum region_kind)kind, GiB(64), GiB(64), NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(memory__is_for_the_region_and_the_rest, fill_host),
		cmocka_unit_test_setup(memory__of_a_control_group, fill_host),
		cmocka_unit_test_setup(place__limits_a_region_of_files, fill_host),
		cmocka_unit_test_setup(tmpfs__limits_and_memory_does, fill_host),
		cmocka_unit_test_setup(device__limits_a_region_of_it, fill_host),
		cmocka_unit_test_setup(huge_pages__limit_a_region_of_them, fill_host),
		cmocka_unit_test_setup(huge_pages__are_made_on_request, fill_host),
		cmocka_unit_test(unknown__is_room_enough),
	};

	return cmocka_run_group_tests_name("room", tests, NULL, NULL);
}
