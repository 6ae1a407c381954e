/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * shortage.h - is the error of a step a shortage of the host, or of the device's making?
 *
 * An errno alone does not show it: a driver may return ENOMEM or ENOSPC as a defect of
 * its own, while there is memory and space. So the host is asked for the same at that
 * moment, without the device: to open a few files, to start a thread, to map and to lock
 * memory, to allocate a file where regions are made, to reach its own address, to show a
 * page table. The error is a shortage of the host where, and only where, the host refuses
 * that with the same errno. Otherwise the error stays the device's.
 *
 * What a process needs before its first step, and the size of a region, are looked at
 * before: limits.h, room.h.
 */
#ifndef ODPLAB_ENV_SHORTAGE_H
#define ODPLAB_ENV_SHORTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env;

#define SHORTAGE_TEXT 256

/*
 * @error: errno or -errno of the step. @pins: how many bytes the step pins, which
 * RLIMIT_MEMLOCK counts; 0 where it pins none, as an ODP registration. If it is a
 * shortage,
 * @why names it and the remedy. To be called while the process still holds what it had.
 */
bool shortage_of(const struct env *env, int error, uint64_t pins,
		 char why[SHORTAGE_TEXT]);

/*
 * Likewise for what has no errno of its own: the fault of a page without a block, which
 * the filesystem has to allocate. The CPU gets SIGBUS for it, a system call EFAULT, and a
 * device a refusal. Is a filesystem full where regions of @kinds (1 << enum region_kind)
 * are, or where libfabric's provider shm has its memory, if that is the transport?
 */
bool shortage_of_space(const struct env *env, uint64_t kinds, char why[SHORTAGE_TEXT]);

#endif
