/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* limits.h - words about privileges, limits and accounting of memory */
#ifndef ODPLAB_SCENARIO_OPERATION_LIMITS_H
#define ODPLAB_SCENARIO_OPERATION_LIMITS_H

#include <stdint.h>

struct test;

/* Both sides give up CAP_IPC_LOCK. To be called before any target is made. */
void drop_ipc_lock(struct test *t);

/* Sets RLIMIT_MEMLOCK of the responder. */
void limit_memlock(struct test *t, uint64_t bytes);

/* @len, or less where the port takes no message that long. */
uint64_t message_bytes(const struct test *t, uint64_t len);

/* Bytes that the responder has pinned or locked: VmPin and VmLck. */
uint64_t pinned_bytes(struct test *t);

/*
 * Bytes that the responder's kernel uses itself. All processes of the host add to them.
 */
uint64_t kernel_memory(struct test *t);

#endif
