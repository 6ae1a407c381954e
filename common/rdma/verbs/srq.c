// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* srq.c - shared receive queues, and the domains of XRC */
#include <errno.h>
#include <fcntl.h>
#include <infiniband/verbs.h>

#include "base/log.h"
#include "base/util.h"
#include "rdma/verbs/internal.h"

/* A domain without a file is private to this process. */
static int open_domain(struct verbs_qp *verbs, struct ibv_context *context)
{
	struct ibv_xrcd_init_attr attr = {
		.comp_mask = IBV_XRCD_INIT_ATTR_FD | IBV_XRCD_INIT_ATTR_OFLAGS,
		.fd = -1,
		.oflags = O_CREAT,
	};

	verbs->xrcd = ibv_open_xrcd(context, &attr);
	return verbs->xrcd ? 0 : log_errno(errno, "XRC domain");
}

int verbs_srq_open(struct rdma_qp *qp)
{
	const struct verbs_device *device = verbs_device_of(qp);
	struct verbs_qp *verbs = verbs_qp(qp);
	bool xrc = qp->spec.type == QP_XRC;
	struct ibv_srq_init_attr_ex attr = {
		.attr = { .max_wr = qp->spec.depth,
			  .max_sge =
				  (uint32_t)size_min(QP_SGES, qp->device->max_srq_sge) },
		.comp_mask = IBV_SRQ_INIT_ATTR_TYPE | IBV_SRQ_INIT_ATTR_PD,
		.srq_type = xrc ? IBV_SRQT_XRC : IBV_SRQT_BASIC,
		.pd = device->pd,
		.cq = verbs->cq,
	};
	int ret;

	if (xrc) {
		ret = open_domain(verbs, device->context);
		if (ret)
			return ret;
		attr.comp_mask |= IBV_SRQ_INIT_ATTR_XRCD | IBV_SRQ_INIT_ATTR_CQ;
		attr.xrcd = verbs->xrcd;
	}
	verbs->srq = ibv_create_srq_ex(device->context, &attr);
	return verbs->srq ? 0 :
			    log_errno(errno, "shared receive queue of depth %u",
				      qp->spec.depth);
}

void verbs_srq_close(struct verbs_qp *verbs)
{
	if (verbs->srq)
		ibv_destroy_srq(verbs->srq);
	if (verbs->xrcd)
		ibv_close_xrcd(verbs->xrcd);
}
