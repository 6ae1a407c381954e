// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * region_ops.c - what user space can do to a mapping or its file while a device may reach
 * it
 */
#include "region/region_ops.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "region/pmem.h"
#include "region/region_kinds.h"

int region_evict(struct region *region, uint64_t offset, size_t len)
{
	if (madvise(region->addr + offset, len, MADV_DONTNEED))
		return log_errno(errno, "MADV_DONTNEED of %zu bytes", len);
	return 0;
}

int region_unmap(struct region *region, uint64_t offset, size_t len)
{
	if (munmap(region->addr + offset, len))
		return log_errno(errno, "munmap of %zu bytes", len);
	return 0;
}

int region_remap(struct region *region, uint64_t offset, size_t len)
{
	int flags = region_kind_ops(region->kind)->map_flags | MAP_FIXED;
	void *addr = mmap(region->addr + offset, len, PROT_READ | PROT_WRITE, flags,
			  region->fd, (off_t)(region->file_offset + offset));

	if (addr == MAP_FAILED)
		return log_errno(errno, "mmap of %zu bytes in place", len);
	return 0;
}

int region_map_other_file(struct region *region, uint64_t offset, size_t len,
			  const struct region *other)
{
	int flags = other->map_sync ? MAP_SHARED_VALIDATE | MAP_SYNC :
				      region_kind_ops(other->kind)->map_flags;
	void *addr;

	if (other->fd < 0 || len > other->len)
		return log_errno(EINVAL, "another region's %zu bytes in place", len);
	addr = mmap(region->addr + offset, len, PROT_READ | PROT_WRITE, flags | MAP_FIXED,
		    other->fd, (off_t)other->file_offset);
	if (addr == MAP_FAILED)
		return log_errno(errno, "mmap of another region in place");
	return 0;
}

int region_protect(struct region *region, uint64_t offset, size_t len,
		   enum region_protection protection)
{
	static const int prots[] = {
		[REGION_READ_WRITE] = PROT_READ | PROT_WRITE,
		[REGION_READ_ONLY] = PROT_READ,
		[REGION_NO_ACCESS] = PROT_NONE,
	};

	if (mprotect(region->addr + offset, len, prots[protection]))
		return log_errno(errno, "mprotect of %zu bytes", len);
	return 0;
}

int region_truncate(struct region *region, uint64_t size)
{
	if (ftruncate(region->fd, (off_t)(region->file_offset + size)))
		return log_errno(errno, "truncate to %llu bytes",
				 (unsigned long long)size);
	return 0;
}

static int change_file(struct region *region, int mode, uint64_t offset, size_t len,
		       const char *what)
{
	if (fallocate(region->fd, mode, (off_t)(region->file_offset + offset),
		      (off_t)len))
		return log_errno(errno, "%s of %zu bytes at %llu", what, len,
				 (unsigned long long)offset);
	return 0;
}

int region_punch(struct region *region, uint64_t offset, size_t len)
{
	return change_file(region, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset,
			   len, "punch a hole");
}

int region_zero(struct region *region, uint64_t offset, size_t len)
{
	return change_file(region, FALLOC_FL_ZERO_RANGE, offset, len, "zero a range");
}

int region_allocate(struct region *region, uint64_t offset, size_t len)
{
	return change_file(region, 0, offset, len, "allocate blocks");
}

int region_collapse(struct region *region, uint64_t offset, size_t len)
{
	return change_file(region, FALLOC_FL_COLLAPSE_RANGE, offset, len,
			   "collapse a range");
}

int region_insert(struct region *region, uint64_t offset, size_t len)
{
	return change_file(region, FALLOC_FL_INSERT_RANGE, offset, len, "insert a range");
}

int region_clone(struct region *region, const struct region *source)
{
	if (ioctl(region->fd, FICLONE, source->fd))
		return log_errno(errno, "clone a file (FICLONE) on %s",
				 region->filesystem);
	return 0;
}

int region_sync(struct region *region)
{
	if (fdatasync(region->fd))
		return log_errno(errno, "fdatasync");
	return 0;
}

int region_allocated(const struct region *region, uint64_t *bytes)
{
	struct stat st;

	if (fstat(region->fd, &st))
		return log_errno(errno, "fstat");
	*bytes = (uint64_t)st.st_blocks * 512;
	return 0;
}

int region_persist(struct region *region, uint64_t offset, size_t len)
{
	uint64_t from = round_down(offset, PAGE_BYTES);

	if (region->map_sync || region_kind_ops(region->kind)->is_media) {
		pmem_persist_range(region->addr + offset, len);
		return 0;
	}
	if (msync(region->addr + from, len + (offset - from), MS_SYNC))
		return log_errno(errno, "msync of %zu bytes", len);
	return 0;
}
