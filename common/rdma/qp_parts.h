/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* qp_parts.h - what the files that make a queue pair share */
#ifndef ODPLAB_RDMA_QP_PARTS_H
#define ODPLAB_RDMA_QP_PARTS_H

#include "rdma/qp.h"

/*
 * The shared receive queue, on XRC with its domain; qp->cq is there already. Closing
 * takes one that was opened in part. Returns 0 or -errno after one line.
 */
int rdma_srq_open(struct rdma_qp *qp);
void rdma_srq_close(struct rdma_qp *qp);

struct ibv_qp_attr;

/*
 * How to become ready to receive: path, MTU and timers; the caller adds from whom.
 */
void qp_rtr_attr(const struct rdma_qp *qp, const struct rdma_address *peer,
		 struct ibv_qp_attr *attr);

/* Makes .ibv ready to send. Returns 0 or -errno after one line. */
int qp_to_rts(const struct rdma_qp *qp);

#endif
