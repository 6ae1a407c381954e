// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * block_device.c - disks, partitions and namespaces of persistent memory, as sysfs has
 * them
 */
#include "storage/block_device.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <cmocka.h>

#include "base/util.h"
#include "fake_files.h"

/*
 * sysfs: the folder of the device, and where its disk's link "device" leads; NULL:
 * nowhere.
 */
static struct {
	const char *disk, *link, *parent;
} sysfs;

char *__wrap_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved)
{
	assert_string_equal(path, "/sys/dev/block/259:3");
	if (!sysfs.disk)
		return NULL;
	return strcpy(resolved, sysfs.disk);
}

ssize_t __wrap_readlink(const char *path, char *text, size_t size);
ssize_t __wrap_readlink(const char *path, char *text, size_t size)
{
	size_t len;

	if (!sysfs.parent) {
		errno = ENOENT;
		return -1;
	}
	assert_string_equal(path, sysfs.link);
	len = strlen(sysfs.parent);
	assert_true(size < PATH_MAX); /* its end needs a byte */
	memset(text, 'x', size);
	memcpy(text, sysfs.parent, len); /* without its end, as readlink() does */
	return (ssize_t)len;
}

static struct block_device query(void)
{
	struct block_device device;

	memset(&device, 0xa5, sizeof(device));
	block_device_query(makedev(259, 3), &device);
	return device;
}

static int reset(void **state)
{
	memset(&sysfs, 0, sizeof(sysfs));
	fake_files_reset();
	return 0;
}

/* tmpfs, overlay and nfs have a number without a device. */
static void query__no_device(void **state)
{
	struct block_device device = query();

	assert_false(device.known);
	assert_false(device.dax);
	assert_int_equal(device.mode, NAMESPACE_NONE);
}

static void query__disk_without_dax(void **state)
{
	struct block_device device;

	sysfs.disk = "/sys/devices/pci/nvme0/nvme0n1";
	fake_file("/sys/devices/pci/nvme0/nvme0n1/queue/dax", "0", 0);
	device = query();
	assert_true(device.known);
	assert_string_equal(device.name, "nvme0n1");
	assert_false(device.dax);
	assert_int_equal(device.mode, NAMESPACE_NONE);
	assert_int_equal(device.start, 0);
	fake_files_reset(); /* a kernel without the file */
	assert_false(query().dax);
}

static void query__modes_of_a_namespace(void **state)
{
	static const struct {
		const char *parent;
		enum namespace_mode mode;
		const char *name;
	} rows[] = {
		{ "../../../pfn0.0", NAMESPACE_FSDAX, "fsdax" },
		{ "pfn0.0", NAMESPACE_FSDAX, "fsdax" },
		{ "../../../btt0.0", NAMESPACE_SECTOR, "sector" },
		{ "../../../namespace0.0", NAMESPACE_RAW, "raw" },
		{ "../../../dax0.0", NAMESPACE_NONE, "" },
		{ "../pfn0/virtio3", NAMESPACE_NONE, "" },
		{ "", NAMESPACE_NONE, "" },
		{ NULL, NAMESPACE_NONE, "" },
	};

	sysfs.disk = "/sys/devices/ndbus0/region0/pfn0.0/block/pmem0";
	sysfs.link = "/sys/devices/ndbus0/region0/pfn0.0/block/pmem0/device";
	fake_file("/sys/devices/ndbus0/region0/pfn0.0/block/pmem0/queue/dax", "1", 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct block_device device;

		sysfs.parent = rows[i].parent;
		device = query();
		assert_string_equal(device.name, "pmem0");
		assert_true(device.dax);
		assert_int_equal(device.mode, rows[i].mode);
		assert_string_equal(namespace_mode_name(device.mode), rows[i].name);
	}
}

/* What belongs to the disk is in the folder above. */
static void query__partition(void **state)
{
	struct block_device device;

	sysfs.disk = "/sys/block/pmem0/pmem0p1";
	sysfs.link = "/sys/block/pmem0/device";
	sysfs.parent = "../../../pfn0.0";
	fake_file("/sys/block/pmem0/pmem0p1/start", "4096", 0);
	fake_file("/sys/block/pmem0/queue/dax", "1", 0);
	device = query();
	assert_string_equal(device.name, "pmem0p1");
	assert_int_equal(device.start, 4096 * 512);
	assert_true(device.dax);
	assert_int_equal(device.mode, NAMESPACE_FSDAX);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

static const struct CMUnitTest tests[] = {
	TEST(query__no_device),
	TEST(query__disk_without_dax),
	TEST(query__modes_of_a_namespace),
	TEST(query__partition),
};

int main(void)
{
	return cmocka_run_group_tests_name("block_device", tests, NULL, NULL);
}
