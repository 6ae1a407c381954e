/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * devx.h - ODP capabilities as an mlx5 device reports them, without the driver in between
 *
 * DEVX passes a command of the Programmer's Reference Manual to the device unchanged
 * (mlx5dv_devx_general_cmd(3)). The driver derives what verbs report from the same
 * answer: where the two differ, one of them is wrong.
 */
#ifndef ODPLAB_RDMA_VERBS_DEVX_H
#define ODPLAB_RDMA_VERBS_DEVX_H

struct ibv_context;
struct hca_odp_caps;

/*
 * QUERY_HCA_CAP of the current ODP capabilities. Returns 0 or -errno, without a line,
 * also in @hca->error: -EOPNOTSUPP where the device is not mlx5, or libmlx5 is missing.
 */
int devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *hca);

#endif
