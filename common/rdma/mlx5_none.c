// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mlx5_none.c - stand-in where libmlx5 is missing */
#include "rdma/mlx5.h"

#include <errno.h>

const char *mlx5_library(void)
{
	return "built without libmlx5";
}

int mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *operations)
{
	(void)context;
	(void)operations;
	return -EOPNOTSUPP;
}
