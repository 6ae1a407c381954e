// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream.c - a stream of operations, each timed */
#include "side/stream.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"

/*
 * Without a completion for so long the stream is broken: far above any fault and its
 * retries.
 */
#define SILENCE_NS (20 * NSEC_PER_SEC)

struct progress {
	uint64_t posted, completed;
	uint64_t posted_at[STREAM_DEPTH]; /* by operation modulo STREAM_DEPTH */
	uint64_t batch_began; /* when the last whole batch of @depth completed */
};

static int post_one(struct rdma_qp *qp, const struct stream_spec *spec,
		    struct progress *progress)
{
	uint64_t offset = progress->posted * spec->stride;
	struct rdma_op op = {
		.opcode = spec->opcode,
		.sges = 1,
		.sge = { { spec->local_addr + offset, spec->size, spec->lkey } },
		.remote_addr = spec->remote_addr + offset,
		.rkey = spec->rkey,
		.id = progress->posted,
	};

	progress->posted_at[progress->posted++ % STREAM_DEPTH] = clock_ns();
	return rdma_qp_post(qp, &op);
}

static void take_completion(const struct stream_spec *spec, struct progress *progress,
			    const struct rdma_completion *completion, uint64_t now,
			    struct stream_result *result)
{
	uint64_t batch;

	if (completion->status != OP_SUCCESS && result->status == OP_SUCCESS)
		result->status = completion->status;
	hist_record(&result->latency,
		    now - progress->posted_at[completion->id % STREAM_DEPTH]);
	if (++progress->completed % spec->depth)
		return;
	batch = now - progress->batch_began;
	progress->batch_began = now;
	if (batch < result->peak_ns)
		result->peak_ns = batch;
}

int stream_run(struct rdma_qp *qp, const struct stream_spec *spec,
	       struct stream_result *result)
{
	struct rdma_completion completions[16] = { 0 };
	struct progress progress = { 0 };
	bool refused = !spec->depth || spec->depth > STREAM_DEPTH || !spec->count;
	uint64_t start = clock_ns(), now = start, available = start;
	int n = 0, ret = 0;

	if (refused)
		return log_errno(EINVAL, "a stream of depth %u", spec->depth);
	result->status = OP_SUCCESS;
	result->peak_ns = UINT64_MAX;
	progress.batch_began = start;
	while (progress.completed < spec->count && result->status == OP_SUCCESS) {
		while (progress.posted < spec->count && !ret &&
		       progress.posted - progress.completed < spec->depth)
			ret = post_one(qp, spec, &progress);
		n = ret ? ret : rdma_qp_poll(qp, completions, ARRAY_SIZE(completions));
		if (n < 0)
			return n;
		now = clock_ns();
		if (n)
			available = now;
		else if (now - available > SILENCE_NS)
			return -ETIMEDOUT;
		for (int i = 0; i < n; i++)
			take_completion(spec, &progress, &completions[i], now, result);
	}
	result->ns = now - start;
	result->completed = progress.completed;
	return 0;
}
