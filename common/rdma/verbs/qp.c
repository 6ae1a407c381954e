// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp.c - creates and destroys queue pairs */
#include <errno.h>
#include <infiniband/verbs.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/util.h"
#include "rdma/verbs/dc.h"
#include "rdma/verbs/flush.h"
#include "rdma/verbs/indirect_mkey.h"
#include "rdma/verbs/internal.h"

static int to_init(const struct rdma_qp *qp, struct ibv_qp *ibv)
{
	struct ibv_qp_attr attr = {
		.qp_state = IBV_QPS_INIT,
		.port_num = (uint8_t)qp->device->port.number,
		.qp_access_flags = IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE |
				   IBV_ACCESS_REMOTE_READ | IBV_ACCESS_REMOTE_ATOMIC,
		.qkey = QP_UD_QKEY,
	};
	int mask = IBV_QP_STATE | IBV_QP_PKEY_INDEX | IBV_QP_PORT;
	int ret;

	if (qp->device->caps.per_transport[qp->spec.type] & ODP_FLUSH)
		attr.qp_access_flags |= flush_access();

	mask |= ibv->qp_type == IBV_QPT_UD ? IBV_QP_QKEY : IBV_QP_ACCESS_FLAGS;
	ret = ibv_modify_qp(ibv, &attr, mask);
	return ret ? log_errno(ret, "queue pair to INIT") : 0;
}

int verbs_create_qp(struct rdma_qp *qp, struct ibv_qp_init_attr_ex *attr,
		    verbs_create_fn *create)
{
	const unsigned int sges = (unsigned int)size_min(QP_SGES, qp->device->max_sge);
	const struct {
		unsigned int sges, inline_bytes;
	} asked[] = { { sges, qp->spec.inline_bytes },
		      { sges, QP_INLINE },
		      { sges, 0 },
		      { 1, 0 } };
	const struct ibv_qp_cap cap = attr->cap;
	struct verbs_qp *verbs = verbs_qp(qp);

	errno = EINVAL;
	for (size_t i = !qp->spec.inline_bytes;
	     i < ARRAY_SIZE(asked) && !verbs->ibv && errno == EINVAL; i++) {
		attr->cap = cap;
		attr->cap.max_send_sge = asked[i].sges;
		attr->cap.max_recv_sge = cap.max_recv_wr ? asked[i].sges : 0;
		attr->cap.max_inline_data = asked[i].inline_bytes;
		verbs->ibv = create(verbs_device_of(qp)->context, attr);
		qp->sges = asked[i].sges;
		qp->inline_bytes = attr->cap.max_inline_data;
	}
	return verbs->ibv ? 0 : -errno;
}

/* ibv_create_qp_ex() is an inline function. */
static struct ibv_qp *create_by_verbs(struct ibv_context *context,
				      struct ibv_qp_init_attr_ex *attr)
{
	return ibv_create_qp_ex(context, attr);
}

static int create(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	static const enum ibv_qp_type types[TRANSPORTS] = {
		[QP_RC] = IBV_QPT_RC,
		[QP_UD] = IBV_QPT_UD,
		[QP_XRC] = IBV_QPT_XRC_SEND,
	};
	bool receives = qp->spec.type != QP_XRC;
	struct ibv_qp_init_attr_ex attr = {
		.send_cq = verbs->cq,
		.recv_cq = receives ? verbs->cq : NULL,
		.srq = receives ? verbs->srq : NULL,
		.cap = { .max_send_wr = qp->spec.depth },
		.qp_type = types[qp->spec.type],
		.sq_sig_all = 1,
		.comp_mask = IBV_QP_INIT_ATTR_PD,
		.pd = verbs_device_of(qp)->pd,
	};
	int ret;

	if (qp->spec.type == QP_RC)
		flush_ask(qp->device, &attr);
	if (!verbs->srq)
		attr.cap.max_recv_wr = qp->spec.depth;
	ret = verbs_create_qp(qp, &attr, create_by_verbs);
	return ret ? log_errno(ret, "%s queue pair of depth %u",
			       qp_type_name(qp->spec.type), qp->spec.depth) :
		     0;
}

static int create_receiver(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_init_attr_ex attr = {
		.qp_type = IBV_QPT_XRC_RECV,
		.comp_mask = IBV_QP_INIT_ATTR_XRCD,
		.xrcd = verbs->xrcd,
	};

	verbs->receiver = ibv_create_qp_ex(verbs_device_of(qp)->context, &attr);
	return verbs->receiver ? to_init(qp, verbs->receiver) :
				 log_errno(errno, "XRC queue pair that receives");
}

/* The sender, and a receiver where the sender cannot receive. */
static int create_all(struct rdma_qp *qp)
{
	int ret;

	if (qp->spec.type == QP_DC)
		return dc_open(qp);
	ret = qp->spec.indirect_mkeys ? key_create_qp(qp) : create(qp);
	if (!ret)
		ret = to_init(qp, verbs_qp(qp)->ibv);
	if (!ret && qp->spec.type == QP_XRC)
		ret = create_receiver(qp);
	return ret;
}

int verbs_qp_open(struct rdma_qp *qp, struct rdma_device *device,
		  const struct rdma_qp_spec *spec)
{
	bool shared = spec->shared_receive || spec->type == QP_XRC || spec->type == QP_DC;
	struct verbs_qp *verbs = calloc(1, sizeof(*verbs));
	int ret;

	if (!verbs)
		return log_errno(ENOMEM, "queue pair");
	*qp = (struct rdma_qp){ .private = verbs, .device = device, .spec = *spec };
	ret = verbs_cq_open(qp);
	if (!ret && shared)
		ret = verbs_srq_open(qp);
	if (!ret)
		ret = create_all(qp);
	if (ret)
		verbs_qp_close(qp);
	return ret;
}

/* libmlx5 has taken them out of the queue, libibverbs' soft-RoCE has not. */
static int discard_completions(const struct verbs_qp *verbs)
{
	struct ibv_wc wc;
	int n;

	do
		n = ibv_poll_cq(verbs->cq, 1, &wc);
	while (n > 0);
	return n ? log_errno(EIO, "ibv_poll_cq") : 0;
}

int verbs_qp_reset(struct rdma_qp *qp)
{
	struct ibv_qp_attr attr = { .qp_state = IBV_QPS_RESET };
	struct verbs_qp *verbs = verbs_qp(qp);
	int ret;

	if (qp->spec.type != QP_RC)
		return log_errno(EOPNOTSUPP, "reset a queue pair of type %s",
				 qp_type_name(qp->spec.type));
	ret = ibv_modify_qp(verbs->ibv, &attr, IBV_QP_STATE);
	if (ret)
		return log_errno(ret, "queue pair to RESET");
	ret = discard_completions(verbs);
	return ret ? ret : to_init(qp, verbs->ibv);
}

void verbs_qp_close(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);

	if (verbs->receiver)
		ibv_destroy_qp(verbs->receiver);
	if (verbs->ibv)
		ibv_destroy_qp(verbs->ibv);
	if (verbs->ah)
		ibv_destroy_ah(verbs->ah);
	verbs_srq_close(verbs);
	verbs_cq_close(verbs);
	free(verbs);
	*qp = (struct rdma_qp){ 0 };
}
