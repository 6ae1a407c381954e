// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mlx5_none.c - stand-in where libmlx5 is missing */
#include "rdma/mlx5.h"

#include <errno.h>

#include "base/log.h"
#include "rdma/dc.h"

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

int dc_open(struct rdma_qp *qp)
{
	(void)qp;
	return log_errno(EOPNOTSUPP, "dynamic connections need libmlx5");
}

int dc_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	(void)qp;
	(void)peer;
	return -EOPNOTSUPP;
}

int dc_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	(void)qp;
	(void)op;
	return -EOPNOTSUPP;
}
