/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* nodes.h - migrates pages between NUMA nodes */
#ifndef ODPLAB_INVALIDATION_NODES_H
#define ODPLAB_INVALIDATION_NODES_H

#include "region/region.h"

/*
 * Turns automatic NUMA balancing off for this process and its children: it would unmap
 * pages from the device to find out which node uses them (kernel/sched/fair.c
 * task_numa_work(), which skips memory with a policy: vma_policy_mof()).
 */
void nodes_stay(void);

/* The first two nodes with memory. Returns 0, or -ENODEV where there are fewer. */
int nodes_pair(int pair[2]);

/*
 * The first node with memory and without processors, as CXL memory is one: reclaim can
 * demote pages to it. Returns it, or -ENODEV.
 */
int nodes_slow(void);

/*
 * The node of the first present page among the first 64. Returns it, -EAGAIN where none
 * is present, or -errno after one line.
 */
int nodes_of(unsigned char *addr, size_t len);

/*
 * Migrates the present pages of a range (move_pages(2)) to the other node of the pair
 * than that of the first page. Returns 0; -EAGAIN where none of the first 64 was present,
 * or no page moved; or -errno after one line.
 */
int nodes_move(struct region *region, uint64_t offset, size_t len);

/*
 * Sets the memory policy of a range (mbind(2)). @policy: MPOL_*; of those for one node it
 * is the first of the pair, or with @second the second. @flags: MPOL_MF_*. Returns 0 or
 * -errno without a line; -ENODEV where there is no pair.
 */
int nodes_set_policy(struct region *region, uint64_t offset, size_t len, int policy,
		     unsigned int flags, bool second);

#endif
