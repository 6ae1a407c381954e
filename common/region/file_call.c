// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * file_call.c - calls that move, share or allocate the blocks of a region's file, or
 * change its flags, and that a filesystem may not have
 */
#include "region/file_call.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "region/xfs_calls.h"

#ifndef FALLOC_FL_WRITE_ZEROES
#define FALLOC_FL_WRITE_ZEROES 0x80
#endif

/* fs/ext4/ext4.h; in blocks, which a DAX file has of a page */
struct move_extent {
	uint32_t reserved, donor_fd;
	uint64_t orig_start, donor_start, len, moved_len;
};
#define EXT4_IOC_MOVE_EXT _IOWR('f', 15, struct move_extent)

/* Where the range is in the file. */
struct range {
	int fd;
	off_t offset;
	size_t len;
};

static int result(int ret)
{
	return ret < 0 ? -errno : 0;
}

static int move_extents(const struct range *range, int other)
{
	struct move_extent move = { .donor_fd = (uint32_t)other,
				    .orig_start = (uint64_t)range->offset / PAGE_BYTES,
				    .donor_start = (uint64_t)range->offset / PAGE_BYTES,
				    .len = range->len / PAGE_BYTES };
	int ret = result(ioctl(range->fd, EXT4_IOC_MOVE_EXT, &move));

	return ret || move.moved_len == move.len ? ret : -EIO;
}

static int swap_extents(const struct range *range, int other)
{
	struct stat st;

	if (fstat(range->fd, &st))
		return -errno;
	return result(xfs_swap_extents(range->fd, other, &st));
}

static int exchange_range(const struct range *range, int other)
{
	return result(xfs_exchange_range(range->fd, other, (uint64_t)range->offset,
					 range->len));
}

static int dedupe(const struct range *range, int other)
{
	_cleanup_free_ struct file_dedupe_range *request =
		calloc(1, sizeof(*request) + sizeof(request->info[0]));

	if (!request)
		return -ENOMEM;
	request->src_offset = (uint64_t)range->offset;
	request->src_length = range->len;
	request->dest_count = 1;
	request->info[0] = (struct file_dedupe_range_info){
		.dest_fd = range->fd,
		.dest_offset = (uint64_t)range->offset,
	};
	if (ioctl(other, FIDEDUPERANGE, request))
		return -errno;
	if (request->info[0].status == FILE_DEDUPE_RANGE_DIFFERS)
		return -EBADMSG;
	return request->info[0].status;
}

static int clone_range(const struct range *range, int other)
{
	struct file_clone_range clone = { .src_fd = other,
					  .src_offset = (uint64_t)range->offset,
					  .src_length = range->len,
					  .dest_offset = (uint64_t)range->offset };

	return result(ioctl(range->fd, FICLONERANGE, &clone));
}

static int copy_range(const struct range *range, int other)
{
	off_t from = range->offset, to = range->offset;
	size_t left = range->len;

	while (left) {
		ssize_t n = copy_file_range(other, &from, range->fd, &to, left, 0);

		if (n <= 0)
			return n ? -errno : -ENODATA;
		left -= (size_t)n;
	}
	return 0;
}

static int unshare(const struct range *range, int other)
{
	return result(fallocate(range->fd, FALLOC_FL_UNSHARE_RANGE, range->offset,
				(off_t)range->len));
}

static int keep_size(const struct range *range, int other)
{
	return result(fallocate(range->fd, FALLOC_FL_KEEP_SIZE, range->offset,
				(off_t)range->len));
}

static int write_zeroes(const struct range *range, int other)
{
	return result(fallocate(range->fd, FALLOC_FL_WRITE_ZEROES, range->offset,
				(off_t)range->len));
}

static int rewrite(const struct range *range, int other)
{
	_cleanup_free_ void *data = malloc(range->len);

	if (!data)
		return -ENOMEM;
	if (pread(range->fd, data, range->len, range->offset) < 0)
		return -errno;
	return result((int)pwrite(range->fd, data, range->len, range->offset));
}

static int set_flag(int fd, int flag)
{
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return -errno;
	flags |= flag;
	return result(ioctl(fd, FS_IOC_SETFLAGS, &flags));
}

static int set_immutable(const struct range *range, int other)
{
	return set_flag(range->fd, FS_IMMUTABLE_FL);
}

static int set_append_only(const struct range *range, int other)
{
	return set_flag(range->fd, FS_APPEND_FL);
}

static int toggle_dax(const struct range *range, int other)
{
	struct fsxattr attributes;

	if (ioctl(range->fd, FS_IOC_FSGETXATTR, &attributes))
		return -errno;
	attributes.fsx_xflags ^= FS_XFLAG_DAX;
	return result(ioctl(range->fd, FS_IOC_FSSETXATTR, &attributes));
}

int region_file_call(struct region *region, enum file_call call, uint64_t offset,
		     size_t len, const struct region *other)
{
	static int (*const calls[FILE_CALLS])(const struct range *range, int other) = {
		[FILE_MOVE_EXTENTS] = move_extents,
		[FILE_SWAP_EXTENTS] = swap_extents,
		[FILE_EXCHANGE_RANGE] = exchange_range,
		[FILE_DEDUPE] = dedupe,
		[FILE_CLONE_RANGE] = clone_range,
		[FILE_COPY_RANGE] = copy_range,
		[FILE_UNSHARE] = unshare,
		[FILE_KEEP_SIZE] = keep_size,
		[FILE_WRITE_ZEROES] = write_zeroes,
		[FILE_REWRITE] = rewrite,
		[FILE_IMMUTABLE] = set_immutable,
		[FILE_APPEND_ONLY] = set_append_only,
		[FILE_TOGGLE_DAX] = toggle_dax,
	};
	const struct range range = { region->fd, (off_t)(region->file_offset + offset),
				     len };

	return calls[call](&range, other->fd);
}
