/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * freeze.h - a filesystem that is frozen for a while (FIFREEZE), as for a snapshot
 *
 * A process of its own freezes and thaws it, so that it is thawed whatever becomes of the
 * caller. A write fault of a page waits in the kernel meanwhile (sb_start_pagefault()),
 * with mmap_lock held for reading: what changes the memory map of the faulting process
 * waits as well.
 */
#ifndef ODPLAB_STORAGE_FREEZE_H
#define ODPLAB_STORAGE_FREEZE_H

#include <stdint.h>
#include <sys/types.h>

struct freeze {
	pid_t thawer; /* 0: nothing is frozen */
	int pipe;     /* from it */
};

/*
 * Returns 0 when the filesystem of @fd is frozen, for @ns from now on; or -errno after
 * one line.
 */
int freeze_begin(struct freeze *freeze, int fd, uint64_t ns);

/*
 * Waits for the end. Returns when FITHAW was called (clock_ns()); 0 where nothing was
 * frozen, or FITHAW failed.
 */
uint64_t freeze_end(struct freeze *freeze);

#endif
