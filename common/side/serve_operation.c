// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_operation.c - a side's operations: post and wait */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "side/local_internal.h"

int local_gather(struct local_side *side, const struct side_op *op,
		 struct rdma_sge sges[QP_SGES])
{
	if (op->rdma.sges > QP_SGES)
		return log_errno(EINVAL, "%u pieces of an operation", op->rdma.sges);
	for (unsigned int i = 0; i < op->rdma.sges; i++) {
		const struct piece *piece = &op->piece[i];
		struct local_target *target = local_target(side, piece->target);
		uint64_t end = piece->offset + piece->len;

		if (!target || end > size_max(target->region.len, target->key_len))
			return log_errno(EINVAL, "piece %u of an operation", i);
		sges[i] = (struct rdma_sge){
			.addr = (uintptr_t)target->region.addr + piece->offset,
			.len = piece->len,
			.lkey = piece->key ? piece->key : target->mr.lkey,
		};
	}
	return 0;
}

/* Bit of the ids of receives, which differ from those of operations. */
#define RECEIVE (1ull << 63)

/* A device may take a fault for each page, one after the other. */
static void wait_longer(const struct local_side *side, struct local_pair *pair,
			const struct rdma_op *op)
{
	uint64_t pages = 0, ns;

	for (unsigned int i = 0; i < op->sges; i++)
		pages += op->sge[i].len / PAGE_BYTES;
	ns = SIDE_OP_TIMEOUT_NS + pages * SIDE_PAGE_TIMEOUT_NS;
	pair->timeout_ns = size_max(pair->timeout_ns, env_patience(side->env, ns));
}

int serve_post(struct local_side *side, struct local_target *target,
	       const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	struct rdma_op op = request->op.rdma;
	int ret;

	if (!pair)
		return -ENOTCONN;
	if (side->background.running)
		return log_errno(EBUSY, "the background thread uses the queue pairs");
	op.id = pair->posted;
	ret = local_gather(side, &request->op, op.sge);
	if (!ret)
		ret = rdma_qp_post(&pair->qp, &op);
	if (!ret)
		wait_longer(side, pair, &op);
	pair->posted += !ret;
	return ret;
}

int serve_post_recv(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);
	struct rdma_sge sges[QP_SGES];
	int ret;

	if (!pair)
		return -ENOTCONN;
	ret = local_gather(side, &request->op, sges);
	if (!ret)
		ret = rdma_qp_post_recv(&pair->qp, sges, request->op.rdma.sges,
					RECEIVE | pair->receives_posted);
	pair->receives_posted += !ret;
	return ret;
}

/* Completions without a posted request. */
static int count_strays(struct local_pair *pair, struct side_reply *reply)
{
	struct rdma_completion stray;
	int n;

	while ((n = rdma_qp_poll(&pair->qp, &stray, 1)) > 0)
		reply->strays++;
	return n;
}

/* Completions are in order: if a later one has come, this one never will. */
static bool is_later(uint64_t id, uint64_t other)
{
	return (id & RECEIVE) == (other & RECEIVE) && other > id;
}

/*
 * Waits for the completion with this id, and counts others. Once all that was posted has
 * completed, one more shows at once.
 */
static int wait_for(struct local_side *side, struct local_pair *pair, uint64_t id,
		    struct side_reply *reply)
{
	struct deadline deadline = deadline_in(&side->env->pace, pair->timeout_ns);
	struct rdma_completion *got = &reply->completion;
	bool came = false, lost = false;
	int ret = 0;

	while (!ret && !came && !lost && !deadline_passed(&deadline)) {
		ret = rdma_qp_wait(&pair->qp, got, deadline_left(&deadline));
		came = !ret && got->id == id;
		lost = !ret && is_later(id, got->id);
		reply->strays += !ret && !came;
		if (ret == -ETIMEDOUT)
			ret = 0;
	}
	if (!came && !ret) {
		got->status = OP_NO_COMPLETION;
		return 0;
	}
	if (ret || pair->completed < pair->posted ||
	    pair->received < pair->receives_posted)
		return ret;
	return count_strays(pair, reply);
}

int local_wait(struct local_side *side, struct local_pair *pair, struct side_reply *reply)
{
	return wait_for(side, pair, pair->completed++, reply);
}

int serve_wait(struct local_side *side, struct local_target *target,
	       const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);

	if (!pair || pair->completed == pair->posted)
		return -ENODATA;
	return local_wait(side, pair, reply);
}

int serve_wait_recv(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);

	if (!pair || pair->received == pair->receives_posted)
		return -ENODATA;
	return wait_for(side, pair, RECEIVE | pair->received++, reply);
}

int serve_stream(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	struct local_pair *pair = local_pair(side, request);

	if (!pair)
		return -ENOTCONN;
	return stream_run(&pair->qp, request->stream, request->stream_result);
}
