// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_traffic.c - a side's queue pair and its operations */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/local_side.h"

int serve_qp_open(struct local_side *side, struct local_target *unused,
		  const struct side_request *request, struct side_reply *reply)
{
	struct rdma_qp_spec spec = { .transport = request->transport,
				     .depth = SIDE_DEPTH };
	int ret;

	(void)unused;
	rdma_qp_close(&side->qp);
	ret = rdma_qp_open(&side->qp, &side->device, &spec);
	if (!ret)
		rdma_qp_address(&side->qp, &reply->address);
	return ret;
}

int serve_qp_connect(struct local_side *side, struct local_target *unused,
		     const struct side_request *request, struct side_reply *reply)
{
	(void)unused;
	(void)reply;
	return rdma_qp_is_open(&side->qp) ?
		       rdma_qp_connect(&side->qp, &request->address) :
		       -ENOTCONN;
}

/* Turns pieces of targets into addresses and keys. */
static int gather(struct local_side *side, const struct side_op *op,
		  struct rdma_sge sges[QP_SGES])
{
	if (!rdma_qp_is_open(&side->qp) || op->pieces > QP_SGES)
		return -EINVAL;
	for (unsigned int i = 0; i < op->pieces; i++) {
		const struct piece *piece = &op->piece[i];
		struct local_target *target = local_target(side, piece->target);

		if (!target || piece->offset + piece->len > target->region.len)
			return log_errno(EINVAL, "piece %u of an operation", i);
		sges[i] = (struct rdma_sge){
			.addr = (uintptr_t)target->region.addr + piece->offset,
			.len = piece->len,
			.lkey = piece->key ? piece->key : target->mr.lkey,
		};
	}
	return 0;
}

static int wait_for(struct local_side *side, struct rdma_completion *completion)
{
	int ret = rdma_qp_wait(&side->qp, completion, SIDE_OP_TIMEOUT_NS);

	if (ret != -ETIMEDOUT)
		return ret;
	completion->status = OP_NO_COMPLETION;
	return 0;
}

int local_op(struct local_side *side, const struct side_op *wanted, struct rdma_op *op)
{
	*op = (struct rdma_op){
		.opcode = wanted->opcode,
		.sges = wanted->pieces,
		.remote_addr = wanted->remote_addr,
		.rkey = wanted->rkey,
		.compare_add = wanted->compare_add,
		.swap = wanted->swap,
		.id = wanted->id,
	};
	return gather(side, wanted, op->sge);
}

int serve_execute(struct local_side *side, struct local_target *unused,
		  const struct side_request *request, struct side_reply *reply)
{
	struct rdma_op op;
	int ret;

	(void)unused;
	ret = local_op(side, &request->op, &op);
	if (!ret)
		ret = rdma_qp_post(&side->qp, &op);
	return ret ? ret : wait_for(side, &reply->completion);
}

int serve_post_recv(struct local_side *side, struct local_target *unused,
		    const struct side_request *request, struct side_reply *reply)
{
	struct rdma_sge sges[QP_SGES];
	int ret;

	(void)unused;
	(void)reply;
	ret = gather(side, &request->op, sges);
	return ret ? ret : rdma_qp_post_recv(&side->qp, sges, request->op.pieces, 0);
}

int serve_wait_recv(struct local_side *side, struct local_target *unused,
		    const struct side_request *request, struct side_reply *reply)
{
	(void)unused;
	(void)request;
	return wait_for(side, &reply->completion);
}

int serve_stream(struct local_side *side, struct local_target *unused,
		 const struct side_request *request, struct side_reply *reply)
{
	(void)unused;
	(void)reply;
	if (!rdma_qp_is_open(&side->qp))
		return -ENOTCONN;
	return stream_run(&side->qp, request->stream, request->stream_result);
}
