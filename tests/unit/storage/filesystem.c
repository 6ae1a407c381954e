// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* filesystem.c - what a new file is on each filesystem, and the first that is of use */
#include "storage/filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"
#include "capture.h"
#include "storage/dax.h"

/* What the kernel says of a file, and its mounts. */
static struct {
	bool dax, map_sync;
	long magic;
	int statfs_error, truncate_error, ioctl_error, mounts_error;
	uint32_t shut_down; /* its flags */
	struct mount mounts[3];
	unsigned int n, seen;
} host;

bool __wrap_dax_file(int fd);
bool __wrap_dax_file(int fd)
{
	return host.dax;
}

bool __wrap_dax_map_sync(int fd);
bool __wrap_dax_map_sync(int fd)
{
	return host.map_sync;
}

int __wrap_fstatfs64(int fd, struct statfs *st);
int __wrap_fstatfs64(int fd, struct statfs *st)
{
	errno = host.statfs_error;
	*st = (struct statfs){ .f_type = host.magic };
	return errno ? -1 : 0;
}

int __wrap_ftruncate64(int fd, off_t len);
int __wrap_ftruncate64(int fd, off_t len)
{
	assert_int_equal(len, PAGE_BYTES);
	return host.truncate_error ? -1 : 0;
}

/* EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN */
#define SHUT_DOWN 0x8004587d

int __wrap_ioctl(int fd, unsigned long request, uintptr_t argument);
int __wrap_ioctl(int fd, unsigned long request, uintptr_t argument)
{
	if (request == SHUT_DOWN) {
		host.shut_down = *(uint32_t *)argument;
		errno = host.ioctl_error;
		return host.ioctl_error ? -1 : 0;
	}
	assert_int_equal(request, FICLONE);
	assert_int_not_equal(fd, argument);
	return host.ioctl_error ? -1 : 0;
}

int __wrap_mount_for_each(bool (*each)(const struct mount *mount, void *data),
			  void *data);
int __wrap_mount_for_each(bool (*each)(const struct mount *mount, void *data), void *data)
{
	for (host.seen = 0; host.seen < host.n; host.seen++)
		if (each(&host.mounts[host.seen], data))
			break;
	return host.mounts_error;
}

static void add_mount(const char *type, const char *point)
{
	struct mount *mount = &host.mounts[host.n++];

	snprintf(mount->type, sizeof(mount->type), "%s", type);
	snprintf(mount->point, sizeof(mount->point), "%s", point);
}

static int reset(void **state)
{
	memset(&host, 0, sizeof(host));
	return 0;
}

static void name__of_the_magic_number(void **state)
{
	static const struct {
		long magic;
		const char *name;
	} rows[] = {
		{ 0xef53, "ext4" },
		{ 0x58465342, "xfs" },
		{ (long)0x9123683e, "btrfs" },
		{ 0x01021994, "tmpfs" },
		{ 0x6969, "nfs" },
		{ 0x1234, "0x1234" },
	};
	char name[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		host.magic = rows[i].magic;
		assert_int_equal(filesystem_name(0, name, sizeof(name)), 0);
		assert_string_equal(name, rows[i].name);
	}
}

static void name__no_filesystem(void **state)
{
	struct capture log = capture_start(stderr);
	char name[16], text[128];
	int ret;

	host.statfs_error = EIO;
	ret = filesystem_name(0, name, sizeof(name));
	capture_end(&log, text, sizeof(text));
	assert_int_equal(ret, -EIO);
	assert_non_null(strstr(text, "fstatfs"));
}

