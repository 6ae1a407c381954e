/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* atomic.h - words that are atomic operations of the initiator */
#ifndef ODPLAB_SCENARIO_OPERATION_ATOMIC_H
#define ODPLAB_SCENARIO_OPERATION_ATOMIC_H

#include <stdint.h>

#include "testcase/step.h"

struct test;
struct target;

/*
 * Atomics on the 8 bytes at @offset. They return the value before. rdma_fetch_add_into()
 * leaves that value in local memory only.
 */
#define rdma_fetch_add(t, ...) STEP(t, rdma_fetch_add, #__VA_ARGS__, __VA_ARGS__)
uint64_t(rdma_fetch_add)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t add);

#define rdma_compare_swap(t, ...) STEP(t, rdma_compare_swap, #__VA_ARGS__, __VA_ARGS__)
uint64_t(rdma_compare_swap)(struct test *t, struct target *target, uint64_t offset,
			    uint64_t compare, uint64_t swap);

#define rdma_fetch_add_into(t, ...) \
	STEP(t, rdma_fetch_add_into, #__VA_ARGS__, __VA_ARGS__)
void(rdma_fetch_add_into)(struct test *t, struct target *local, uint64_t local_offset,
			  struct target *target, uint64_t offset, uint64_t add);

/* ATOMIC WRITE of 8 bytes. */
#define rdma_atomic_write(t, ...) STEP(t, rdma_atomic_write, #__VA_ARGS__, __VA_ARGS__)
void(rdma_atomic_write)(struct test *t, struct target *target, uint64_t offset,
			uint64_t value);

/* Fails unless the CPU reads @value in the 8 bytes at @offset. */
#define check_word(t, ...) STEP(t, check_word, #__VA_ARGS__, __VA_ARGS__)
void(check_word)(struct test *t, struct target *target, uint64_t offset, uint64_t value);

#endif
