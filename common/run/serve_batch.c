// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_batch.c - operations that are posted now and collected later */
#include "base/clock.h"
#include "run/local_side.h"

/* How long one completion too many is given to show up. */
#define LINGER_NS (5 * NSEC_PER_MSEC)

int serve_post(struct local_side *side, struct local_target *unused,
	       const struct side_request *request, struct side_reply *reply)
{
	struct rdma_op op;
	int ret;

	(void)unused;
	(void)reply;
	ret = local_op(side, &request->op, &op);
	return ret ? ret : rdma_qp_post(&side->qp, &op);
}

int serve_collect(struct local_side *side, struct local_target *unused,
		  const struct side_request *request, struct side_reply *reply)
{
	uint64_t deadline = clock_ns() + SIDE_OP_TIMEOUT_NS;
	bool enough = false;

	(void)unused;
	while (!clock_passed(deadline) && reply->completions < SIDE_BATCH) {
		int n = rdma_qp_poll(&side->qp, reply->batch + reply->completions,
				     (int)(SIDE_BATCH - reply->completions));

		if (n < 0)
			return n;
		reply->completions += (unsigned int)n;
		if (!enough && reply->completions >= request->len) {
			enough = true;
			deadline = clock_ns() + LINGER_NS;
		}
	}
	return 0;
}
