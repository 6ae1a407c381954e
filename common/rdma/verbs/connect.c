// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* connect.c - a queue pair's way to its peer */
#include <errno.h>
#include <infiniband/verbs.h>
#include <string.h>

#include "base/log.h"
#include "base/util.h"
#include "rdma/verbs/dc.h"
#include "rdma/verbs/internal.h"

/*
 * A responder that must fault a page in answers "receiver not ready" or lets the
 * requester time out and retry. With fewer retries or shorter timers a slow page fault
 * would look like a broken link (Fukuoka et al., 2021).
 */
#define RNR_RETRY_FOREVER 7
#define RETRIES		  7
#define ACK_TIMEOUT	  18 /* 4.096 us << 18: about one second */
#define SOON_RETRIES	  3
#define SOON_ACK_TIMEOUT  14 /* 67 ms */
#define RNR_TIMER	  12 /* 0.64 ms */
#define FIRST_PSN	  0

void verbs_qp_address(const struct rdma_qp *qp, struct rdma_address *address)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	*address = (struct rdma_address){
		.qpn = verbs->ibv->qp_num,
		.lid = qp->device->port.lid,
		.mtu_bytes = qp->device->port.mtu_bytes,
	};
	memcpy(address->gid, qp->device->gid, sizeof(address->gid));
	if (qp->spec.path_mtu)
		address->mtu_bytes = qp->spec.path_mtu;
	if (!verbs->receiver)
		return;
	address->receiver_qpn = verbs->receiver->qp_num;
	if (verbs->xrcd)
		ibv_get_srq_num(verbs->srq, &address->srqn);
}

static struct ibv_ah_attr address_of(const struct rdma_qp *qp,
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

void verbs_rtr_attr(const struct rdma_qp *qp, const struct rdma_address *peer,
		    struct ibv_qp_attr *attr)
{
	*attr = (struct ibv_qp_attr){
		.qp_state = IBV_QPS_RTR,
		.ah_attr = address_of(qp, peer),
		.path_mtu = mtu_of(size_min(qp->device->port.mtu_bytes, peer->mtu_bytes)),
		.rq_psn = FIRST_PSN,
		.max_dest_rd_atomic = 1,
		.min_rnr_timer = RNR_TIMER,
	};
}

/* Ready to receive, from the peer's queue pair @qpn. */
static int to_rtr(const struct rdma_qp *qp, struct ibv_qp *ibv,
		  const struct rdma_address *peer, uint32_t qpn)
{
	int mask = IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU | IBV_QP_DEST_QPN |
		   IBV_QP_RQ_PSN;
	struct ibv_qp_attr attr;
	int ret;

	verbs_rtr_attr(qp, peer, &attr);
	attr.dest_qp_num = qpn;
	if (ibv->qp_type != IBV_QPT_XRC_SEND) /* which does not respond */
		mask |= IBV_QP_MAX_DEST_RD_ATOMIC | IBV_QP_MIN_RNR_TIMER;
	ret = ibv_modify_qp(ibv, &attr, mask);
	return ret ? log_errno(ret, "queue pair to RTR") : 0;
}

int verbs_to_rts(const struct rdma_qp *qp)
{
	struct ibv_qp_attr attr = {
		.qp_state = IBV_QPS_RTS,
		.timeout = qp->spec.gives_up_soon ? SOON_ACK_TIMEOUT : ACK_TIMEOUT,
		.retry_cnt = qp->spec.gives_up_soon ? SOON_RETRIES : RETRIES,
		.rnr_retry = qp->spec.rnr_is_final ? 0 : RNR_RETRY_FOREVER,
		.sq_psn = FIRST_PSN,
		.max_rd_atomic = 1,
	};
	int ret;

	ret = ibv_modify_qp(verbs_qp(qp)->ibv, &attr,
			    IBV_QP_STATE | IBV_QP_TIMEOUT | IBV_QP_RETRY_CNT |
				    IBV_QP_RNR_RETRY | IBV_QP_SQ_PSN |
				    IBV_QP_MAX_QP_RD_ATOMIC);
	return ret ? log_errno(ret, "queue pair to RTS") : 0;
}

static int connect_rc(struct rdma_qp *qp, const struct rdma_address *peer)
{
	int ret = to_rtr(qp, verbs_qp(qp)->ibv, peer, peer->qpn);

	return ret ? ret : verbs_to_rts(qp);
}

/* Each side's sender to the other side's receiver. */
static int connect_xrc(struct rdma_qp *qp, const struct rdma_address *peer)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	int ret = to_rtr(qp, verbs->receiver, peer, peer->qpn);

	if (!ret)
		ret = to_rtr(qp, verbs->ibv, peer, peer->receiver_qpn);
	verbs->peer_srqn = peer->srqn;
	return ret ? ret : verbs_to_rts(qp);
}

static int connect_ud(struct rdma_qp *qp, const struct rdma_address *peer)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_attr attr = { .qp_state = IBV_QPS_RTR, .sq_psn = FIRST_PSN };
	struct ibv_ah_attr way = address_of(qp, peer);
	int ret;

	ret = ibv_modify_qp(verbs->ibv, &attr, IBV_QP_STATE);
	if (ret)
		return log_errno(ret, "queue pair to RTR");
	attr.qp_state = IBV_QPS_RTS;
	ret = ibv_modify_qp(verbs->ibv, &attr, IBV_QP_STATE | IBV_QP_SQ_PSN);
	if (ret)
		return log_errno(ret, "queue pair to RTS");
	verbs->ah = ibv_create_ah(verbs_device_of(qp)->pd, &way);
	if (!verbs->ah)
		return log_errno(errno, "address handle");
	verbs->peer_qpn = peer->qpn;
	return 0;
}

int verbs_qp_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	switch (qp->spec.type) {
	case QP_UD:
		return connect_ud(qp, peer);
	case QP_XRC:
		return connect_xrc(qp, peer);
	case QP_DC:
		return dc_connect(qp, peer);
	default:
		return connect_rc(qp, peer);
	}
}
