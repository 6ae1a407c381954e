// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* invalidate.c - the ways to invalidate pages that a device has mapped */
#include "invalidation/invalidate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "invalidation/cgroup.h"
#include "invalidation/compaction.h"
#include "invalidation/demotion.h"
#include "invalidation/ksm.h"
#include "invalidation/nodes.h"
#include "invalidation/offline.h"
#include "region/advice.h"
#include "region/mirror.h"
#include "region/region_ops.h"

/* How long a protection lasts: enough for some operations of the device. */
#define STATE_NS (200 * NSEC_PER_USEC)

static int by_dontneed(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return region_evict(region, offset, len);
}

static int by_renewal(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	int ret = region_evict(region, offset, len);

	for (size_t at = 0; !ret && at < len; at += PAGE_BYTES)
		*(volatile unsigned char *)(region->addr + offset + at) = 0;
	return ret;
}

static int by_free(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return region_advise(region, offset, len, REGION_FREE);
}

static int by_pageout(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	int ret = region_advise(region, offset, len, REGION_PAGE_OUT);

	/* -EAGAIN: the device has faulted some pages in again meanwhile */
	return ret == -EAGAIN ? 0 : ret;
}

static int by_remap(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return region_remap(region, offset, len);
}

static int by_mremap(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	unsigned char *home = region->addr + offset;
	void *away = mmap(NULL, len, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (away == MAP_FAILED ||
	    mremap(home, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, away) == MAP_FAILED)
		return log_errno(errno, "mremap of %zu bytes", len);
	clock_sleep_ns(STATE_NS);
	if (mremap(away, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, home) == MAP_FAILED)
		return log_errno(errno, "mremap of %zu bytes back", len);
	return 0;
}

static int toggle(struct region *region, uint64_t offset, size_t len,
		  enum region_protection protection)
{
	int ret = region_protect(region, offset, len, protection);

	if (ret)
		return ret;
	clock_sleep_ns(STATE_NS);
	return region_protect(region, offset, len, REGION_READ_WRITE);
}

static int by_no_access(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return toggle(region, offset, len, REGION_NO_ACCESS);
}

/* A device that writes to read-only pages changes the start of a page. */
#define SAMPLES 64

static void sample(const struct region *region, uint64_t offset, size_t len,
		   uint64_t samples[SAMPLES])
{
	size_t n = size_min(SAMPLES, len / PAGE_BYTES);

	for (size_t i = 0; i < n; i++)
		memcpy(&samples[i], region->addr + offset + i * PAGE_BYTES,
		       sizeof(samples[i]));
}

static int by_read_only(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	uint64_t before[SAMPLES] = { 0 }, after[SAMPLES] = { 0 };
	int ret = region_protect(region, offset, len, REGION_READ_ONLY);

	if (ret)
		return ret;
	sample(region, offset, len, before);
	clock_sleep_ns(STATE_NS);
	sample(region, offset, len, after);
	ret = region_protect(region, offset, len, REGION_READ_WRITE);
	if (!ret && memcmp(before, after, sizeof(before)) != 0)
		return -EBADMSG;
	return ret;
}

static int by_fork(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid < 0)
		return log_errno(errno, "fork");
	return waitpid(pid, NULL, 0) == pid ? 0 : log_errno(errno, "wait for a child");
}

static int by_collapse(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	unsigned char *page = region->addr + offset + turn * PAGE_BYTES % len;
	int ret = region_advise(region, offset, len, REGION_COLLAPSE);

	if (ret)
		return ret;
	/* splits the mapping of the huge page */
	if (madvise(page, PAGE_BYTES, MADV_NOHUGEPAGE) ||
	    madvise(page, PAGE_BYTES, MADV_HUGEPAGE))
		return log_errno(errno, "split a huge page");
	return 0;
}

static int by_migration(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return nodes_move(region, offset, len);
}

static int by_compaction(struct region *region, uint64_t offset, size_t len,
			 uint64_t turn)
{
	return compaction_move(region, offset, len);
}

static int by_merging(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return ksm_cycle(region, offset, len);
}

