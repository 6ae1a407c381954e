/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * devx.h - what an mlx5 device says of its on-demand paging, past the driver
 *
 * DEVX hands a command of the Programmer's Reference Manual to the device as it is
 * (mlx5dv_devx_general_cmd(3)). The driver makes of the same answer what verbs tell: where
 * the two differ, one of them is wrong.
 */
#ifndef ODPLAB_RDMA_VERBS_DEVX_H
#define ODPLAB_RDMA_VERBS_DEVX_H

struct ibv_context;
struct hca_odp_caps;

/*
 * QUERY_HCA_CAP of the ODP capabilities in force. Returns 0 or -errno, without a line, also
 * in @told: -EOPNOTSUPP where the device is not mlx5, or libmlx5 is missing.
 */
int devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *hca);

#endif
