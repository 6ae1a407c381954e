// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_event.c - completion events of a side's queue pairs */
#include <errno.h>

#include "base/clock.h"
#include "side/local_internal.h"

int serve_arm(struct local_side *side, struct local_target *target,
	      const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);

	return pair ? rdma_qp_arm(&pair->qp, request->flag) : -ENOTCONN;
}

int serve_wait_event(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	uint64_t timeout_ns = request->argument * NSEC_PER_MSEC;
	int ret;

	if (!pair)
		return -ENOTCONN;
	ret = rdma_qp_wait_event(&pair->qp, timeout_ns ? timeout_ns : pair->timeout_ns);
	reply->number = !ret;
	return ret == -ETIMEDOUT ? 0 : ret;
}
