// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flush_lib.c - FLUSH and ATOMIC_WRITE with libibverbs */
#include "rdma/verbs/flush.h"

#include <errno.h>
#include <infiniband/verbs.h>

#include "base/log.h"
#include "rdma/qp.h"
#include "rdma/verbs/internal.h"

void flush_ask(const struct rdma_device *device, struct ibv_qp_init_attr_ex *attr)
{
	uint32_t operations = device->caps.per_transport[QP_RC];

	if (operations & ODP_FLUSH)
		attr->send_ops_flags |= IBV_QP_EX_WITH_FLUSH;
	if (operations & ODP_ATOMIC_WRITE)
		attr->send_ops_flags |= IBV_QP_EX_WITH_ATOMIC_WRITE;
	if (attr->send_ops_flags)
		attr->comp_mask |= IBV_QP_INIT_ATTR_SEND_OPS_FLAGS;
}

unsigned int flush_access(void)
{
	return IBV_ACCESS_FLUSH_GLOBAL | IBV_ACCESS_FLUSH_PERSISTENT;
}

int flush_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	struct ibv_qp_ex *ex = ibv_qp_to_qp_ex(verbs_qp(qp)->ibv);
	int ret;

	if (!ex)
		return log_errno(EOPNOTSUPP, "%s on this queue pair",
				 rdma_opcode_name(op->opcode));
	ibv_wr_start(ex);
	ex->wr_id = op->id;
	ex->wr_flags = IBV_SEND_SIGNALED;
	if (op->opcode == RDMA_ATOMIC_WRITE)
		ibv_wr_atomic_write(ex, op->rkey, op->remote_addr, &op->swap);
	else
		ibv_wr_flush(ex, op->rkey, op->remote_addr, op->flush.len,
			     op->flush.persistent ? IBV_FLUSH_PERSISTENT :
						    IBV_FLUSH_GLOBAL,
			     op->flush.region ? IBV_FLUSH_MR : IBV_FLUSH_RANGE);
	ret = ibv_wr_complete(ex);
	return ret ? log_errno(ret, "ibv_wr_complete of %s",
			       rdma_opcode_name(op->opcode)) :
		     0;
}
