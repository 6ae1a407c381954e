/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* host_features.h - features of this host's memory management */
#ifndef ODPLAB_INVALIDATION_HOST_FEATURES_H
#define ODPLAB_INVALIDATION_HOST_FEATURES_H

#include <stdint.h>

enum host_feature {
	HOST_SWAP,
	HOST_NODES,	  /* two NUMA nodes with memory */
	HOST_RECLAIM,	  /* a cgroup of our own, with memory.reclaim: Linux 5.19 */
	HOST_GUARD,	  /* MADV_GUARD_INSTALL: Linux 6.13 */
	HOST_COLLAPSE,	  /* MADV_COLLAPSE: Linux 6.1 */
	HOST_MERGING,	  /* KSM */
	HOST_USERFAULTFD, /* for faults that come from the kernel */
	HOST_POISON,	  /* MADV_HWPOISON, MADV_SOFT_OFFLINE */
	HOST_UNPOISON,	  /* frames that MADV_SOFT_OFFLINE took can be released */
	HOST_COMPACTION,  /* of all memory, and frames that can be read */
	HOST_FIVE_LEVELS, /* of page tables: addresses beyond 47 bits */
	HOST_SECRET,	  /* memfd_secret(): Linux 5.14 */
	HOST_DMABUF,	  /* buffers of the system's dma-buf heap: Linux 5.6 */
	HOST_HUGE_PAGES,  /* HOST_HUGE_PAGES_LEAST free huge pages of 2 MiB */
	HOST_MIRROR, /* a second HMM mirror with memory of its own: region/mirror.h */
	HOST_COHERENT_MIRROR, /* another with memory that all can use */
	HOST_DEMOTION,	      /* a slower node that reclaim can demote pages to */
	HOST_FAIL_ALLOC,      /* allocations fail on demand: invalidation/fail_alloc.h */
	HOST_PAUSES, /* processors pause where they are asked to: kernel/race.h */
	HOST_FEATURES
};

/* Probes all of them. Returns 1 << enum host_feature for each. */
uint64_t host_features_find(void);

#define HOST_HUGE_PAGES_LEAST 4

/* "no swap", "swapon a disk" */
struct host_lack {
	const char *what, *remedy;
};

const struct host_lack *host_feature_lack(enum host_feature host_feature);

#endif
