/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * operations.h - words that are RDMA operations of the initiator
 *
 * scenario.h includes it. Each operation must complete once and as what it is, with the
 * number of bytes that it brought; a receive must say what was sent.
 */
#ifndef ODPLAB_RUN_OPERATIONS_H
#define ODPLAB_RUN_OPERATIONS_H

#include <stdint.h>

#include "rdma/qp.h"
#include "rdma/window.h"

struct test;
struct target;

/* A part of the initiator's memory. */
struct local_piece {
	struct target *local;
	uint64_t offset;
	uint32_t len;
};

/* Each waits for its completion, which must be a success; READ checks what came. */
#define rdma_write(t, ...) STEP(t, rdma_write, #__VA_ARGS__, __VA_ARGS__)
#define rdma_read(t, ...)  STEP(t, rdma_read, #__VA_ARGS__, __VA_ARGS__)
/* Like rdma_write(), but completes only when the data would outlive a power cut. */
#define rdma_write_durable(t, ...) STEP(t, rdma_write_durable, #__VA_ARGS__, __VA_ARGS__)
/* The same with local memory given: local, its offset, target, offset, len */
#define rdma_write_from(t, ...) STEP(t, rdma_write_from, #__VA_ARGS__, __VA_ARGS__)
#define rdma_read_into(t, ...)	STEP(t, rdma_read_into, #__VA_ARGS__, __VA_ARGS__)
/* On UD the header goes into the 40 bytes before @offset. */
#define rdma_send_from(t, ...) STEP(t, rdma_send_from, #__VA_ARGS__, __VA_ARGS__)
/* Local memory in pieces: struct local_piece pieces[], n, target, offset */
#define rdma_write_gather(t, ...) STEP(t, rdma_write_gather, #__VA_ARGS__, __VA_ARGS__)
#define rdma_read_scatter(t, ...) STEP(t, rdma_read_scatter, #__VA_ARGS__, __VA_ARGS__)
/* The data goes into the request when it is posted: nothing of it is left to fault. */
#define rdma_write_inline(t, ...) STEP(t, rdma_write_inline, #__VA_ARGS__, __VA_ARGS__)
/* Likewise; before it completes, the CPU has written something else to the local memory. */
#define rdma_write_injected(t, ...) \
	STEP(t, rdma_write_injected, #__VA_ARGS__, __VA_ARGS__)
/*
 * Any of WRITE, READ and SEND, also with immediate data: opcode, local, its offset,
 * target, offset, len. What needs a receive gets one, which must say what it received.
 */
#define rdma_transfer(t, ...) STEP(t, rdma_transfer, #__VA_ARGS__, __VA_ARGS__)

/*
 * Atomics on the 8 bytes at an offset; they return what was there before. _into: the
 * old value goes to local memory: local, its offset, target, offset, what to add.
 */
#define rdma_fetch_add(t, ...)	  STEP(t, rdma_fetch_add, #__VA_ARGS__, __VA_ARGS__)
#define rdma_compare_swap(t, ...) STEP(t, rdma_compare_swap, #__VA_ARGS__, __VA_ARGS__)
#define rdma_fetch_add_into(t, ...) \
	STEP(t, rdma_fetch_add_into, #__VA_ARGS__, __VA_ARGS__)
/* Eight bytes at an offset, at once: target, offset, value. */
#define rdma_atomic_write(t, ...) STEP(t, rdma_atomic_write, #__VA_ARGS__, __VA_ARGS__)
/* target, offset, len, enum flush */
#define rdma_flush(t, ...) STEP(t, rdma_flush, #__VA_ARGS__, __VA_ARGS__)
enum flush {
	FLUSH_GLOBAL = 0,
	FLUSH_PERSISTENT = 1 << 0,
	FLUSH_REGION = 1 << 1, /* all of it, whatever the range */
};
/* The CPU finds this number in the 8 bytes at an offset. */
#define check_word(t, ...) STEP(t, check_word, #__VA_ARGS__, __VA_ARGS__)

/*
 * On all queue pairs (see use_pairs()) before waiting for any: target, offset of the
 * first, distance to the next, len of each, generation; or, of the atomic, what each
 * adds.
 */
#define rdma_write_at_once(t, ...) STEP(t, rdma_write_at_once, #__VA_ARGS__, __VA_ARGS__)
#define rdma_read_at_once(t, ...)  STEP(t, rdma_read_at_once, #__VA_ARGS__, __VA_ARGS__)
#define rdma_fetch_add_at_once(t, ...) \
	STEP(t, rdma_fetch_add_at_once, #__VA_ARGS__, __VA_ARGS__)
/*
 * Likewise the atomic, and meanwhile the CPU adds 1 to another word, so many times:
 * target, offset, what each adds, the other's offset, times.
 */
#define rdma_fetch_add_beside_cpu(t, ...) \
	STEP(t, rdma_fetch_add_beside_cpu, #__VA_ARGS__, __VA_ARGS__)
/*
 * On one queue pair, posted before waiting for any: how many WRITEs, target, offset of
 * the first, len of each, generation.
 */
#define rdma_write_in_a_row(t, ...) \
	STEP(t, rdma_write_in_a_row, #__VA_ARGS__, __VA_ARGS__)

/*
 * As many receives, then as many SENDs: each takes the next of them. How many, local, its
 * offset, target, offset, len of each.
 */
#define rdma_send_in_a_row(t, ...) STEP(t, rdma_send_in_a_row, #__VA_ARGS__, __VA_ARGS__)
/* As rdma_send_from(), but the receive is posted some time behind the SEND. */
#define rdma_send_early(t, ...) STEP(t, rdma_send_early, #__VA_ARGS__, __VA_ARGS__)
/* What a SEND ends with for which nobody posts a receive: local, its offset, len. */
#define rdma_send_unreceived(t, ...) \
	STEP(t, rdma_send_unreceived, #__VA_ARGS__, __VA_ARGS__)

/*
 * One target made of pieces of one side's: struct local_piece pieces[], n; or of so many
 * rounds of them, with bytes left out behind each: rounds, skip. Its offsets begin at 0.
 * Operations can name it; to fill or check it, or to watch its faults, name the targets
 * below. The queue pairs must be of those that fill keys (struct rdma_qp_spec).
 */
#define target_of_pieces(t, ...) STEP(t, target_of_pieces, #__VA_ARGS__, __VA_ARGS__)
#define target_of_rounds(t, ...) STEP(t, target_of_rounds, #__VA_ARGS__, __VA_ARGS__)

/*
 * A part of a target, seen through the key of a memory window: target, type, offset, len.
 * It is used as the target is, at the same offsets; faults are watched on the target.
 */
#define target_window(t, ...)	  STEP(t, target_window, #__VA_ARGS__, __VA_ARGS__)
#define window_invalidate(t, ...) STEP(t, window_invalidate, #__VA_ARGS__, __VA_ARGS__)
/* By a message of the initiator, of a window of type 2. */
#define rdma_send_invalidate(t, ...) \
	STEP(t, rdma_send_invalidate, #__VA_ARGS__, __VA_ARGS__)

/*
 * The same, and the status that they end with; the queue pair may be broken afterwards:
 * reconnect().
 */
#define rdma_write_status(t, ...) STEP(t, rdma_write_status, #__VA_ARGS__, __VA_ARGS__)
#define rdma_read_status(t, ...)  STEP(t, rdma_read_status, #__VA_ARGS__, __VA_ARGS__)
#define rdma_send_status(t, ...)  STEP(t, rdma_send_status, #__VA_ARGS__, __VA_ARGS__)
#define reconnect(t)		  STEP(t, reconnect, "")
/*
 * Queue pairs of another sort (struct rdma_qp_spec), or several of them: scenarios begin
 * with one pair of RC.
 *	use_queue_pair(t, QUEUE_PAIR(.transport = TRANSPORT_XRC, .path_mtu = 1024));
 */
#define use_queue_pair(t, ...) STEP(t, use_queue_pair, #__VA_ARGS__, __VA_ARGS__)
#define QUEUE_PAIR(...)	       ((struct rdma_qp_spec){ __VA_ARGS__ })
#define use_pairs(t, ...)      STEP(t, use_pairs, #__VA_ARGS__, __VA_ARGS__)

void(rdma_write)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation);
void(rdma_read)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		uint16_t generation);
void(rdma_write_from)(struct test *t, struct target *local, uint64_t local_offset,
		      struct target *target, uint64_t offset, uint64_t len);
void(rdma_read_into)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len);
void(rdma_send_from)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len);
void(rdma_write_gather)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset);
void(rdma_read_scatter)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset);
void(rdma_write_durable)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len, uint16_t generation);
void(rdma_write_injected)(struct test *t, struct target *local, uint64_t local_offset,
			  struct target *target, uint64_t offset, uint64_t len);
