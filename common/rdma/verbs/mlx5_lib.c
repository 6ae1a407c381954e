// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mlx5_lib.c - queries that need libmlx5 */
#include <errno.h>
#include <infiniband/mlx5dv.h>

#include "rdma/verbs/mlx5.h"

const char *mlx5_library(void)
{
	return "libmlx5";
}

int mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *operations)
{
	struct mlx5dv_context attr = { .comp_mask = MLX5DV_CONTEXT_MASK_DC_ODP_CAPS };

	if (!mlx5dv_is_supported(context->device))
		return -EOPNOTSUPP;
	if (mlx5dv_query_device(context, &attr) ||
	    !(attr.comp_mask & MLX5DV_CONTEXT_MASK_DC_ODP_CAPS))
		return -EOPNOTSUPP;
	*operations = attr.dc_odp_caps;
	return 0;
}
