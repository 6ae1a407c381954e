/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* many.h - words that are many operations of the initiator in flight */
#ifndef ODPLAB_SCENARIO_OPERATION_MANY_H
#define ODPLAB_SCENARIO_OPERATION_MANY_H

#include <stdint.h>

#include "testcase/step.h"

struct test;
struct target;

/*
 * One operation on each queue pair, see use_pairs(). All are posted before the first
 * wait. The one of pair i is at @offset + i * @stride; atomics are all at @offset.
 */
#define rdma_write_at_once(t, ...) STEP(t, rdma_write_at_once, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_at_once)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t stride, uint64_t len, uint16_t generation);

#define rdma_read_at_once(t, ...) STEP(t, rdma_read_at_once, #__VA_ARGS__, __VA_ARGS__)
void(rdma_read_at_once)(struct test *t, struct target *target, uint64_t offset,
			uint64_t stride, uint64_t len, uint16_t generation);

/*
 * READs of @len bytes of @waiting on all queue pairs but the last, whose page faults a
 * userfaultfd delays (uffd_delay_missing() with ZEROS). While they wait the last one
 * READs as much of @other, from its begin; then the delay ends. Returns how many
 * nanoseconds the READ of @other took. Fails unless all return zeros.
 */
#define rdma_read_beside(t, ...) STEP(t, rdma_read_beside, #__VA_ARGS__, __VA_ARGS__)
uint64_t(rdma_read_beside)(struct test *t, struct target *waiting, uint64_t len,
			   struct target *other);

/*
 * FETCH_ADD of @add to a word that holds @first. Fails unless the old values that are
 * returned are those of a sequence, in any order: @first, @first + @add, and so on, each
 * once.
 */
#define rdma_fetch_add_at_once(t, ...) \
	STEP(t, rdma_fetch_add_at_once, #__VA_ARGS__, __VA_ARGS__)
void(rdma_fetch_add_at_once)(struct test *t, struct target *target, uint64_t offset,
			     uint64_t first, uint64_t add);

/* Likewise, while the CPU adds 1 to the word at @cpu_offset, @times times. */
#define rdma_fetch_add_with_cpu(t, ...) \
	STEP(t, rdma_fetch_add_with_cpu, #__VA_ARGS__, __VA_ARGS__)
void(rdma_fetch_add_with_cpu)(struct test *t, struct target *target, uint64_t offset,
			      uint64_t first, uint64_t add, uint64_t cpu_offset,
			      uint32_t times);

/*
 * @n WRITEs on one queue pair, all posted before the first wait. WRITE i is at @offset +
 * i * @len.
 */
#define rdma_write_in_a_row(t, ...) \
	STEP(t, rdma_write_in_a_row, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_in_a_row)(struct test *t, unsigned int n, struct target *target,
			  uint64_t offset, uint64_t len, uint16_t generation);

#endif
