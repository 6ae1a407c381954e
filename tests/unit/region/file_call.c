// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* file_call.c - each call reaches its range of the right file, with its numbers */
#include "region/file_call.h"

#include <errno.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "memory.h"
#include "region/xfs_calls.h"

#define PART KiB(16)

static struct arena arena;
static struct region region, other;

/* The ioctl that was called last, on which file, and with what; what it returns. */
static struct {
	unsigned long request;
	int fd, error, status;
	int flags;	 /* of GETFLAGS, SETFLAGS */
	uint32_t xflags; /* of FSGETXATTR, FSSETXATTR */
	uint64_t words[24];
} host;

static void answer(unsigned long request, void *argument)
{
	struct file_dedupe_range *dedupe = argument;
	uint64_t *moved = argument;

	if (request == FS_IOC_GETFLAGS)
		*(int *)argument = FS_NODUMP_FL;
	else if (request == FS_IOC_SETFLAGS)
		host.flags = *(int *)argument;
	else if (request == FS_IOC_FSGETXATTR)
		((struct fsxattr *)argument)->fsx_xflags = host.xflags;
	else if (request == FS_IOC_FSSETXATTR)
		host.xflags = ((struct fsxattr *)argument)->fsx_xflags;
	else if (request == FIDEDUPERANGE)
		dedupe->info[0].status = host.status;
	else if (_IOC_NR(request) == 15)
		moved[4] = host.status ? 0 : moved[3];
}

int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
	size_t bytes = _IOC_SIZE(request);

	/* a range follows its header; flags are an int, whatever their number says */
	if (request == FIDEDUPERANGE)
		bytes = 56;
	else if (request == FS_IOC_GETFLAGS || request == FS_IOC_SETFLAGS)
		bytes = sizeof(int);

	host.request = request;
	host.fd = fd;
	memcpy(host.words, argument, bytes);
	if (!host.error)
		answer(request, argument);
	errno = host.error;
	return host.error ? -1 : 0;
}

static int call(enum file_call what)
{
	return region_file_call(&region, what, PART, PART, &other);
}

static int setup(void **state)
{
	memset(&host, 0, sizeof(host));
	arena_init(&arena, 0);
	region = open_kind(&arena, REGION_MEMFD, 4 * PART);
	other = open_kind(&arena, REGION_MEMFD, 4 * PART);
	memset(region.addr, 'a', 4 * PART);
	memset(other.addr, 'b', 4 * PART);
	return 0;
}

static int teardown(void **state)
{
	region_close(&region);
	region_close(&other);
	return 0;
}

/* fs/ext4/ext4.h, fs/xfs/libxfs/xfs_fs.h */
static void number__as_the_kernel_has_it(void **state)
{
	assert_int_equal(call(FILE_MOVE_EXTENTS), 0);
	assert_int_equal(host.request, 0xc028660f);
	assert_int_equal(call(FILE_SWAP_EXTENTS), 0);
	assert_int_equal(host.request, 0xc0c0586d);
	assert_int_equal(call(FILE_EXCHANGE_RANGE), 0);
	assert_int_equal(host.request, 0x40285881);
}

