/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * dc.h - dynamic connections, which only libmlx5 makes
 *
 * An initiator (DCI) names the target with each operation: by its address, its number and
 * its access key. A target (DCT) serves any peer with the right key, and receives from a
 * shared queue. mlx5dv_create_qp(3), mlx5dv_wr_post(3).
 */
#ifndef ODPLAB_RDMA_VERBS_DC_H
#define ODPLAB_RDMA_VERBS_DC_H

#include "rdma/qp.h"

/*
 * What rdma_qp_open() etc. do for such a queue pair; .srq is there already. All return 0
 * or -errno after one line; -EOPNOTSUPP without libmlx5.
 */
int dc_open(struct rdma_qp *qp);
int dc_connect(struct rdma_qp *qp, const struct rdma_address *peer);
int dc_post(struct rdma_qp *qp, const struct rdma_op *op);

#endif