void(rdma_write_inline)(struct test *t, struct target *local, uint64_t local_offset,
			struct target *target, uint64_t offset, uint64_t len);
uint64_t(rdma_fetch_add)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t add);
uint64_t(rdma_compare_swap)(struct test *t, struct target *target, uint64_t offset,
			    uint64_t compare, uint64_t swap);
void(rdma_fetch_add_into)(struct test *t, struct target *local, uint64_t local_offset,
			  struct target *target, uint64_t offset, uint64_t add);
void(rdma_atomic_write)(struct test *t, struct target *target, uint64_t offset,
			uint64_t value);
void(rdma_flush)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 unsigned int flush);
void(rdma_fetch_add_at_once)(struct test *t, struct target *target, uint64_t offset,
			     uint64_t add);
void(rdma_fetch_add_beside_cpu)(struct test *t, struct target *target, uint64_t offset,
				uint64_t add, uint64_t cpu_offset, uint32_t times);
void(check_word)(struct test *t, struct target *target, uint64_t offset, uint64_t value);
void(rdma_write_at_once)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t stride, uint64_t len, uint16_t generation);
void(rdma_read_at_once)(struct test *t, struct target *target, uint64_t offset,
			uint64_t stride, uint64_t len, uint16_t generation);
void(rdma_write_in_a_row)(struct test *t, unsigned int n, struct target *target,
			  uint64_t offset, uint64_t len, uint16_t generation);
