/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stream.h - a stream of operations, each timed */
#ifndef ODPLAB_SIDE_STREAM_H
#define ODPLAB_SIDE_STREAM_H

#include <stdint.h>

#include "base/hist.h"
#include "rdma/qp.h"

/*
 * Operation i moves @size bytes between local and remote offset i * @stride. Both ranges
 * are @count * @stride bytes long.
 */
struct stream_spec {
	enum rdma_opcode opcode; /* RDMA_WRITE or RDMA_READ */
	uint64_t local_addr;
	uint32_t lkey;
	uint64_t remote_addr;
	uint32_t rkey;
	uint32_t size;
	uint64_t stride;
	uint64_t count;
	unsigned int depth; /* operations in flight, at most STREAM_DEPTH */
};

#define STREAM_DEPTH 64

struct stream_result {
	uint64_t ns;	  /* from the first post to the last completion */
	uint64_t peak_ns; /* shortest time of @depth consecutive completions */
	uint64_t completed;
	enum op_status status; /* of the first that failed */
	struct hist latency;   /* from post to completion, each; kept over calls */
};

/*
 * Runs it. Nothing is allocated and nothing logged between the first post and the last
 * completion. @latency of the result is added to, the rest is set.
 * Returns 0 (look at .status too), -ETIMEDOUT when completions stop, or -errno after one
 * line.
 */
int stream_run(struct rdma_qp *qp, const struct stream_spec *spec,
	       struct stream_result *result);

#endif
