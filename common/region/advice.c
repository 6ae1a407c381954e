// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* advice.c - madvise() */
#include "region/advice.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "region/residency.h"

static const struct {
	const char *name;
	int advice;
} table[REGION_ADVICES] = {
	[REGION_FREE] = { "MADV_FREE", MADV_FREE },
	[REGION_PAGE_OUT] = { "MADV_PAGEOUT", MADV_PAGEOUT },
	[REGION_COLLAPSE] = { "MADV_COLLAPSE", MADV_COLLAPSE },
	[REGION_POISON] = { "MADV_HWPOISON", MADV_HWPOISON },
	[REGION_SOFT_OFFLINE] = { "MADV_SOFT_OFFLINE", MADV_SOFT_OFFLINE },
	[REGION_GUARD] = { "MADV_GUARD_INSTALL", MADV_GUARD_INSTALL },
	[REGION_UNGUARD] = { "MADV_GUARD_REMOVE", MADV_GUARD_REMOVE },
	[REGION_KSM] = { "MADV_MERGEABLE", MADV_MERGEABLE },
	[REGION_UNMERGE] = { "MADV_UNMERGEABLE", MADV_UNMERGEABLE },
};

const char *region_advice_name(enum region_advice advice)
{
	return table[advice].name;
}

/*
 * Pages that another processor has just faulted in are in its batch, where MADV_PAGEOUT
 * and MADV_FREE do not find them. Moving no page drains all batches (mm/migrate.c
 * do_pages_move(), lru_cache_disable()), unless the kernel has no migration.
 */
static void empty_batches(void)
{
	int node = 0, status;
	void *page = NULL;

	syscall(SYS_move_pages, 0, 0, &page, &node, &status, MPOL_MF_MOVE);
}

static int page_out(struct region *region, uint64_t offset, size_t len)
{
	uint64_t left;
	int ret;

	empty_batches();
	if (madvise(region->addr + offset, len, MADV_PAGEOUT))
		return log_errno(errno, "MADV_PAGEOUT of %zu bytes", len);
	ret = residency_count(region->addr + offset, len, &left, NULL);
	return !ret && left ? -EAGAIN : ret;
}

static void ignore_signal(int signal)
{
}

/*
 * The kernel sends SIGBUS to a process that poisons its own page (mm/memory-failure.c
 * kill_proc()), and kills it if it blocks the signal.
 */
static int poison(struct region *region, uint64_t offset, size_t len)
{
	struct sigaction ignore_sigbus = { .sa_handler = ignore_signal }, before;
	int ret = 0;

	sigaction(SIGBUS, &ignore_sigbus, &before);
	if (madvise(region->addr + offset, len, MADV_HWPOISON))
		ret = errno;
	sigaction(SIGBUS, &before, NULL);
	return ret ? log_errno(ret, "MADV_HWPOISON of %zu bytes", len) : 0;
}

int region_advise(struct region *region, uint64_t offset, size_t len,
		  enum region_advice advice)
{
	if ((unsigned int)advice >= REGION_ADVICES)
		return log_errno(EINVAL, "advice %u", advice);
	if (advice == REGION_PAGE_OUT)
		return page_out(region, offset, len);
	if (advice == REGION_POISON)
		return poison(region, offset, len);
	if (advice == REGION_FREE)
		empty_batches();
	if (!madvise(region->addr + offset, len, table[advice].advice))
		return 0;
	/* a page with other references at the moment cannot be moved */
	if (errno == EAGAIN || errno == EBUSY)
		return -EAGAIN;
	/* nothing is mapped to be collapsed: mm/khugepaged.c SCAN_PMD_NULL */
	if (advice == REGION_COLLAPSE && errno == EINVAL)
		return -EAGAIN;
	return log_errno(errno, "%s of %zu bytes", table[advice].name, len);
}
