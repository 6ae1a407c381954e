// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mlx5_none.c - stand-in where libmlx5 is missing */
#include "rdma/mlx5.h"

#include <errno.h>

#include "base/log.h"
#include "rdma/caps.h"
#include "rdma/dc.h"
#include "rdma/devx.h"
#include "rdma/keys.h"

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

int devx_odp_caps(struct ibv_context *context, struct odp_told *told)
{
	(void)context;
	*told = (struct odp_told){ .error = -EOPNOTSUPP };
	return told->error;
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

int key_open(struct rdma_key *key, struct rdma_device *device)
{
	(void)key;
	(void)device;
	return log_errno(EOPNOTSUPP, "memory keys over others need libmlx5");
}

void key_close(struct rdma_key *key)
{
	(void)key;
}

int key_create_qp(struct rdma_qp *qp)
{
	(void)qp;
	return log_errno(EOPNOTSUPP, "memory keys over others need libmlx5");
}

int key_list(struct rdma_key *key, struct rdma_qp *qp, const struct rdma_sge *pieces,
	     unsigned int n, uint64_t id)
{
	(void)key;
	(void)qp;
	(void)pieces;
	(void)n;
	(void)id;
	return -EOPNOTSUPP;
}

int key_interleave(struct rdma_key *key, struct rdma_qp *qp,
		   const struct rdma_sge *pieces, unsigned int n, uint32_t repeat,
		   uint32_t skip, uint64_t id)
{
	(void)repeat;
	(void)skip;
	return key_list(key, qp, pieces, n, id);
}
