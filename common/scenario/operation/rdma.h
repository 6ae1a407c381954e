/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * rdma.h - words that are WRITE, READ, SEND and FLUSH of the initiator
 *
 * Each operation must complete once, with its own opcode and the number of bytes that it
 * transferred. A receive must report what was sent.
 */
#ifndef ODPLAB_SCENARIO_OPERATION_RDMA_H
#define ODPLAB_SCENARIO_OPERATION_RDMA_H

#include <stdint.h>

#include "rdma/qp.h"
#include "testcase/step.h"

struct test;
struct target;
struct local_piece;

/*
 * A WRITE of data of @generation from guarded, pinned memory of the initiator; a READ
 * into it, whose data must be of @generation. Each waits for its completion and fails
 * unless that is a success.
 */
#define rdma_write(t, ...) STEP(t, rdma_write, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation);

#define rdma_read(t, ...) STEP(t, rdma_read, #__VA_ARGS__, __VA_ARGS__)
void(rdma_read)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		uint16_t generation);

/* Like rdma_write(). It completes only when the data would survive a power cut. */
#define rdma_write_durable(t, ...) STEP(t, rdma_write_durable, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_durable)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len, uint16_t generation);

/* Likewise, with local memory that the scenario chooses. Nothing is filled or checked. */
#define rdma_write_from(t, ...) STEP(t, rdma_write_from, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_from)(struct test *t, struct target *local, uint64_t local_offset,
		      struct target *target, uint64_t offset, uint64_t len);

#define rdma_read_into(t, ...) STEP(t, rdma_read_into, #__VA_ARGS__, __VA_ARGS__)
void(rdma_read_into)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len);

/* On UD the 40 bytes of the GRH are received in the bytes before @offset. */
#define rdma_send_from(t, ...) STEP(t, rdma_send_from, #__VA_ARGS__, __VA_ARGS__)
void(rdma_send_from)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len);

/* Local memory of @n pieces, QP_SGES at most. */
#define rdma_write_gather(t, ...) STEP(t, rdma_write_gather, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_gather)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset);

#define rdma_read_scatter(t, ...) STEP(t, rdma_read_scatter, #__VA_ARGS__, __VA_ARGS__)
void(rdma_read_scatter)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset);

/*
 * With inline data: it is copied into the request at the post, so it cannot fault later.
 */
#define rdma_write_inline(t, ...) STEP(t, rdma_write_inline, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_inline)(struct test *t, struct target *local, uint64_t local_offset,
			struct target *target, uint64_t offset, uint64_t len);

/* Likewise; the CPU overwrites the local memory after the post, before the completion. */
#define rdma_write_injected(t, ...) \
	STEP(t, rdma_write_injected, #__VA_ARGS__, __VA_ARGS__)
void(rdma_write_injected)(struct test *t, struct target *local, uint64_t local_offset,
			  struct target *target, uint64_t offset, uint64_t len);

/*
 * WRITE, READ or SEND, with or without immediate data. Where the peer needs a receive,
 * one is posted; its completion must match what was sent.
 */
#define rdma_transfer(t, ...) STEP(t, rdma_transfer, #__VA_ARGS__, __VA_ARGS__)
void(rdma_transfer)(struct test *t, enum rdma_opcode opcode, struct target *local,
		    uint64_t local_offset, struct target *target, uint64_t offset,
		    uint64_t len);

/* Likewise, as a message that the receiver may have asked an event for: see event.h. */
#define rdma_transfer_solicited(t, ...) \
	STEP(t, rdma_transfer_solicited, #__VA_ARGS__, __VA_ARGS__)
void(rdma_transfer_solicited)(struct test *t, enum rdma_opcode opcode,
			      struct target *local, uint64_t local_offset,
			      struct target *target, uint64_t offset, uint64_t len);

enum flush {
	FLUSH_GLOBAL = 0,
	FLUSH_PERSISTENT = 1 << 0,
	FLUSH_REGION = 1 << 1, /* all of the region: the range is ignored */
};

/* FLUSH. @flush: of enum flush. */
#define rdma_flush(t, ...) STEP(t, rdma_flush, #__VA_ARGS__, __VA_ARGS__)
void(rdma_flush)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 unsigned int flush);

/* Posts @n receives, then executes @n SENDs of @len bytes: SEND i must take receive i. */
#define rdma_send_in_a_row(t, ...) STEP(t, rdma_send_in_a_row, #__VA_ARGS__, __VA_ARGS__)
void(rdma_send_in_a_row)(struct test *t, unsigned int n, struct target *local,
			 uint64_t local_offset, struct target *target, uint64_t offset,
			 uint64_t len);

/* As rdma_send_from(), but the receive is posted 5 ms after the SEND. */
#define rdma_send_before_receive(t, ...) \
	STEP(t, rdma_send_before_receive, #__VA_ARGS__, __VA_ARGS__)
void(rdma_send_before_receive)(struct test *t, struct target *local,
			       uint64_t local_offset, struct target *target,
			       uint64_t offset, uint64_t len);

/* A SEND without a posted receive. Returns its status. */
#define rdma_send_unreceived(t, ...) \
	STEP(t, rdma_send_unreceived, #__VA_ARGS__, __VA_ARGS__)
enum op_status(rdma_send_unreceived)(struct test *t, struct target *local,
				     uint64_t local_offset, uint64_t len);

/*
 * These return the status in place of failing. If it is an error, the queue pair is in
 * the error state: reconnect().
 */
#define rdma_write_status(t, ...) STEP(t, rdma_write_status, #__VA_ARGS__, __VA_ARGS__)
enum op_status(rdma_write_status)(struct test *t, struct target *target, uint64_t offset,
				  uint64_t len, uint16_t generation);

#define rdma_read_status(t, ...) STEP(t, rdma_read_status, #__VA_ARGS__, __VA_ARGS__)
enum op_status(rdma_read_status)(struct test *t, struct target *target, uint64_t offset,
				 uint64_t len);

#define rdma_send_status(t, ...) STEP(t, rdma_send_status, #__VA_ARGS__, __VA_ARGS__)
enum op_status(rdma_send_status)(struct test *t, struct target *local,
				 uint64_t local_offset, struct target *target,
				 uint64_t offset, uint64_t len);

/* Local memory of all following operations, in place of the guarded, pinned memory. */
#define use_local(t, ...) STEP(t, use_local, #__VA_ARGS__, __VA_ARGS__)
void(use_local)(struct test *t, struct target *local);

#endif
