/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * internal.h - what the files of the verbs transport share: what its objects are made of
 *
 * The files for one vendor's extras (dc.h, keys.h, flush.h) belong to this transport, too.
 */
#ifndef ODPLAB_RDMA_VERBS_INTERNAL_H
#define ODPLAB_RDMA_VERBS_INTERNAL_H

#include <infiniband/verbs.h>

#include "rdma/verbs/verbs.h"

/* rdma_device.private, while it is open */
struct verbs_device {
	struct ibv_context *context;
	struct ibv_pd *pd;
};

/* rdma_qp.private, while it is open */
struct verbs_qp {
	struct ibv_qp *ibv;	 /* what is posted goes out here */
	struct ibv_qp *receiver; /* XRC, DC, which go one way: what comes in here */
	struct ibv_cq *cq;	 /* of all its queues */
	struct ibv_srq *srq;	 /* NULL where receives belong to .ibv */
	struct ibv_xrcd *xrcd;	 /* XRC */
	struct ibv_ah *ah;	 /* UD, DC: the way to the peer */
	uint32_t peer_qpn;	 /* UD, DC */
	uint32_t peer_srqn;	 /* XRC */
};

static inline struct verbs_device *verbs_device(const struct rdma_device *device)
{
	return device->private;
}

static inline struct verbs_qp *verbs_qp(const struct rdma_qp *qp)
{
	return qp->private;
}

/* The device that a queue pair was made on. */
static inline struct verbs_device *verbs_device_of(const struct rdma_qp *qp)
{
	return qp->device->private;
}

/* Returns 0 or -errno after one line. */
int verbs_caps_query(struct ibv_context *context, struct odp_caps *caps);

/*
 * The shared receive queue, on XRC with its domain; .cq is there already. Closing takes one
 * that was opened in part. Returns 0 or -errno after one line.
 */
int verbs_srq_open(struct rdma_qp *qp);
void verbs_srq_close(struct verbs_qp *verbs);

/*
 * How to become ready to receive: path, MTU and timers; the caller adds from whom.
 */
void verbs_rtr_attr(const struct rdma_qp *qp, const struct rdma_address *peer,
		    struct ibv_qp_attr *attr);

/* Makes .ibv ready to send. Returns 0 or -errno after one line. */
int verbs_to_rts(const struct rdma_qp *qp);

#endif
