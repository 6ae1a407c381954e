// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dc_lib.c - dynamic connections with libmlx5 */
#include <endian.h>
#include <errno.h>
#include <infiniband/mlx5dv.h>

#include "base/log.h"
#include "rdma/verbs/dc.h"
#include "rdma/verbs/internal.h"

#define ACCESS_KEY 0x0dc0ffeeu /* ours; all targets have the same */

static struct ibv_qp *create_by_mlx5(struct ibv_context *context,
				     struct ibv_qp_init_attr_ex *attr)
{
	struct mlx5dv_qp_init_attr dc = {
		.comp_mask = MLX5DV_QP_INIT_ATTR_MASK_DC,
		.dc_init_attr = { .dc_type = MLX5DV_DCTYPE_DCI },
	};

	return mlx5dv_create_qp(context, attr, &dc);
}

static int create_initiator(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_init_attr_ex attr = {
		.send_cq = verbs->cq,
		.recv_cq = verbs->cq,
		.cap = { .max_send_wr = qp->spec.depth },
		.qp_type = IBV_QPT_DRIVER,
		.sq_sig_all = 1,
		.comp_mask = IBV_QP_INIT_ATTR_PD | IBV_QP_INIT_ATTR_SEND_OPS_FLAGS,
		.pd = verbs_device_of(qp)->pd,
		.send_ops_flags = IBV_QP_EX_WITH_RDMA_WRITE |
				  IBV_QP_EX_WITH_RDMA_WRITE_WITH_IMM |
				  IBV_QP_EX_WITH_RDMA_READ | IBV_QP_EX_WITH_SEND |
				  IBV_QP_EX_WITH_SEND_WITH_IMM |
				  IBV_QP_EX_WITH_ATOMIC_FETCH_AND_ADD |
				  IBV_QP_EX_WITH_ATOMIC_CMP_AND_SWP,
	};
	int ret = verbs_create_qp(qp, &attr, create_by_mlx5);

	return ret ? log_errno(ret, "initiator of dynamic connections") : 0;
}

static int create_target(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_init_attr_ex attr = {
		.send_cq = verbs->cq,
		.recv_cq = verbs->cq,
		.srq = verbs->srq,
		.qp_type = IBV_QPT_DRIVER,
		.comp_mask = IBV_QP_INIT_ATTR_PD,
		.pd = verbs_device_of(qp)->pd,
	};
	struct mlx5dv_qp_init_attr dc = {
		.comp_mask = MLX5DV_QP_INIT_ATTR_MASK_DC,
		.dc_init_attr = { .dc_type = MLX5DV_DCTYPE_DCT,
				  .dct_access_key = ACCESS_KEY },
	};

	verbs->receiver = mlx5dv_create_qp(verbs_device_of(qp)->context, &attr, &dc);
	return verbs->receiver ? 0 : log_errno(errno, "target of dynamic connections");
}

static int to_init(const struct rdma_qp *qp, struct ibv_qp *ibv, bool target)
{
	struct ibv_qp_attr attr = {
		.qp_state = IBV_QPS_INIT,
		.port_num = (uint8_t)qp->device->port.number,
		.qp_access_flags = IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE |
				   IBV_ACCESS_REMOTE_READ | IBV_ACCESS_REMOTE_ATOMIC,
	};
	int mask = IBV_QP_STATE | IBV_QP_PKEY_INDEX | IBV_QP_PORT;
	int ret;

	ret = ibv_modify_qp(ibv, &attr, target ? mask | IBV_QP_ACCESS_FLAGS : mask);
	return ret ? log_errno(ret, "dynamic connections to INIT") : 0;
}