void(rdma_transfer)(struct test *t, enum rdma_opcode opcode, struct target *local,
		    uint64_t local_offset, struct target *target, uint64_t offset,
		    uint64_t len);
enum op_status(rdma_send_status)(struct test *t, struct target *local,
				 uint64_t local_offset, struct target *target,
				 uint64_t offset, uint64_t len);
enum op_status(rdma_write_status)(struct test *t, struct target *target, uint64_t offset,
				  uint64_t len, uint16_t generation);
enum op_status(rdma_read_status)(struct test *t, struct target *target, uint64_t offset,
				 uint64_t len);
void(reconnect)(struct test *t);
void(use_queue_pair)(struct test *t, struct rdma_qp_spec spec);
void(use_pairs)(struct test *t, unsigned int pairs);
struct target *(target_window)(struct test *t, struct target *target,
			       enum window_type type, uint64_t offset, uint64_t len);
struct target *(target_of_pieces)(struct test *t, const struct local_piece *pieces,
				  unsigned int n);
struct target *(target_of_rounds)(struct test *t, const struct local_piece *pieces,
				  unsigned int n, uint32_t rounds, uint64_t skip);
void(window_invalidate)(struct test *t, struct target *window);
void(rdma_send_invalidate)(struct test *t, struct target *window);
void(rdma_send_in_a_row)(struct test *t, unsigned int n, struct target *local,
			 uint64_t local_offset, struct target *target, uint64_t offset,
			 uint64_t len);
void(rdma_send_early)(struct test *t, struct target *local, uint64_t local_offset,
		      struct target *target, uint64_t offset, uint64_t len);
enum op_status(rdma_send_unreceived)(struct test *t, struct target *local,
				     uint64_t local_offset, uint64_t len);

#endif
