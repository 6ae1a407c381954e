// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* verbs_srq.c - shared receive queues, and the domain that those of XRC live in */
#include <errno.h>
#include <fcntl.h>
#include <infiniband/verbs.h>

#include "base/log.h"
#include "rdma/qp_parts.h"

/* Without a file behind it, a domain is this process's own. */
static int open_domain(struct rdma_qp *qp)
{
	struct ibv_xrcd_init_attr attr = {
		.comp_mask = IBV_XRCD_INIT_ATTR_FD | IBV_XRCD_INIT_ATTR_OFLAGS,
		.fd = -1,
		.oflags = O_CREAT,
	};

	qp->xrcd = ibv_open_xrcd(qp->device->context, &attr);
	return qp->xrcd ? 0 : log_errno(errno, "XRC domain");
}

int rdma_srq_open(struct rdma_qp *qp)
{
	bool xrc = qp->spec.transport == TRANSPORT_XRC;
	struct ibv_srq_init_attr_ex attr = {
		.attr = { .max_wr = qp->spec.depth, .max_sge = QP_SGES },
		.comp_mask = IBV_SRQ_INIT_ATTR_TYPE | IBV_SRQ_INIT_ATTR_PD,
		.srq_type = xrc ? IBV_SRQT_XRC : IBV_SRQT_BASIC,
		.pd = qp->device->pd,
		.cq = qp->cq,
	};
	int ret;

	if (xrc) {
		ret = open_domain(qp);
		if (ret)
			return ret;
		attr.comp_mask |= IBV_SRQ_INIT_ATTR_XRCD | IBV_SRQ_INIT_ATTR_CQ;
		attr.xrcd = qp->xrcd;
	}
	qp->srq = ibv_create_srq_ex(qp->device->context, &attr);
	return qp->srq ? 0 :
			 log_errno(errno, "shared receive queue of depth %u",
				   qp->spec.depth);
}

void rdma_srq_close(struct rdma_qp *qp)
{
	if (qp->srq)
		ibv_destroy_srq(qp->srq);
	if (qp->xrcd)
		ibv_close_xrcd(qp->xrcd);
}
