/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* memory.h - how much memory this process can still take */
#ifndef ODPLAB_ENV_MEMORY_H
#define ODPLAB_ENV_MEMORY_H

#include <limits.h>
#include <stdint.h>

struct memory_left {
	uint64_t bytes;
	/*
	 * the folder of the control group that limits it, and the file with the limit;
	 * "": the host
	 */
	char cgroup[PATH_MAX];
	const char *limit;
};

/*
 * What can be had without swapping and without the OOM killer: MemAvailable of
 * /proc/meminfo, or less where this process's control group, or one above it, has a
 * memory.max (cgroup v2) or a memory.limit_in_bytes (v1, which has limited groups below,
 * too, since Linux 5.11). The page cache of a group counts as left, as it does in
 * MemAvailable: the kernel reclaims it first. Returns 0, or -errno where the host does
 * not say; a group that does not say has no limit.
 */
int memory_left(struct memory_left *left);

#endif
