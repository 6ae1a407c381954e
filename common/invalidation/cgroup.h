/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * cgroup.h - a control group of our own, whose memory can be reclaimed on request
 *
 * cgroup v2, Documentation/admin-guide/cgroup-v2.rst. The next process removes the group
 * of one that has ended.
 */
#ifndef ODPLAB_INVALIDATION_CGROUP_H
#define ODPLAB_INVALIDATION_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

/* Could cgroup_join() and cgroup_reclaim() work here? */
bool cgroup_can_reclaim(void);

/*
 * Moves this process into a new group: what it maps from then on is charged to it.
 * Returns 0 or -errno after one line.
 */
int cgroup_join(void);

/*
 * Of the group that cgroup_join() has made: it may have so much memory, and no swap
 * (memory.max, memory.swap.max). Returns 0 or -errno after one line.
 */
int cgroup_limit(size_t bytes);

/*
 * Has the kernel reclaim @bytes of the group (memory.reclaim). Returns 0, also where it
 * was less; or -errno after one line.
 */
int cgroup_reclaim(size_t bytes);

/*
 * Removes the groups of processes that have ended. With the last of them the root's
 * groups lose the memory controller, where cgroup_join() has given it to them. Returns
 * how many there were.
 */
unsigned int cgroup_tidy(void);

#endif
