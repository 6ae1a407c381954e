/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * invalidate.h - the ways to invalidate pages that a device has mapped
 *
 * Each is a whole cycle: it makes the kernel invalidate the device's translations of a
 * range and restores the region, except for its data where the way discards that
 * (MADV_DONTNEED of private memory). Single operations are in region_ops.h.
 */
#ifndef ODPLAB_INVALIDATION_INVALIDATE_H
#define ODPLAB_INVALIDATION_INVALIDATE_H

#include "region/region.h"

enum invalidator {
	BY_DONTNEED,   /* MADV_DONTNEED; private memory loses its data */
	BY_RENEWAL,    /* likewise, and the CPU writes each page again */
	BY_FREE,       /* MADV_FREE: private memory may lose its data later */
	BY_PAGEOUT,    /* MADV_PAGEOUT: to swap, or back to the file */
	BY_REMAP,      /* mmap() of the same in the same place; as MADV_DONTNEED */
	BY_MREMAP,     /* moved away by mremap(), and back */
	BY_READ_ONLY,  /* mprotect(PROT_READ), and back */
	BY_NO_ACCESS,  /* mprotect(PROT_NONE), and back */
	BY_FORK,       /* a child that ends at once: all private pages are to be copied */
	BY_COLLAPSE,   /* MADV_COLLAPSE into huge pages, which are then split again */
	BY_MIGRATION,  /* move_pages(2) to another NUMA node, to and fro */
	BY_COMPACTION, /* compact_memory: all of the host's, see compaction.h */
	BY_MERGING,    /* with copies, by KSM, and parted again: see ksm.h */
	BY_SOFT_OFFLINE,    /* of one page, whose frame is put back to use: offline.h */
	BY_RECLAIM,	    /* memory.reclaim of the process's own cgroup: see cgroup.h */
	BY_DEMOTION,	    /* by reclaim, to a slower node, and back: see demotion.h */
	BY_GUARD,	    /* MADV_GUARD_INSTALL, and _REMOVE; the data is lost */
	BY_DEVICE_MEMORY,   /* migration into a device's own memory: region/mirror.h */
	BY_COHERENT_MEMORY, /* into memory of a device that all can use */
	BY_EXCLUSIVE_ACCESS, /* of a device to the pages, which stay where they are */
	BY_MIRRORED_REMAP,   /* as BY_REMAP, of pages that a second mirror has read */
	INVALIDATORS
};

/* "MADV_DONTNEED" */
const char *invalidator_name(enum invalidator by);

/*
 * One cycle over a range of whole pages. @turn counts the cycles, for those that
 * alternate. Returns 0; -EAGAIN where the kernel could not do it this time; -EBADMSG
 * where data changed while the range was read-only; or -errno after one line.
 */
int region_invalidate(struct region *region, uint64_t offset, size_t len,
		      enum invalidator by, uint64_t turn);

#endif
