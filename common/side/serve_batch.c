// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_batch.c - the completions of several operations, and any unexpected ones */
#include <errno.h>

#include "base/clock.h"
#include "side/local_internal.h"

/* How long to wait for one completion too many. */
#define LINGER_NS (5 * NSEC_PER_MSEC)

int serve_collect(struct local_side *side, struct local_target *target,
		  const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	bool enough = false;
	struct deadline deadline;

	if (!pair || pair->completed + request->len > pair->posted)
		return -ENODATA;
	deadline = deadline_in(&side->env->pace, pair->timeout_ns);
	while (!deadline_passed(&deadline) && reply->completions < SIDE_BATCH) {
		int n = rdma_qp_poll(&pair->qp, reply->batch + reply->completions,
				     (int)(SIDE_BATCH - reply->completions));

		if (n < 0)
			return n;
		reply->completions += (unsigned int)n;
		if (!enough && reply->completions >= request->len) {
			enough = true;
			deadline = deadline_in(NULL, LINGER_NS);
		}
	}
	for (unsigned int i = 0; i < reply->completions; i++)
		reply->batch[i].id -= pair->completed;
	pair->completed += request->len;
	return 0;
}
