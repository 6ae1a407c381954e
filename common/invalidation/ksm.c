// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ksm.c - KSM: merges pages of equal content */
#include "invalidation/ksm.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "invalidation/vm_sysctl.h"

#define FAST_PAGES    1000 /* a scan */
#define FAST_SLEEP_MS 1

int ksm_start(void)
{
	int ret = vm_sysctl_write(SYSCTL_KSM_PAGES, FAST_PAGES);

	if (!ret)
		ret = vm_sysctl_write(SYSCTL_KSM_SLEEP_MS, FAST_SLEEP_MS);
	return ret ? ret : vm_sysctl_write(SYSCTL_KSM_RUN, 1);
}

int ksm_merged(uint64_t *pages)
{
	int ret = file_read_number("/proc/self/ksm_merging_pages", pages);

	return ret ? log_errno(ret, "/proc/self/ksm_merging_pages") : 0;
}

/* A few scans: a page is merged when its content stays the same from one to the next. */
#define MERGE_PATIENCE_NS (200 * NSEC_PER_MSEC)
#define MERGE_POLL_NS	  (2 * NSEC_PER_MSEC)

static int await_more_than(uint64_t before)
{
	uint64_t deadline = clock_ns() + MERGE_PATIENCE_NS, now = before;
	int ret = 0;

	while (!ret && now <= before && !clock_passed(deadline)) {
		clock_sleep_ns(MERGE_POLL_NS);
		ret = ksm_merged(&now);
	}
	return !ret && now <= before ? -EAGAIN : ret;
}

int ksm_cycle(const struct region *region, uint64_t offset, size_t len)
{
	unsigned char *home = region->addr + offset;
	void *twins = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	uint64_t before;
	int ret;

	if (twins == MAP_FAILED)
		return log_errno(errno, "%zu bytes to be merged with", len);
	memcpy(twins, home, len);
	ret = ksm_merged(&before);
	if (!ret &&
	    (madvise(twins, len, MADV_MERGEABLE) || madvise(home, len, MADV_MERGEABLE)))
		ret = log_errno(errno, "MADV_MERGEABLE of %zu bytes", len);
	if (!ret)
		ret = await_more_than(before);
	/* the kernel forgets what it knows of the pages, and copies the merged ones */
	if ((!ret || ret == -EAGAIN) && madvise(home, len, MADV_UNMERGEABLE))
		ret = log_errno(errno, "MADV_UNMERGEABLE of %zu bytes", len);
	munmap(twins, len);
	return ret;
}
