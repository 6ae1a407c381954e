/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * xfs_calls.h - ioctls of xfs, whose header (xfs/xfs_fs.h) is in no package of the kernel
 *
 * Facts are of fs/xfs/libxfs/xfs_fs.h of Linux.
 */
#ifndef ODPLAB_REGION_XFS_CALLS_H
#define ODPLAB_REGION_XFS_CALLS_H

#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* struct xfs_bstime, of 64-bit machines */
struct xfs_time {
	int64_t seconds;
	int32_t nanoseconds, pad;
};

/* struct xfs_swapext, whose last member is a struct xfs_bstat */
struct xfs_swap {
	int64_t version, target, other, offset, len;
	char pad[16];
	struct {
		char before_times[40]; /* the kernel reads the times only */
		struct xfs_time accessed, modified, changed;
		char after_times[48];
	} stat;
};

/* struct xfs_exchange_range */
struct xfs_exchange {
	int32_t other;
	uint32_t pad;
	uint64_t other_offset, offset, len, flags;
};

/* Fails with EBUSY where the file has changed since @st. Returns as ioctl() does. */
static inline int xfs_swap_extents(int fd, int other, const struct stat *st)
{
	struct xfs_swap swap = {
		.target = fd,
		.other = other,
		.len = st->st_size,
		.stat = { .modified = { st->st_mtim.tv_sec, (int32_t)st->st_mtim.tv_nsec,
					0 },
			  .changed = { st->st_ctim.tv_sec, (int32_t)st->st_ctim.tv_nsec,
				       0 } },
	};

	return ioctl(fd, _IOWR('X', 109, struct xfs_swap), &swap);
}

static inline int xfs_exchange_range(int fd, int other, uint64_t offset, uint64_t len)
{
	struct xfs_exchange exchange = {
		.other = other, .other_offset = offset, .offset = offset, .len = len
	};

	return ioctl(fd, _IOW('X', 129, struct xfs_exchange), &exchange);
}

#endif
