/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * demotion.h - reclaim moves pages to the memory of a slower node
 *
 * mm/vmscan.c demote_folio_list(): in place of swapping them out, where a node without
 * processors, such as CXL memory, is the next tier (mm/memory-tiers.c).
 */
#ifndef ODPLAB_INVALIDATION_DEMOTION_H
#define ODPLAB_INVALIDATION_DEMOTION_H

#include <stdbool.h>

#include "region/region.h"

/* Is there such a node, and may this process enable demotion, and reclaim? */
bool demotion_possible(void);

/* Enables it for the whole host: vm_sysctl.h. Returns 0 or -errno after one line. */
int demotion_start(void);

/*
 * Has the kernel reclaim as much as the range from the process's cgroup (cgroup.h), and
 * moves the pages to another node again. Returns 0; -EAGAIN where none moved; or -errno
 * after one line.
 */
int demotion_cycle(struct region *region, uint64_t offset, size_t len);

#endif
