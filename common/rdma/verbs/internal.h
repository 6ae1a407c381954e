/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * internal.h - what the files of the verbs transport share: the parts of its objects
 *
 * The files for extensions (dc.h, indirect_mkey.h, flush.h) belong to this transport,
 * too.
 */
#ifndef ODPLAB_RDMA_VERBS_INTERNAL_H
#define ODPLAB_RDMA_VERBS_INTERNAL_H

#include <infiniband/verbs.h>

#include "rdma/verbs/verbs.h"

/* rdma_device.private, while it is open */
struct verbs_device {
	struct ibv_context *context;
	struct ibv_pd *pd;
	struct ibv_pd *second_pd; /* for regions that change theirs, or NULL */
};

/* rdma_qp.private, while it is open */
struct verbs_qp {
	struct ibv_qp *ibv;	 /* sends */
	struct ibv_qp *receiver; /* XRC, DC, whose queue pairs are one-way: receives */
	struct ibv_cq *cq;	 /* of all its queues */
	struct ibv_comp_channel *channel; /* of its events; NULL: it has none */
	struct ibv_srq *srq;		  /* NULL where receives belong to .ibv */
	struct ibv_xrcd *xrcd;		  /* XRC */
	struct ibv_ah *ah;		  /* UD, DC: address of the peer */
	uint32_t peer_qpn;		  /* UD, DC */
	uint32_t peer_srqn;		  /* XRC */
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

/*
 * Makes .ibv by @create, with as many pieces and as much inline data as the device takes,
 * which no verb tells: @attr has all else. Returns 0 or -errno, without a line.
 */
typedef struct ibv_qp *verbs_create_fn(struct ibv_context *context,
				       struct ibv_qp_init_attr_ex *attr);
int verbs_create_qp(struct rdma_qp *qp, struct ibv_qp_init_attr_ex *attr,
		    verbs_create_fn *create);

/* Fill .driver, .board and .emulated of a device whose name is known. */
void verbs_find_driver(struct rdma_device *device);
void verbs_find_board(struct rdma_device *device);

/*
 * Fill .port, .gid and .gid_index: as @wanted, or the default where it is 0 (a port) or
 * -1 (a GID). Return 0 or -errno after one line.
 */
int verbs_choose_port(struct rdma_device *device, unsigned int wanted);
int verbs_choose_gid(struct rdma_device *device, int wanted);

/* Returns 0 or -errno after one line. */
int verbs_caps_query(struct ibv_context *context, struct odp_caps *caps);

/*
 * Makes .cq, and .channel where the queue pair has events. What was opened in part can be
 * closed. Returns 0 or -errno after one line.
 */
int verbs_cq_open(struct rdma_qp *qp);
void verbs_cq_close(struct verbs_qp *verbs);

/*
 * The shared receive queue, for XRC with its domain; .cq exists already. One that was
 * opened in part can be closed. Returns 0 or -errno after one line.
 */
int verbs_srq_open(struct rdma_qp *qp);
void verbs_srq_close(struct verbs_qp *verbs);

/* The attributes of the transition to RTR, without the queue pair number of the peer. */
void verbs_rtr_attr(const struct rdma_qp *qp, const struct rdma_address *peer,
		    struct ibv_qp_attr *attr);

/* Makes .ibv ready to send. Returns 0 or -errno after one line. */
int verbs_to_rts(const struct rdma_qp *qp);

#endif
