// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mlx5_none.c - stand-in where libmlx5 is missing */
#include "rdma/verbs/mlx5.h"

#include <errno.h>

#include "base/log.h"
#include "rdma/caps.h"
#include "rdma/verbs/dc.h"
#include "rdma/verbs/devx.h"
#include "rdma/verbs/indirect_mkey.h"

const char *mlx5_library(void)
{
	return "built without libmlx5";
}

int mlx5_dc_odp_caps(struct ibv_context *context, uint32_t *operations)
{
	return -EOPNOTSUPP;
}

int devx_odp_caps(struct ibv_context *context, struct hca_odp_caps *hca)
{
	*hca = (struct hca_odp_caps){ .error = -EOPNOTSUPP };
	return hca->error;
}

int dc_open(struct rdma_qp *qp)
{
	return log_errno(EOPNOTSUPP, "dynamic connections need libmlx5: build with it");
}

int dc_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	return -EOPNOTSUPP;
}

int dc_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	return -EOPNOTSUPP;
}

int key_open(struct indirect_mkey *key, struct rdma_device *device)
{
	return log_errno(EOPNOTSUPP, "indirect memory keys need libmlx5");
}

void key_close(struct indirect_mkey *key)
{
}

int key_create_qp(struct rdma_qp *qp)
{
	return log_errno(EOPNOTSUPP, "indirect memory keys need libmlx5");
}

int key_list(struct indirect_mkey *key, struct rdma_qp *qp, const struct rdma_sge *pieces,
	     unsigned int n, uint64_t id)
{
	return -EOPNOTSUPP;
}

int key_interleave(struct indirect_mkey *key, struct rdma_qp *qp,
		   const struct rdma_sge *pieces, unsigned int n, uint32_t repeat,
		   uint32_t skip, uint64_t id)
{
	return key_list(key, qp, pieces, n, id);
}
