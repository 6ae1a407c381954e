/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fork_child.h - a forked child that has a copy of all memory, and looks at it when it is told
 *
 * It reads and writes by its own page table, at the parent's addresses. It ends with the
 * parent, and knows nothing of devices.
 */
#ifndef ODPLAB_REGION_FORK_CHILD_H
#define ODPLAB_REGION_FORK_CHILD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/pattern.h"

struct fork_child {
	pid_t pid;  /* 0: none */
	int socket; /* to it */
};

/* Returns 0 or -errno after one line. */
int fork_child_begin(struct fork_child *child);

/* Both return 0; -ETIMEDOUT or -ECHILD where the child does not answer; or -errno. */
int fork_child_store(struct fork_child *child, void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p);
/* -EBADMSG with *mismatch where its memory holds something else. */
int fork_child_check(struct fork_child *child, const void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p, struct mismatch *mismatch);

/* Waits until it is gone. Returns 0 or -errno after one line. */
int fork_child_end(struct fork_child *child);

#endif
