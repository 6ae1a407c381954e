/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advise.h - soft-RoCE's prefetch by the uverbs ioctl, where the library's
 * driver has none
 */
#ifndef ODPLAB_RDMA_VERBS_ADVISE_H
#define ODPLAB_RDMA_VERBS_ADVISE_H

#include <infiniband/verbs.h>

/* Returns 0 or -errno; -EOPNOTSUPP also where the kernel's driver has no such method. */
int advise_rxe(struct ibv_pd *pd, enum ibv_advise_mr_advice advice, uint32_t flags,
	       struct ibv_sge *sges, uint32_t n);

#endif
