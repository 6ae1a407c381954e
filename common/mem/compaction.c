// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* compaction.c - the kernel's moving of pages, so that large blocks become free */
#include "mem/compaction.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "mem/residency.h"

#define COMPACT "/proc/sys/vm/compact_memory"
#define MOST	GiB(16)

static size_t host_bytes(void)
{
	return (size_t)sysconf(_SC_PHYS_PAGES) * PAGE_BYTES;
}

bool compaction_possible(void)
{
	return !geteuid() && !access(COMPACT, W_OK) && host_bytes() <= MOST;
}

static unsigned char *small_pages(size_t len)
{
	unsigned char *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* a kernel without huge pages refuses, and has small ones anyway */
	madvise(memory, len, MADV_NOHUGEPAGE);
	return memory;
}

/*
 * Two mappings take pages in turn, which the kernel hands out one behind the other; then
 * one of them gives its pages back. Returns the other, or NULL after one line.
 */
static unsigned char *pierce(size_t len)
{
	unsigned char *stays = small_pages(len), *goes = small_pages(len);
	bool both = stays && goes;

	for (size_t at = 0; both && at < len; at += PAGE_BYTES)
		stays[at] = goes[at] = 1;
	if (goes)
		munmap(goes, len);
	if (both)
		return stays;
	if (stays)
		munmap(stays, len);
	log_errno(ENOMEM, "%zu bytes to make holes in the memory", 2 * len);
	return NULL;
}

int compaction_move(const struct region *region, uint64_t offset, size_t len)
{
	const unsigned char *addr = region->addr + offset;
	size_t bytes = pages_spanned((uintptr_t)addr, len) * sizeof(uint64_t);
	_cleanup_free_ uint64_t *before = bytes ? malloc(bytes) : NULL;
	_cleanup_free_ uint64_t *after = bytes ? malloc(bytes) : NULL;
	/* more than the pages below the region's, which move first */
	size_t holes = round_up(host_bytes() / 8, PAGE_BYTES);
	unsigned char *rest;
	int ret;

	if (!before || !after)
		return log_errno(ENOMEM, "the frames of %zu bytes", len);
	ret = residency_frames(addr, len, before);
	if (ret)
		return ret;
	rest = pierce(holes);
	if (!rest)
		return -ENOMEM;
	ret = file_write(COMPACT, "1");
	munmap(rest, holes);
	if (ret)
		return log_errno(ret, COMPACT);
	ret = residency_frames(addr, len, after);
	if (ret)
		return ret;
	return memcmp(before, after, bytes) ? 0 : -EAGAIN;
}
