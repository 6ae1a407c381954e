/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ability.h - what this host's memory management offers to a process */
#ifndef ODPLAB_MEM_ABILITY_H
#define ODPLAB_MEM_ABILITY_H

#include <stdint.h>

enum ability {
	ABILITY_SWAP,
	ABILITY_NODES,	     /* two NUMA nodes with memory */
	ABILITY_RECLAIM,     /* a cgroup of our own, with memory.reclaim: Linux 5.19 */
	ABILITY_GUARD,	     /* MADV_GUARD_INSTALL: Linux 6.13 */
	ABILITY_COLLAPSE,    /* MADV_COLLAPSE: Linux 6.1 */
	ABILITY_MERGING,     /* KSM */
	ABILITY_USERFAULTFD, /* for faults that come from the kernel */
	ABILITY_POISON,	     /* MADV_HWPOISON, MADV_SOFT_OFFLINE */
	ABILITY_UNPOISON,    /* what MADV_SOFT_OFFLINE took can be had back */
	ABILITY_COMPACTION,  /* of all memory, and frames that can be read */
	ABILITY_FIVE_LEVELS, /* of page tables: addresses beyond 47 bits */
	ABILITY_SECRET,	     /* memfd_secret(): Linux 5.14 */
	ABILITY_DMABUF,	     /* buffers of the system's dma-buf heap: Linux 5.6 */
	ABILITY_HUGE_PAGES,  /* 4 free huge pages of 2 MiB */
	ABILITIES
};

/* Looks at all of them. Returns one bit each, 1 << enum ability. */
uint64_t abilities_find(void);

/* What is missing, and the remedy: "no swap; swapon a disk" */
const char *ability_lack(enum ability ability);

#endif
