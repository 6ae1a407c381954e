// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flush_none.c - stand-in where libibverbs has no FLUSH */
#include "rdma/verbs/flush.h"

#include <errno.h>

#include "base/log.h"

void flush_ask(const struct rdma_device *device, struct ibv_qp_init_attr_ex *attr)
{
}

unsigned int flush_access(void)
{
	return 0;
}

int flush_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	return log_errno(EOPNOTSUPP,
			 "FLUSH and ATOMIC_WRITE need libibverbs of rdma-core 44");
}