static int by_soft_offline(struct region *region, uint64_t offset, size_t len,
			   uint64_t turn)
{
	return offline_move(region, offset + turn * PAGE_BYTES % len);
}

static int by_reclaim(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return cgroup_reclaim(len);
}

static int by_demotion(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	return demotion_cycle(region, offset, len);
}

static int by_guard(struct region *region, uint64_t offset, size_t len, uint64_t turn)
{
	int ret = region_advise(region, offset, len, REGION_GUARD);

	if (ret)
		return ret;
	clock_sleep_ns(STATE_NS);
	return region_advise(region, offset, len, REGION_UNGUARD);
}

static int by_device_memory(struct region *region, uint64_t offset, size_t len,
			    uint64_t turn)
{
	return mirror_take(region->addr + offset, len, MIRROR_PRIVATE);
}

static int by_coherent_memory(struct region *region, uint64_t offset, size_t len,
			      uint64_t turn)
{
	return mirror_take(region->addr + offset, len, MIRROR_COHERENT);
}

static int by_exclusive_access(struct region *region, uint64_t offset, size_t len,
			       uint64_t turn)
{
	return mirror_reserve(region->addr + offset, len);
}

/* Both mirrors have the pages when they go. */
static int by_mirrored_remap(struct region *region, uint64_t offset, size_t len,
			     uint64_t turn)
{
	_cleanup_free_ void *copy = malloc(len);
	int ret;

	if (!copy)
		return log_errno(ENOMEM, "a buffer of %zu bytes", len);
	ret = mirror_read(region->addr + offset, len, copy);
	if (ret == -EFAULT)
		return log_errno(EFAULT, "read %zu bytes by the second mirror", len);
	return ret ? ret : by_remap(region, offset, len, turn);
}

static const struct {
	const char *name;
	int (*cycle)(struct region *region, uint64_t offset, size_t len, uint64_t turn);
} table[INVALIDATORS] = {
	[BY_DONTNEED] = { "MADV_DONTNEED", by_dontneed },
	[BY_RENEWAL] = { "MADV_DONTNEED and a write", by_renewal },
	[BY_FREE] = { "MADV_FREE", by_free },
	[BY_PAGEOUT] = { "MADV_PAGEOUT", by_pageout },
	[BY_REMAP] = { "mmap(MAP_FIXED)", by_remap },
	[BY_MREMAP] = { "mremap", by_mremap },
	[BY_READ_ONLY] = { "mprotect(PROT_READ)", by_read_only },
	[BY_NO_ACCESS] = { "mprotect(PROT_NONE)", by_no_access },
	[BY_FORK] = { "fork", by_fork },
	[BY_COLLAPSE] = { "MADV_COLLAPSE", by_collapse },
	[BY_MIGRATION] = { "move_pages", by_migration },
	[BY_COMPACTION] = { "compact_memory", by_compaction },
	[BY_MERGING] = { "MADV_MERGEABLE", by_merging },
	[BY_SOFT_OFFLINE] = { "MADV_SOFT_OFFLINE", by_soft_offline },
	[BY_RECLAIM] = { "memory.reclaim", by_reclaim },
	[BY_DEMOTION] = { "demotion", by_demotion },
	[BY_GUARD] = { "MADV_GUARD_INSTALL", by_guard },
	[BY_DEVICE_MEMORY] = { "migration to device memory", by_device_memory },
	[BY_COHERENT_MEMORY] = { "migration to coherent memory", by_coherent_memory },
	[BY_EXCLUSIVE_ACCESS] = { "make_device_exclusive()", by_exclusive_access },
	[BY_MIRRORED_REMAP] = { "mmap(MAP_FIXED) of mirrored pages", by_mirrored_remap },
};

const char *invalidator_name(enum invalidator by)
{
	return table[by].name;
}

int region_invalidate(struct region *region, uint64_t offset, size_t len,
		      enum invalidator by, uint64_t turn)
{
	if ((unsigned int)by >= INVALIDATORS)
		return log_errno(EINVAL, "invalidator %u", by);
	return table[by].cycle(region, offset, len, turn);
}
