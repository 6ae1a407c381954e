/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * region_ops.h - what user space can do to a mapping or its file while a device may reach
 * it
 *
 * Each of these makes the kernel invalidate the device's translations of the range.
 * Offsets and lengths are in bytes, relative to the region, and multiples of a page.
 * All return 0 or -errno after one line.
 */
#ifndef ODPLAB_REGION_REGION_OPS_H
#define ODPLAB_REGION_REGION_OPS_H

#include "region/region.h"

/* MADV_DONTNEED: the next access faults. The data remains, unless .evict_loses_data. */
int region_evict(struct region *region, uint64_t offset, size_t len);

/* munmap() of a part; the addresses stay free. */
int region_unmap(struct region *region, uint64_t offset, size_t len);

/* mmap() of the same part of the same file, or of new anonymous memory, over itself. */
int region_remap(struct region *region, uint64_t offset, size_t len);

/*
 * mmap() of the start of another region's file over this one; -EINVAL where that has no
 * file. region_read() and region_write() still use this region's own file.
 */
int region_map_other_file(struct region *region, uint64_t offset, size_t len,
			  const struct region *other);

/* mprotect() */
enum region_protection {
	REGION_READ_WRITE,
	REGION_READ_ONLY,
	REGION_NO_ACCESS,
};
int region_protect(struct region *region, uint64_t offset, size_t len,
		   enum region_protection protection);

/*
 * Files: ftruncate() to @size bytes; fallocate() of a hole, of zeros, of blocks, or of a
 * range to remove or insert, which moves all data after it and must be a multiple of the
 * block size; fdatasync().
 */
int region_truncate(struct region *region, uint64_t size);
int region_punch(struct region *region, uint64_t offset, size_t len);
int region_zero(struct region *region, uint64_t offset, size_t len);
int region_allocate(struct region *region, uint64_t offset, size_t len);
int region_collapse(struct region *region, uint64_t offset, size_t len);
int region_insert(struct region *region, uint64_t offset, size_t len);
int region_sync(struct region *region);

/*
 * FICLONE: the region's file shares all blocks of @source's file, and loses its own data.
 * -EOPNOTSUPP: the filesystem has no reflinks.
 */
int region_clone(struct region *region, const struct region *source);

/* Bytes that the file has on the media (st_blocks). */
int region_allocated(const struct region *region, uint64_t *bytes);

/*
 * Makes the range persistent: flushes CPU caches (libpmem) where it is DAX, else msync().
 */
int region_persist(struct region *region, uint64_t offset, size_t len);

#endif