static void range__of_both_files(void **state)
{
	const uint64_t theirs = (uint32_t)other.fd, mine = (uint32_t)region.fd;

	call(FILE_MOVE_EXTENTS);
	assert_int_equal(host.fd, region.fd);
	assert_int_equal(host.words[0], theirs << 32);
	assert_int_equal(host.words[1], 4); /* pages */
	assert_int_equal(host.words[2], 4);
	assert_int_equal(host.words[3], 4);
	call(FILE_SWAP_EXTENTS);
	assert_int_equal(host.words[1], mine);
	assert_int_equal(host.words[2], theirs);
	assert_int_equal(host.words[3], 0);
	assert_int_equal(host.words[4], 4 * PART);
	assert_int_not_equal(host.words[14], 0); /* bs_mtime, bs_ctime */
	assert_int_not_equal(host.words[16], 0);
	call(FILE_EXCHANGE_RANGE);
	assert_int_equal(host.fd, region.fd);
	assert_int_equal(host.words[0], theirs);
	assert_int_equal(host.words[1], PART);
	assert_int_equal(host.words[2], PART);
	assert_int_equal(host.words[3], PART);
	call(FILE_CLONE_RANGE);
	assert_int_equal(host.request, FICLONERANGE);
	assert_int_equal(host.fd, region.fd);
	assert_int_equal(host.words[0], theirs);
	assert_int_equal(host.words[1], PART);
	assert_int_equal(host.words[2], PART);
	assert_int_equal(host.words[3], PART);
	call(FILE_DEDUPE);
	assert_int_equal(host.request, FIDEDUPERANGE);
	assert_int_equal(host.fd, other.fd);
	assert_int_equal(host.words[0], PART);
	assert_int_equal(host.words[1], PART);
	assert_int_equal(host.words[2], 1);
	assert_int_equal(host.words[3], mine);
	assert_int_equal(host.words[4], PART);
}

static void error__is_returned(void **state)
{
	static const enum file_call ioctls[] = { FILE_MOVE_EXTENTS,   FILE_SWAP_EXTENTS,
						 FILE_EXCHANGE_RANGE, FILE_DEDUPE,
						 FILE_CLONE_RANGE,    FILE_IMMUTABLE,
						 FILE_APPEND_ONLY,    FILE_TOGGLE_DAX };

	host.error = ENOTTY;
	for (size_t i = 0; i < ARRAY_SIZE(ioctls); i++)
		assert_int_equal(call(ioctls[i]), -ENOTTY);
	host.error = 0;
	host.status = -EXDEV;
	assert_int_equal(call(FILE_DEDUPE), -EXDEV);
	host.status = FILE_DEDUPE_RANGE_DIFFERS;
	assert_int_equal(call(FILE_DEDUPE), -EBADMSG);
	assert_int_equal(call(FILE_MOVE_EXTENTS), -EIO); /* of which it moved none */
	assert_int_equal(call(FILE_UNSHARE), -EOPNOTSUPP);
}

static void flag__is_added(void **state)
{
	assert_int_equal(call(FILE_IMMUTABLE), 0);
	assert_int_equal(host.flags, FS_NODUMP_FL | FS_IMMUTABLE_FL);
	assert_int_equal(call(FILE_APPEND_ONLY), 0);
	assert_int_equal(host.flags, FS_NODUMP_FL | FS_APPEND_FL);
	host.xflags = FS_XFLAG_NODUMP;
	assert_int_equal(call(FILE_TOGGLE_DAX), 0);
	assert_int_equal(host.xflags, FS_XFLAG_NODUMP | FS_XFLAG_DAX);
	assert_int_equal(call(FILE_TOGGLE_DAX), 0);
	assert_int_equal(host.xflags, FS_XFLAG_NODUMP);
}

static void data__of_the_range_alone(void **state)
{
	assert_int_equal(call(FILE_REWRITE), 0);
	assert_int_equal(call(FILE_KEEP_SIZE), 0);
	assert_true(all_bytes(region.addr, 'a', 4 * PART));
	assert_int_equal(call(FILE_COPY_RANGE), 0);
	assert_true(all_bytes(region.addr, 'a', PART));
	assert_true(all_bytes(region.addr + PART, 'b', PART));
	assert_true(all_bytes(region.addr + 2 * PART, 'a', 2 * PART));
	assert_true(all_bytes(other.addr, 'b', 4 * PART));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(number__as_the_kernel_has_it), TEST(range__of_both_files),
	TEST(error__is_returned),	    TEST(flag__is_added),
	TEST(data__of_the_range_alone),
};

int main(void)
{
	return cmocka_run_group_tests_name("file_call", tests, NULL, NULL);
}