/* The target needs no peer to be ready, and gets its number by that. */
static int make_target_ready(struct rdma_qp *qp)
{
	struct rdma_address own = { .mtu_bytes = qp->device->port.mtu_bytes };
	struct ibv_qp_attr attr;
	int ret;

	if (qp->spec.path_mtu)
		own.mtu_bytes = qp->spec.path_mtu;
	verbs_rtr_attr(qp, &own, &attr);
	ret = ibv_modify_qp(verbs_qp(qp)->receiver, &attr,
			    IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU |
				    IBV_QP_MIN_RNR_TIMER);
	return ret ? log_errno(ret, "target of dynamic connections to RTR") : 0;
}

int dc_open(struct rdma_qp *qp)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	int ret;

	ret = create_initiator(qp);
	if (!ret)
		ret = create_target(qp);
	if (!ret)
		ret = to_init(qp, verbs->ibv, false);
	if (!ret)
		ret = to_init(qp, verbs->receiver, true);
	return ret ? ret : make_target_ready(qp);
}

int dc_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_attr attr;
	int ret;

	verbs_rtr_attr(qp, peer, &attr);
	ret = ibv_modify_qp(verbs->ibv, &attr, IBV_QP_STATE | IBV_QP_PATH_MTU);
	if (ret)
		return log_errno(ret, "initiator of dynamic connections to RTR");
	ret = verbs_to_rts(qp);
	if (ret)
		return ret;
	verbs_rtr_attr(qp, peer, &attr);
	verbs->ah = ibv_create_ah(verbs_device_of(qp)->pd, &attr.ah_attr);
	if (!verbs->ah)
		return log_errno(errno, "address handle");
	verbs->peer_qpn = peer->receiver_qpn;
	return 0;
}

static void set_operation(struct ibv_qp_ex *ex, const struct rdma_op *op)
{
	switch (op->opcode) {
	case RDMA_WRITE:
		ibv_wr_rdma_write(ex, op->rkey, op->remote_addr);
		break;
	case RDMA_WRITE_IMMEDIATE:
		ibv_wr_rdma_write_imm(ex, op->rkey, op->remote_addr,
				      htobe32(op->immediate));
		break;
	case RDMA_READ:
		ibv_wr_rdma_read(ex, op->rkey, op->remote_addr);
		break;
	case RDMA_SEND:
		ibv_wr_send(ex);
		break;
	case RDMA_SEND_IMMEDIATE:
		ibv_wr_send_imm(ex, htobe32(op->immediate));
		break;
	case RDMA_FETCH_ADD:
		ibv_wr_atomic_fetch_add(ex, op->rkey, op->remote_addr, op->compare_add);
		break;
	case RDMA_COMPARE_SWAP:
		ibv_wr_atomic_cmp_swp(ex, op->rkey, op->remote_addr, op->compare_add,
				      op->swap);
		break;
	default:
		break;
	}
}

int dc_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	struct verbs_qp *verbs = verbs_qp(qp);
	struct ibv_qp_ex *ex = ibv_qp_to_qp_ex(verbs->ibv);
	struct mlx5dv_qp_ex *mlx5 = mlx5dv_qp_ex_from_ibv_qp_ex(ex);
	bool can = op->opcode < RDMA_ATOMIC_WRITE && op->opcode != RDMA_SEND_INVALIDATE;
	int ret;

	if (!can || op->inline_data)
		return log_errno(EOPNOTSUPP, "%s on dynamic connections",
				 rdma_opcode_name(op->opcode));
	ibv_wr_start(ex);
	ex->wr_id = op->id;
	ex->wr_flags = IBV_SEND_SIGNALED | (op->solicited ? IBV_SEND_SOLICITED : 0);
	set_operation(ex, op);
	mlx5dv_wr_set_dc_addr(mlx5, verbs->ah, verbs->peer_qpn,
			      qp->spec.wrong_key ? ~ACCESS_KEY : ACCESS_KEY);
	ibv_wr_set_sge_list(ex, op->sges, (const void *)op->sge);
	ret = ibv_wr_complete(ex);
	return ret ? log_errno(ret, "post %s", rdma_opcode_name(op->opcode)) : 0;
}
