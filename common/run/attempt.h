/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * attempt.h - words for operations that are meant to go wrong, or may
 *
 * scenario.h includes it.
 */
#ifndef ODPLAB_RUN_ATTEMPT_H
#define ODPLAB_RUN_ATTEMPT_H

#include <stdint.h>

#include "rdma/qp.h"

struct test;
struct target;

struct attempt {
	enum rdma_opcode opcode;
	struct target *target; /* at the peer; of a SEND: where it is received */
	uint64_t offset;       /* in its mapping, and beyond it if need be */
	uint32_t len;	       /* 0: eight bytes */
	uint16_t generation;   /* of what is written; 0: nothing is filled in */
	struct target *local;  /* NULL: pinned memory */
	uint64_t local_offset;
	uint32_t rkey, lkey; /* in place of the targets' own, where not 0 */
};

/*
 * Posts the operation with a few more behind it on the same queue pair, and returns what
 * it ended with. Each must complete exactly once, in order; if the first one fails, the
 * others must be flushed and must not have been carried out. After a failure the queue
 * pair is of no more use: reconnect().
 */
#define attempt(t, ...) STEP(t, attempt, #__VA_ARGS__, ((struct attempt){ __VA_ARGS__ }))
/* What became of the receive of a SEND that was attempted. */
#define receive_status(t) STEP(t, receive_status, "")

/* The same in two halves, with nothing behind: something happens in between. */
#define attempt_begin(t, ...) \
	STEP(t, attempt_begin, #__VA_ARGS__, ((struct attempt){ __VA_ARGS__ }))
#define attempt_end(t) STEP(t, attempt_end, "")

/*
 * The responder becomes a process of its own, which can be killed; then a new one takes
 * its place. Its targets go with it.
 */
void responder_in_child(struct test *t);
void kill_responder(struct test *t);
void new_responder(struct test *t);
/* The responder closes its device, with all targets, and opens it again: reconnect(). */
void close_device(struct test *t);

/* The responder's device goes, for all processes and for good. */
void remove_device(struct test *t);

enum op_status(attempt)(struct test *t, struct attempt what);
enum op_status(receive_status)(struct test *t);
void(attempt_begin)(struct test *t, struct attempt what);
enum op_status(attempt_end)(struct test *t);

#endif
