/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* attempt.h - words for operations that are expected to fail, or may fail */
#ifndef ODPLAB_SCENARIO_OPERATION_ATTEMPT_H
#define ODPLAB_SCENARIO_OPERATION_ATTEMPT_H

#include <stdint.h>

#include "rdma/qp.h"
#include "testcase/step.h"

struct test;
struct target;

struct attempt {
	enum rdma_opcode opcode;
	struct target *target; /* of the peer; of a SEND: where it is received */
	uint64_t offset;       /* in its mapping; it may lie outside of it */
	uint32_t len;	       /* 0: eight bytes */
	uint16_t generation;   /* of the data that is written; 0: none is filled in */
	struct target *local;  /* NULL: pinned memory */
	uint64_t local_offset;
	uint32_t rkey, lkey; /* in place of those of the targets, where not 0 */
	uint32_t room;	     /* of the receive of a SEND, in bytes; 0: .len */
};

/*
 * Posts the operation and a few trailing WRITEs on the same queue pair. Returns the
 * status of the operation. Each must complete exactly once, in order; if the operation
 * fails, the trailing WRITEs must be flushed and must not have written anything. After a
 * failure the queue pair is in the error state: reconnect().
 */
#define attempt(t, ...) STEP(t, attempt, #__VA_ARGS__, ((struct attempt){ __VA_ARGS__ }))
enum op_status(attempt)(struct test *t, struct attempt what);

/* The status of the receive of an attempted SEND. */
#define receive_status(t) STEP(t, receive_status, "")
enum op_status(receive_status)(struct test *t);

/* An attempt in two steps and without trailing WRITEs, for what happens in between. */
#define attempt_begin(t, ...) \
	STEP(t, attempt_begin, #__VA_ARGS__, ((struct attempt){ __VA_ARGS__ }))
void(attempt_begin)(struct test *t, struct attempt what);

#define attempt_end(t) STEP(t, attempt_end, "")
enum op_status(attempt_end)(struct test *t);

#endif
