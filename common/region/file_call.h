/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * file_call.h - calls that move, share or allocate the blocks of a region's file, or
 * change its flags, and that a filesystem may not have
 */
#ifndef ODPLAB_REGION_FILE_CALL_H
#define ODPLAB_REGION_FILE_CALL_H

#include "region/region.h"

enum file_call {
	/* with a range of another file, at the same offset */
	FILE_MOVE_EXTENTS, /* EXT4_IOC_MOVE_EXT: the blocks change places, the data stays */
	FILE_SWAP_EXTENTS,   /* XFS_IOC_SWAPEXT: of the whole files, and their data */
	FILE_EXCHANGE_RANGE, /* XFS_IOC_EXCHANGE_RANGE (Linux 6.10): blocks and data */
	FILE_DEDUPE, /* FIDEDUPERANGE: this file takes the equal blocks of the other */
	FILE_CLONE_RANGE, /* FICLONERANGE: this file takes the blocks of the other */
	FILE_COPY_RANGE,  /* copy_file_range() from the other */
	/* of this file alone */
	FILE_UNSHARE,	   /* FALLOC_FL_UNSHARE_RANGE */
	FILE_KEEP_SIZE,	   /* FALLOC_FL_KEEP_SIZE */
	FILE_WRITE_ZEROES, /* FALLOC_FL_WRITE_ZEROES (Linux 6.17) */
	FILE_REWRITE,	   /* pread(), and pwrite() of the same */
	FILE_IMMUTABLE,	   /* FS_IOC_SETFLAGS */
	FILE_APPEND_ONLY,
	FILE_TOGGLE_DAX, /* FS_XFLAG_DAX is set, or is cleared where it was set */
	FILE_CALLS
};

/*
 * @other: a region on the same filesystem, for the calls that need one. Returns 0 or
 * -errno without a line: -ENOTTY, -EOPNOTSUPP or -EINVAL where the filesystem or the
 * kernel has no such call.
 */
int region_file_call(struct region *region, enum file_call call, uint64_t offset,
		     size_t len, const struct region *other);

#endif
