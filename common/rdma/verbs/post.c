// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* post.c - operations into queue pairs, completions out of them */
#include <endian.h>
#include <errno.h>
#include <infiniband/verbs.h>

#include "base/log.h"
#include "rdma/verbs/dc.h"
#include "rdma/verbs/flush.h"
#include "rdma/verbs/internal.h"

_Static_assert(sizeof(struct rdma_sge) == sizeof(struct ibv_sge) &&
		       offsetof(struct rdma_sge, len) ==
			       offsetof(struct ibv_sge, length) &&
		       offsetof(struct rdma_sge, lkey) == offsetof(struct ibv_sge, lkey),
	       "passed without conversion");

static struct ibv_sge *to_ibv(const struct rdma_sge *sges)
{
	/* the library does not change it, although its type is not const */
	return (struct ibv_sge *)(uintptr_t)sges;
}

/* The address in the peer's memory, and the immediate data or the key to invalidate. */
static void set_target(struct ibv_send_wr *wr, const struct rdma_op *op)
{
	switch (op->opcode) {
	case RDMA_WRITE:
	case RDMA_WRITE_IMMEDIATE:
	case RDMA_READ:
		wr->wr.rdma.remote_addr = op->remote_addr;
		wr->wr.rdma.rkey = op->rkey;
		break;
	case RDMA_FETCH_ADD:
	case RDMA_COMPARE_SWAP:
		wr->wr.atomic.remote_addr = op->remote_addr;
		wr->wr.atomic.rkey = op->rkey;
		wr->wr.atomic.compare_add = op->compare_add;
		wr->wr.atomic.swap = op->swap;
		break;
	default:
		break;
	}
	if (op->opcode == RDMA_SEND_INVALIDATE)
		wr->invalidate_rkey = op->immediate;
	else
		wr->imm_data = htobe32(op->immediate);
}

static void set_way(struct ibv_send_wr *wr, const struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	if (qp->spec.type == QP_UD) {
		wr->wr.ud.ah = verbs->ah;
		wr->wr.ud.remote_qpn = verbs->peer_qpn;
		wr->wr.ud.remote_qkey = QP_UD_QKEY;
	} else if (qp->spec.type == QP_XRC) {
		wr->qp_type.xrc.remote_srqn = verbs->peer_srqn;
	}
}

int verbs_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	static const enum ibv_wr_opcode opcodes[RDMA_OPCODES] = {
		[RDMA_WRITE] = IBV_WR_RDMA_WRITE,
		[RDMA_WRITE_IMMEDIATE] = IBV_WR_RDMA_WRITE_WITH_IMM,
		[RDMA_READ] = IBV_WR_RDMA_READ,
		[RDMA_SEND] = IBV_WR_SEND,
		[RDMA_SEND_IMMEDIATE] = IBV_WR_SEND_WITH_IMM,
		[RDMA_SEND_INVALIDATE] = IBV_WR_SEND_WITH_INV,
		[RDMA_FETCH_ADD] = IBV_WR_ATOMIC_FETCH_AND_ADD,
		[RDMA_COMPARE_SWAP] = IBV_WR_ATOMIC_CMP_AND_SWP,
	};
	unsigned int flags = IBV_SEND_SIGNALED | (op->inline_data ? IBV_SEND_INLINE : 0) |
			     (op->solicited ? IBV_SEND_SOLICITED : 0);
	struct ibv_send_wr wr = {
		.wr_id = op->id,
		.sg_list = to_ibv(op->sge),
		.num_sge = (int)op->sges,
		.opcode = opcodes[op->opcode],
		.send_flags = flags,
	};
	struct ibv_send_wr *bad;
	int ret;

	if (op->durable)
		return -EOPNOTSUPP;
	if (qp->spec.type == QP_DC)
		return dc_post(qp, op);
	if (op->opcode == RDMA_FLUSH || op->opcode == RDMA_ATOMIC_WRITE)
		return flush_post(qp, op);
	set_target(&wr, op);
	set_way(&wr, qp);
	ret = ibv_post_send(verbs_qp(qp)->ibv, &wr, &bad);
	return ret ? log_errno(ret, "ibv_post_send of %s", rdma_opcode_name(op->opcode)) :
		     0;
}

int verbs_post_recv(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
		    uint64_t id)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_recv_wr wr = { .wr_id = id,
				  .sg_list = to_ibv(sges),
				  .num_sge = (int)n };
	struct ibv_recv_wr *bad;
	int ret;

	ret = verbs->srq ? ibv_post_srq_recv(verbs->srq, &wr, &bad) :
			   ibv_post_recv(verbs->ibv, &wr, &bad);
	return ret ? log_errno(ret, "post a receive") : 0;
}

_Static_assert((int)COMPLETED_SEND == IBV_WC_SEND &&
		       (int)COMPLETED_INVALIDATE == IBV_WC_LOCAL_INV &&
		       (int)COMPLETED_RECEIVE_OF_WRITE == IBV_WC_RECV_RDMA_WITH_IMM,
	       "the same values");

static struct rdma_completion from_ibv(const struct ibv_wc *wc)
{
	bool invalidated = wc->wc_flags & IBV_WC_WITH_INV;

	return (struct rdma_completion){
		.id = wc->wr_id,
		.status = (enum op_status)wc->status,
		/* libmlx5 does not set it where there is none */
		.vendor_error = wc->status ? wc->vendor_err : 0,
		.what = (enum rdma_completed)wc->opcode,
		.bytes = wc->byte_len,
		.has_immediate = wc->wc_flags & IBV_WC_WITH_IMM,
		.invalidated = invalidated,
		.immediate = invalidated ? wc->invalidated_rkey : be32toh(wc->imm_data),
	};
}

int verbs_poll(struct rdma_qp *qp, struct rdma_completion *completions, int max)
{
	enum { BATCH = 16 };
	struct ibv_wc wcs[BATCH];
	int n;

	n = ibv_poll_cq(verbs_qp(qp)->cq, max < BATCH ? max : BATCH, wcs);
	if (n < 0)
		return log_errno(EIO, "ibv_poll_cq");
	for (int i = 0; i < n; i++)
		completions[i] = from_ibv(&wcs[i]);
	return n;
}
