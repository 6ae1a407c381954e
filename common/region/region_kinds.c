// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* region_kinds.c - the kinds of region: what each is mapped from */
#include "region/region_kinds.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "region/devdax.h"
#include "region/dmabuf.h"
#include "storage/dax.h"
#include "storage/filesystem.h"

#ifndef MAP_HUGE_2MB
#define MAP_HUGE_2MB (21 << 26)
#define MAP_HUGE_1GB (30 << 26)
#endif

#define ANON_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
/* with reservation: else a lack of huge pages is a signal at the first access */
#define HUGETLB_FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)

static int open_memfd(struct region *region, const struct region_spec *spec)
{
	region->fd = memfd_create("odplab", MFD_CLOEXEC);
	if (region->fd < 0)
		return log_errno(errno, "memfd_create");
	if (ftruncate(region->fd, (off_t)region->len))
		return log_errno(errno, "memfd of %zu bytes", region->len);
	return 0;
}

static int open_secret(struct region *region, const struct region_spec *spec)
{
	region->fd = (int)syscall(SYS_memfd_secret, 0);
	if (region->fd < 0)
		return log_errno(errno, "memfd_secret");
	if (ftruncate(region->fd, (off_t)region->len))
		return log_errno(errno, "secret memory of %zu bytes", region->len);
	return 0;
}

static int open_dmabuf(struct region *region, const struct region_spec *spec)
{
	region->fd = dmabuf_new(region->len);
	if (region->fd < 0)
		return log_errno(-region->fd, "a dma-buf of %zu bytes", region->len);
	return 0;
}

/* A file without a name: the kernel removes it with the last reference. */
static int open_unnamed(const char *directory, size_t len)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return log_errno(errno, "make a file in %s", directory);
	if (ftruncate(fd, (off_t)len)) {
		int ret = log_errno(errno, "make a file of %zu bytes in %s", len,
				    directory);

		close(fd);
		return ret;
	}
	return fd;
}

static int open_given(const char *path, uint64_t need)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return log_errno(errno, "open %s", path);
	if (!fstat(fd, &st) && (uint64_t)st.st_size >= need)
		return fd;
	log_error("%s: too small, %llu bytes are needed; enlarge it with truncate -s",
		  path, (unsigned long long)need);
	close(fd);
	return -EFBIG;
}

static int open_path(struct region *region, const struct region_spec *spec,
		     const char *path)
{
	struct stat st;

	if (!path) {
		log_error("a %s region needs a path; name a directory or a file",
			  region_kind_names[spec->kind]);
		return -EINVAL;
	}
	if (stat(path, &st))
		return log_errno(errno, "%s", path);
	region->fd = S_ISDIR(st.st_mode) ?
			     open_unnamed(path, spec->file_offset + region->len) :
			     open_given(path, spec->file_offset + region->len);
	if (region->fd < 0)
		return region->fd;
	return filesystem_name(region->fd, region->filesystem,
			       sizeof(region->filesystem));
}

static int open_tmpfs(struct region *region, const struct region_spec *spec)
{
	return open_path(region, spec, spec->path ? spec->path : REGION_TMPFS_PLACE);
}

static int open_file(struct region *region, const struct region_spec *spec)
{
	return open_path(region, spec, spec->path);
}

static int open_fsdax(struct region *region, const struct region_spec *spec)
{
	int ret;

	ret = open_path(region, spec, spec->path);
	if (ret)
		return ret;
	if (!dax_file(region->fd)) {
		log_error(
			"%s: %s without DAX; mount it with -o dax, from a pmem device in "
			"fsdax mode",
			spec->path, region->filesystem);
		return -EMEDIUMTYPE;
	}
	region->dax = true;
	return 0;
}

static const struct region_kind_ops kinds[] = {
	[REGION_ANON] =
		{
			/* private anonymous memory, 4 KiB pages */
			.page_bytes = PAGE_BYTES,
			.map_flags = ANON_FLAGS,
		},
	[REGION_THP] =
		{
			/* private anonymous memory, transparent huge pages */
			.page_bytes = MiB(2),
			.map_flags = ANON_FLAGS,
			.advice = MADV_HUGEPAGE,
		},
	[REGION_HUGETLB_2M] =
		{
			/* private hugetlb memory, 2 MiB pages */
			.page_bytes = MiB(2),
			.map_flags = HUGETLB_FLAGS | MAP_HUGE_2MB,
		},
	[REGION_HUGETLB_1G] =
		{
			/* private hugetlb memory, 1 GiB pages */
			.page_bytes = GiB(1),
			.map_flags = HUGETLB_FLAGS | MAP_HUGE_1GB,
		},
	[REGION_MEMFD] =
		{
			/* shared memory, a memfd */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_SHARED,
			.open = open_memfd,
		},
	[REGION_SECRET] =
		{
			/* secret memory, which the kernel itself cannot access */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_SHARED,
			.open = open_secret,
		},
	[REGION_DMABUF] =
		{
			/* mapping of a dma-buf, which has no page structures */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_SHARED,
			.open = open_dmabuf,
		},
	[REGION_TMPFS] =
		{
			/* shared mapping of a tmpfs file */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_SHARED,
			.open = open_tmpfs,
		},
	[REGION_FILE] =
		{
			/* shared mapping of a page-cache file */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_SHARED,
			.needs_path = true,
			.open = open_file,
		},
	[REGION_FSDAX] =
		{
			/* shared mapping of a file on a DAX filesystem */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_SHARED,
			.needs_path = true,
			.open = open_fsdax,
		},
	[REGION_FSDAX_PRIVATE] =
		{
			/* private mapping of a file on a DAX filesystem */
			.page_bytes = PAGE_BYTES,
			.map_flags = MAP_PRIVATE,
			.needs_path = true,
			.open = open_fsdax,
		},
	[REGION_DEVDAX] =
		{
			/* a DAX device */
			.page_bytes = MiB(2),
			.map_flags = MAP_SHARED,
			.needs_path = true,
			.is_media = true,
			.open = devdax_open,
			.read = devdax_read,
			.write = devdax_write,
		},
};

const char *const region_kind_names[] = {
#define REGION_KIND(kind, name) name,
#include "region/region_kinds.def"
#undef REGION_KIND
	NULL,
};

_Static_assert(ARRAY_SIZE(kinds) == REGION_KINDS, "a row for each kind");

const struct region_kind_ops *region_kind_ops(enum region_kind kind)
{
	return &kinds[kind];
}
