// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp.c - queue pairs: made, connected, destroyed */
#include "rdma/verbs.h"

#include <errno.h>
#include <infiniband/verbs.h>
#include <string.h>

#include "base/log.h"
#include "base/util.h"

/*
 * A responder that must fault a page in answers "receiver not ready" or lets the
 * requester time out and retry: with fewer retries, or shorter timers, a slow page fault
 * would look like a broken link (the pitfall described by Fukuoka et al., 2021).
 */
#define RNR_RETRY_FOREVER 7
#define RETRIES		  7
#define ACK_TIMEOUT	  18 /* 4.096 us << 18: about one second */
#define RNR_TIMER	  12 /* 0.64 ms */
#define FIRST_PSN	  0

static int to_init(struct rdma_qp *qp)
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

	mask |= qp->transport == TRANSPORT_UD ? IBV_QP_QKEY : IBV_QP_ACCESS_FLAGS;
	ret = ibv_modify_qp(qp->ibv, &attr, mask);
	return ret ? log_errno(ret, "queue pair to INIT") : 0;
}

int verbs_qp_open(struct rdma_qp *qp, struct rdma_device *device,
		  const struct rdma_qp_spec *spec)
{
	struct ibv_qp_init_attr attr = {
		.cap = { .max_send_wr = spec->depth,
			 .max_recv_wr = spec->depth,
			 .max_send_sge = QP_SGES,
			 .max_recv_sge = QP_SGES },
		.qp_type = spec->transport == TRANSPORT_UD ? IBV_QPT_UD : IBV_QPT_RC,
		.sq_sig_all = 1,
	};
	int ret;

	*qp = (struct rdma_qp){ .device = device, .transport = spec->transport };
	qp->cq = ibv_create_cq(device->context, (int)(2 * spec->depth), NULL, NULL, 0);
	if (!qp->cq)
		return log_errno(errno, "completion queue of %u entries",
				 2 * spec->depth);
	attr.send_cq = attr.recv_cq = qp->cq;
	qp->ibv = ibv_create_qp(device->pd, &attr);
	if (!qp->ibv) {
		ret = log_errno(errno, "%s queue pair of depth %u",
				transport_name(spec->transport), spec->depth);
		goto err_close;
	}
	ret = to_init(qp);
	if (ret)
		goto err_close;
	return 0;

err_close:
	verbs_qp_close(qp);
	return ret;
}

void verbs_qp_close(struct rdma_qp *qp)
{
	if (qp->ibv)
		ibv_destroy_qp(qp->ibv);
	if (qp->ah)
		ibv_destroy_ah(qp->ah);
	if (qp->cq)
		ibv_destroy_cq(qp->cq);
	*qp = (struct rdma_qp){ 0 };
}

void verbs_qp_address(const struct rdma_qp *qp, struct rdma_address *address)
{
	*address = (struct rdma_address){
		.qpn = qp->ibv->qp_num,
		.lid = qp->device->port.lid,
		.mtu_bytes = qp->device->port.mtu_bytes,
	};
	memcpy(address->gid, qp->device->gid, sizeof(address->gid));
}

static struct ibv_ah_attr way_to(const struct rdma_qp *qp,
				 const struct rdma_address *peer)
{
	struct ibv_ah_attr way = {
		.dlid = (uint16_t)peer->lid,
		.port_num = (uint8_t)qp->device->port.number,
		.is_global = qp->device->port.ethernet,
		.grh = { .sgid_index = (uint8_t)qp->device->gid_index, .hop_limit = 64 },
	};

	memcpy(way.grh.dgid.raw, peer->gid, sizeof(peer->gid));
	return way;
}

static enum ibv_mtu mtu_of(size_t bytes)
{
	enum ibv_mtu mtu = IBV_MTU_256;

	while (mtu < IBV_MTU_4096 && (128u << (mtu + 1)) <= bytes)
		mtu++;
	return mtu;
}

static int connect_rc(struct rdma_qp *qp, const struct rdma_address *peer)
{
	struct ibv_qp_attr attr = {
		.qp_state = IBV_QPS_RTR,
		.ah_attr = way_to(qp, peer),
		.path_mtu = mtu_of(size_min(qp->device->port.mtu_bytes, peer->mtu_bytes)),
		.dest_qp_num = peer->qpn,
		.rq_psn = FIRST_PSN,
		.max_dest_rd_atomic = 1,
		.min_rnr_timer = RNR_TIMER,
	};
	int ret;

	ret = ibv_modify_qp(qp->ibv, &attr,
			    IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU | IBV_QP_DEST_QPN |
				    IBV_QP_RQ_PSN | IBV_QP_MAX_DEST_RD_ATOMIC |
				    IBV_QP_MIN_RNR_TIMER);
	if (ret)
		return log_errno(ret, "queue pair to RTR");
	attr = (struct ibv_qp_attr){
		.qp_state = IBV_QPS_RTS,
		.timeout = ACK_TIMEOUT,
		.retry_cnt = RETRIES,
		.rnr_retry = RNR_RETRY_FOREVER,
		.sq_psn = FIRST_PSN,
		.max_rd_atomic = 1,
	};
	ret = ibv_modify_qp(qp->ibv, &attr,
			    IBV_QP_STATE | IBV_QP_TIMEOUT | IBV_QP_RETRY_CNT |
				    IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN |
				    IBV_QP_MAX_QP_RD_ATOMIC);
	return ret ? log_errno(ret, "queue pair to RTS") : 0;
}

static int connect_ud(struct rdma_qp *qp, const struct rdma_address *peer)
{
	struct ibv_qp_attr attr = { .qp_state = IBV_QPS_RTR, .sq_psn = FIRST_PSN };
	struct ibv_ah_attr way = way_to(qp, peer);
	int ret;

	ret = ibv_modify_qp(qp->ibv, &attr, IBV_QP_STATE);
	if (ret)
		return log_errno(ret, "queue pair to RTR");
	attr.qp_state = IBV_QPS_RTS;
	ret = ibv_modify_qp(qp->ibv, &attr, IBV_QP_STATE | IBV_QP_SQ_PSN);
	if (ret)
		return log_errno(ret, "queue pair to RTS");
	qp->ah = ibv_create_ah(qp->device->pd, &way);
	if (!qp->ah)
		return log_errno(errno, "address handle");
	qp->peer_qpn = peer->qpn;
	return 0;
}

int verbs_qp_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	return qp->transport == TRANSPORT_UD ? connect_ud(qp, peer) :
					       connect_rc(qp, peer);
}