static void try__a_new_file(void **state)
{
	static const struct {
		const char *directory;
		bool dax, map_sync;
		enum filesystem_use use;
		const char *name;
	} rows[] = {
		{ "/none", true, true, FILESYSTEM_UNUSABLE, "not writable" },
		{ "/proc", true, true, FILESYSTEM_UNUSABLE, "not writable" },
		{ "/dev/shm", false, true, FILESYSTEM_PAGE_CACHE, "page cache" },
		{ "/dev/shm", true, false, FILESYSTEM_DAX, "DAX" },
		{ "/dev/shm", true, true, FILESYSTEM_DAX_SYNC, "DAX, MAP_SYNC" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		host.dax = rows[i].dax;
		host.map_sync = rows[i].map_sync;
		assert_int_equal(filesystem_try(rows[i].directory), rows[i].use);
		assert_string_equal(filesystem_use_name(rows[i].use), rows[i].name);
	}
}

static void try__no_room(void **state)
{
	host.truncate_error = ENOSPC;
	assert_int_equal(filesystem_try("/dev/shm"), FILESYSTEM_UNUSABLE);
}

/* A mount without a disk is not looked at, the first of use ends the search. */
static void find__first_of_use(void **state)
{
	char directory[32] = "";

	add_mount("tmpfs", "/proc"); /* refuses a file, were it tried */
	add_mount("ext4", "/none");
	add_mount("xfs", "/dev/shm");
	host.dax = true;
	assert_true(filesystem_find(FILESYSTEM_DAX, directory, sizeof(directory)));
	assert_string_equal(directory, "/dev/shm");
	assert_int_equal(host.seen, 2);
	assert_false(filesystem_find(FILESYSTEM_DAX_SYNC, directory, sizeof(directory)));
	assert_false(
		filesystem_find(FILESYSTEM_PAGE_CACHE, directory, sizeof(directory)));
	host.map_sync = true;
	assert_true(filesystem_find(FILESYSTEM_DAX, directory, sizeof(directory)));
	assert_true(filesystem_find(FILESYSTEM_DAX_SYNC, directory, sizeof(directory)));
	host.dax = false;
	assert_true(filesystem_find(FILESYSTEM_PAGE_CACHE, directory, sizeof(directory)));
}

static void find__without_a_disk(void **state)
{
	char directory[32];

	add_mount("tmpfs", "/dev/shm");
	add_mount("ext4dev", "/dev/shm");
	assert_false(
		filesystem_find(FILESYSTEM_PAGE_CACHE, directory, sizeof(directory)));
	assert_int_equal(host.seen, 2);
}

/* A name that does not fit is not found, rather than cut. */
static void find__name_too_long(void **state)
{
	char directory[8];

	add_mount("ext4", "/dev/shm");
	assert_false(
		filesystem_find(FILESYSTEM_PAGE_CACHE, directory, sizeof(directory)));
	assert_true(filesystem_find(FILESYSTEM_PAGE_CACHE, (char[9]){ 0 }, 9));
}

static void find__no_mountinfo(void **state)
{
	struct capture log = capture_start(stderr);
	char directory[32], text[128];
	bool found;

	host.mounts_error = -ENOENT;
	found = filesystem_find(FILESYSTEM_DAX, directory, sizeof(directory));
	capture_end(&log, text, sizeof(text));
	assert_false(found);
	assert_non_null(strstr(text, "/proc/self/mountinfo"));
}

static void file__regular(void **state)
{
	assert_true(file_is_regular("/proc/self/status"));
	assert_false(file_is_regular("/proc"));
	assert_false(file_is_regular("/dev/null"));
	assert_false(file_is_regular("/none"));
}

static void clones__two_new_files(void **state)
{
	assert_true(filesystem_clones("/dev/shm"));
	host.ioctl_error = EOPNOTSUPP;
	assert_false(filesystem_clones("/dev/shm"));
	host.ioctl_error = 0;
	assert_false(filesystem_clones("/none"));
}

/* Its flags: enough of xfs_fs.h. */
static void shut_down__as_asked(void **state)
{
	assert_int_equal(filesystem_shut_down(7, SHUTDOWN_UNFLUSHED), 0);
	assert_int_equal(host.shut_down, 2);
	assert_int_equal(filesystem_shut_down(7, SHUTDOWN_LOGGED), 0);
	assert_int_equal(host.shut_down, 1);
	assert_int_equal(filesystem_shut_down(7, SHUTDOWN_FLUSHED), 0);
	assert_int_equal(host.shut_down, 0);
	host.ioctl_error = EPERM;
	assert_int_equal(filesystem_shut_down(7, SHUTDOWN_FLUSHED), -EPERM);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

static const struct CMUnitTest tests[] = {
	TEST(name__of_the_magic_number),
	TEST(name__no_filesystem),
	TEST(try__a_new_file),
	TEST(try__no_room),
	TEST(find__first_of_use),
	TEST(find__without_a_disk),
	TEST(find__name_too_long),
	TEST(find__no_mountinfo),
	TEST(file__regular),
	TEST(clones__two_new_files),
	TEST(shut_down__as_asked),
};

int main(void)
{
	return cmocka_run_group_tests_name("filesystem", tests, NULL, NULL);
}
