/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mlx5.h - queries that need libmlx5, or their stand-ins
 */
#ifndef ODPLAB_RDMA_VERBS_MLX5_H
#define ODPLAB_RDMA_VERBS_MLX5_H

#include <stdint.h>

struct ibv_context;

/* "libmlx5", or why there is none */
const char *mlx5_library(void);

/*
 * The DC transport's ODP operations (enum odp_operation). -EOPNOTSUPP: the device
 * is not mlx5.
 */
int mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *operations);

#endif
