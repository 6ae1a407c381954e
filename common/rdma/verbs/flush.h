/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * flush.h - FLUSH and ATOMIC_WRITE (IBTA 1.5), which libibverbs posts in a way of their
 * own
 *
 * They came with rdma-core 44. Only a device that can fault for them is asked to do them.
 */
#ifndef ODPLAB_RDMA_VERBS_FLUSH_H
#define ODPLAB_RDMA_VERBS_FLUSH_H

#include <stdbool.h>

struct ibv_qp_init_attr_ex;
struct rdma_device;
struct rdma_op;
struct rdma_qp;

/* Before a queue pair of RC is made: it shall know these operations. */
void flush_ask(const struct rdma_device *device, struct ibv_qp_init_attr_ex *attr);

/*
 * The rights that a region, or a queue pair, must have for FLUSH; 0 where there is none.
 */
unsigned int flush_access(void);

/* Returns 0 or -errno after one line; -EOPNOTSUPP without the library. */
int flush_post(struct rdma_qp *qp, const struct rdma_op *op);

#endif
