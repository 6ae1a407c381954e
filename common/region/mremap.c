// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mremap.c - what mremap(2) can do to a mapping while a device may reach it */
#include "region/mremap.h"

#include <errno.h>
#include <sys/mman.h>

#include "base/util.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static int keep(struct region *region, unsigned char *addr, size_t len)
{
	/* the C library takes a fifth argument with this flag */
	void *away = mremap(addr, len, len, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);

	if (away == MAP_FAILED)
		return -errno;
	return munmap(away, len) ? -errno : 0;
}

static void *second_mapping(unsigned char *addr, size_t len)
{
	return mremap(addr, 0, len, MREMAP_MAYMOVE);
}

static int copy(struct region *region, unsigned char *addr, size_t len)
{
	void *other = second_mapping(addr, len);

	if (other == MAP_FAILED)
		return -errno;
	return munmap(other, len) ? -errno : 0;
}

/* Private memory has no second mapping. */
static int replace(struct region *region, unsigned char *addr, size_t len)
{
	int huge = region->page_bytes > PAGE_BYTES ? MAP_HUGETLB : 0;
	void *other = second_mapping(addr, len);

	if (other == MAP_FAILED)
		other = mmap(NULL, len, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | huge, -1, 0);
	if (other == MAP_FAILED)
		return -errno;
	if (mremap(other, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, addr) != MAP_FAILED)
		return 0;
	munmap(other, len);
	return -errno;
}

static int shrink(struct region *region, unsigned char *addr, size_t len)
{
	return mremap(addr, len, len / 2, 0) == MAP_FAILED ? -errno : 0;
}

static int grow(struct region *region, unsigned char *addr, size_t len)
{
	return mremap(addr, len, 2 * len, 0) == MAP_FAILED ? -errno : 0;
}

static const struct {
	const char *name;
	int (*call)(struct region *region, unsigned char *addr, size_t len);
} forms[MREMAP_FORMS] = {
	[MREMAP_KEEPS] = { "MREMAP_DONTUNMAP", keep },
	[MREMAP_COPIES] = { "old size 0", copy },
	[MREMAP_REPLACES] = { "MREMAP_FIXED", replace },
	[MREMAP_SHRINKS] = { "a smaller size", shrink },
	[MREMAP_GROWS] = { "a larger size", grow },
};

const char *region_mremap_name(enum mremap_form form)
{
	return forms[form].name;
}

int region_mremap(struct region *region, uint64_t offset, size_t len,
		  enum mremap_form form)
{
	return forms[form].call(region, region->addr + offset, len);
}
