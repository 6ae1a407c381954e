// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* compaction.c - memory compaction, on request */
#include "invalidation/compaction.h"

#include <errno.h>
#include <limits.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/util.h"
#include "invalidation/nodes.h"
#include "invalidation/vm_sysctl.h"
#include "region/residency.h"

#define COMPACT "/proc/sys/vm/compact_memory"
#define MOST	GiB(16)
#define NODES	64 /* that a mask of one word names */

static size_t host_bytes(void)
{
	return (size_t)sysconf(_SC_PHYS_PAGES) * PAGE_BYTES;
}

bool compaction_possible(void)
{
	return !geteuid() && !access(COMPACT, W_OK) && host_bytes() <= MOST;
}

static int free_of(int node, size_t *bytes)
{
	char path[64];
	int ret;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/meminfo", node);
	ret = file_read_kib(path, "MemFree", bytes);
	return ret ? log_errno(ret, "MemFree in %s", path) : 0;
}

static unsigned char *small_pages(size_t len, int node)
{
	unsigned char *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long nodes = 1ul << node;

	if (memory == MAP_FAILED)
		return NULL;
	/* may fail: a kernel without huge pages or nodes has no others than these */
	madvise(memory, len, MADV_NOHUGEPAGE);
	syscall(SYS_mbind, memory, len, MPOL_BIND, &nodes, sizeof(nodes) * CHAR_BIT, 0);
	return memory;
}

/*
 * Two mappings take pages in turn, which the kernel allocates one after the other; then
 * one of them is unmapped. Returns the other, or NULL.
 */
static unsigned char *fragment_memory(size_t len, int node)
{
	unsigned char *stays = small_pages(len, node), *goes = small_pages(len, node);
	bool both = stays && goes;

	for (size_t at = 0; both && at < len; at += PAGE_BYTES)
		stays[at] = goes[at] = 1;
	if (goes)
		munmap(goes, len);
	/* locked, they are not compacted themselves */
	if (both && !mlock(stays, len))
		return stays;
	if (stays)
		munmap(stays, len);
	return NULL;
}

/*
 * Compaction migrates pages from low to high addresses until its two scanners meet
 * (mm/compaction.c compact_zone()). So that it finds room for each page, there are holes
 * in much of the memory, and the pages between them stay; it does not use blocks that
 * are free as a whole. The holes last as long as the process, as making them takes far
 * longer than compacting.
 */
static int make_holes(int node)
{
	static unsigned char *between[NODES];
	size_t left = 0;
	int ret;

	if (node >= NODES)
		return log_errno(ERANGE, "node %d", node);
	if (between[node])
		return 0;
	ret = free_of(node, &left);
	if (ret)
		return ret;
	left = round_down(left / 10 * 3, PAGE_BYTES);
	between[node] = left ? fragment_memory(left, node) : NULL;
	return between[node] ? 0 :
			       log_errno(ENOMEM, "holes in the memory of node %d", node);
}

static int compact_around(int node)
{
	int ret = vm_sysctl_write(SYSCTL_COMPACT_LOCKED, 0);

	if (!ret)
		ret = make_holes(node);
	if (ret)
		return ret;
	ret = file_write(COMPACT, "1");
	return ret ? log_errno(ret, COMPACT) : 0;
}

int compaction_move(const struct region *region, uint64_t offset, size_t len)
{
	unsigned char *addr = region->addr + offset;
	size_t bytes = pages_spanned((uintptr_t)addr, len) * sizeof(uint64_t);
	_cleanup_free_ uint64_t *before = bytes ? malloc(bytes) : NULL;
	_cleanup_free_ uint64_t *after = bytes ? malloc(bytes) : NULL;
	int node = nodes_of(addr, len), ret;

	if (!before || !after)
		return log_errno(ENOMEM, "the frames of %zu bytes", len);
	if (node < 0)
		return node;
	ret = residency_frames(addr, len, before);
	if (!ret)
		ret = compact_around(node);
	if (!ret)
		ret = residency_frames(addr, len, after);
	if (ret)
		return ret;
	return memcmp(before, after, bytes) ? 0 : -EAGAIN;
}
