// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_queue_pair.c - a side's queue pairs */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "side/local_internal.h"

struct local_pair *local_pair(struct local_side *side, const struct side_request *request)
{
	if (request->pair >= SIDE_PAIRS ||
	    !rdma_qp_is_open(&side->pairs[request->pair].qp))
		return NULL;
	return &side->pairs[request->pair];
}

void local_pairs_close(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_PAIRS; i++)
		rdma_qp_close(&side->pairs[i].qp);
}

int serve_qp_open(struct local_side *side, struct local_target *target,
		  const struct side_request *request, struct side_reply *reply)
{
	struct rdma_qp_spec spec = request->queue_pair;
	struct local_pair *pair;
	int ret;

	if (request->pair >= SIDE_PAIRS)
		return log_errno(EINVAL, "queue pair %u of a side", request->pair);
	pair = &side->pairs[request->pair];
	rdma_qp_close(&pair->qp);
	*pair = (struct local_pair){ .timeout_ns = env_patience(
					     side->env, side->env->config->long_run ?
								SIDE_LONG_OP_TIMEOUT_NS :
								SIDE_OP_TIMEOUT_NS) };
	spec.depth = SIDE_DEPTH;
	spec.listens = side->role == RESPONDER;
	ret = rdma_qp_open(&pair->qp, &side->device, &spec);
	if (!ret)
		rdma_qp_address(&pair->qp, &reply->address);
	return ret;
}

int serve_qp_reset(struct local_side *side, struct local_target *target,
		   const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	int ret;

	if (!pair)
		return -ENOTCONN;
	ret = rdma_qp_reset(&pair->qp);
	if (ret)
		return ret;
	pair->posted = pair->completed = 0;
	pair->receives_posted = pair->received = 0;
	rdma_qp_address(&pair->qp, &reply->address);
	return 0;
}

int serve_qp_connect(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);

	return pair ? rdma_qp_connect(&pair->qp, &request->address) : -ENOTCONN;
}

/* How long to wait for an unexpected completion. */
#define MOMENT_NS (2 * NSEC_PER_MSEC)

/* Were there completions that no request waited for? */
static bool take_owed(struct local_pair *pair)
{
	if (pair->completed < pair->posted)
		pair->completed++;
	else if (pair->received < pair->receives_posted)
		pair->received++;
	else
		return false;
	return true;
}

int serve_settle(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	uint64_t deadline = clock_ns() + MOMENT_NS;
	struct rdma_completion completion;
	int n = 0;

	do {
		for (size_t i = 0; i < SIDE_PAIRS && n >= 0; i++) {
			if (!rdma_qp_is_open(&side->pairs[i].qp))
				continue;
			n = rdma_qp_poll(&side->pairs[i].qp, &completion, 1);
			if (n > 0)
				reply->strays += !take_owed(&side->pairs[i]);
		}
	} while (n >= 0 && !clock_passed(deadline));
	return n < 0 ? n : 0;
}
