/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fork_child.h - a forked child that stores to and checks its copy of memory on request
 *
 * It accesses memory by its own page table, at the parent's addresses. It ends with the
 * parent and uses no device.
 */
#ifndef ODPLAB_REGION_FORK_CHILD_H
#define ODPLAB_REGION_FORK_CHILD_H

#include <stddef.h>
#include <stdint.h>

#include "base/pattern.h"
#include "process/worker.h"

struct fork_child {
	struct worker worker;
	int timeout_ms; /* for each answer, and for its end */
};

/* Returns 0 or -errno after one line. */
int fork_child_begin(struct fork_child *child, int timeout_ms);

/*
 * Stores the pattern, or compares memory with it. Both return 0, -ETIMEDOUT or -ECHILD
 * where the child does not answer, or -errno; the check -EBADMSG with *mismatch where the
 * child's memory holds other data.
 */
int fork_child_store(struct fork_child *child, void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p);
int fork_child_check(struct fork_child *child, const void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p, struct mismatch *mismatch);

/* Waits until it has ended. Returns 0 or -errno after one line. */
int fork_child_end(struct fork_child *child);

#endif
