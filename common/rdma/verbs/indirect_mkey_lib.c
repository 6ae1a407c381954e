// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* indirect_mkey_lib.c - memory keys over other keys, with libmlx5 */
#include "rdma/verbs/indirect_mkey.h"

#include <errno.h>
#include <infiniband/mlx5dv.h>

#include "base/log.h"
#include "rdma/qp.h"
#include "rdma/verbs/internal.h"

#define ACCESS (IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ)

_Static_assert((int)COMPLETED_KEY == IBV_WC_DRIVER1, "the value that libmlx5 uses");

int key_open(struct indirect_mkey *key, struct rdma_device *device)
{
	struct mlx5dv_mkey_init_attr attr = {
		.pd = verbs_device(device)->pd,
		.create_flags = MLX5DV_MKEY_INIT_ATTR_FLAGS_INDIRECT,
		.max_entries = KEY_PIECES,
	};

	key->mlx5 = mlx5dv_create_mkey(&attr);
	if (!key->mlx5)
		return log_errno(errno, "memory key over others");
	key->lkey = key->mlx5->lkey;
	key->rkey = key->mlx5->rkey;
	return 0;
}

void key_close(struct indirect_mkey *key)
{
	if (key->mlx5)
		mlx5dv_destroy_mkey(key->mlx5);
	*key = (struct indirect_mkey){ 0 };
}

int key_create_qp(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_init_attr_ex attr = {
		.send_cq = verbs->cq,
		.recv_cq = verbs->cq,
		.cap = { .max_send_wr = qp->spec.depth,
			 .max_recv_wr = qp->spec.depth,
			 .max_send_sge = QP_SGES,
			 .max_recv_sge = QP_SGES,
			 .max_inline_data = KEY_INLINE },
		.qp_type = IBV_QPT_RC,
		.sq_sig_all = 1,
		.comp_mask = IBV_QP_INIT_ATTR_PD | IBV_QP_INIT_ATTR_SEND_OPS_FLAGS,
		.pd = verbs_device_of(qp)->pd,
		.send_ops_flags = IBV_QP_EX_WITH_RDMA_WRITE,
	};
	struct mlx5dv_qp_init_attr mlx5 = {
		.comp_mask = MLX5DV_QP_INIT_ATTR_MASK_SEND_OPS_FLAGS,
		.send_ops_flags = MLX5DV_QP_EX_WITH_MR_LIST |
				  MLX5DV_QP_EX_WITH_MR_INTERLEAVED,
	};

	verbs->ibv = mlx5dv_create_qp(verbs_device_of(qp)->context, &attr, &mlx5);
	qp->sges = QP_SGES;
	qp->inline_bytes = attr.cap.max_inline_data;
	return verbs->ibv ? 0 : log_errno(errno, "queue pair that fills memory keys");
}

static struct mlx5dv_qp_ex *start(struct rdma_qp *qp, uint64_t id)
{
	struct ibv_qp_ex *ex = ibv_qp_to_qp_ex(verbs_qp(qp)->ibv);

	ibv_wr_start(ex);
	ex->wr_id = id;
	ex->wr_flags = IBV_SEND_SIGNALED | IBV_SEND_INLINE;
	return mlx5dv_qp_ex_from_ibv_qp_ex(ex);
}

static int complete(struct rdma_qp *qp)
{
	int ret = ibv_wr_complete(ibv_qp_to_qp_ex(verbs_qp(qp)->ibv));

	return ret ? log_errno(ret, "fill a memory key") : 0;
}

int key_list(struct indirect_mkey *key, struct rdma_qp *qp, const struct rdma_sge *pieces,
	     unsigned int n, uint64_t id)
{
	struct ibv_sge sges[KEY_PIECES];

	if (n > KEY_PIECES)
		return log_errno(EINVAL, "%u pieces of a memory key", n);
	for (unsigned int i = 0; i < n; i++)
		sges[i] =
			(struct ibv_sge){ pieces[i].addr, pieces[i].len, pieces[i].lkey };
	mlx5dv_wr_mr_list(start(qp, id), key->mlx5, ACCESS, (uint16_t)n, sges);
	return complete(qp);
}

int key_interleave(struct indirect_mkey *key, struct rdma_qp *qp,
		   const struct rdma_sge *pieces, unsigned int n, uint32_t repeat,
		   uint32_t skip, uint64_t id)
{
	struct mlx5dv_mr_interleaved data[KEY_PIECES];

	if (n > KEY_PIECES)
		return log_errno(EINVAL, "%u pieces of a memory key", n);
	for (unsigned int i = 0; i < n; i++)
		data[i] = (struct mlx5dv_mr_interleaved){
			.addr = pieces[i].addr,
			.bytes_count = pieces[i].len,
			.bytes_skip = skip,
			.lkey = pieces[i].lkey,
		};
	mlx5dv_wr_mr_interleaved(start(qp, id), key->mlx5, ACCESS, repeat, (uint16_t)n,
				 data);
	return complete(qp);
}
