/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* nodes.h - NUMA nodes, and pages that move between them */
#ifndef ODPLAB_INVALIDATION_NODES_H
#define ODPLAB_INVALIDATION_NODES_H

#include "region/region.h"

/*
 * From here on the kernel moves no page of this process, or of its children, to another
 * node by itself: its automatic balancing takes pages away from a device to see who uses
 * them (kernel/sched/fair.c task_numa_work(), which passes over memory with a policy of
 * its own: vma_policy_mof()).
 */
void nodes_stay(void);

/* The first two nodes with memory. Returns 0, or -ENODEV where there are not as many. */
int nodes_pair(int pair[2]);

/*
 * Where the first page is that is present, of the first 64. Returns the node, -EAGAIN
 * where none is, or -errno after one line.
 */
int nodes_of(unsigned char *addr, size_t len);

/*
 * Moves the pages of a range to that one of the pair where the first of them is not
 * (move_pages(2)), as far as they are present. Returns 0; -EAGAIN where none of the first
 * 64 was present, or no page moved; or -errno after one line.
 */
int nodes_move(struct region *region, uint64_t offset, size_t len);

#endif
