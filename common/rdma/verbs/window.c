// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* window.c - memory windows of libibverbs */
#include "rdma/window.h"

#include <errno.h>
#include <infiniband/verbs.h>

#include "base/log.h"
#include "rdma/verbs/internal.h"

int verbs_window_open(struct rdma_window *window, struct rdma_device *device,
		      enum window_type type)
{
	struct ibv_mw *ibv =
		ibv_alloc_mw(verbs_device(device)->pd,
			     type == WINDOW_TYPE_1 ? IBV_MW_TYPE_1 : IBV_MW_TYPE_2);

	if (!ibv)
		return log_errno(errno, "memory window of type %d", type);
	window->private = ibv;
	window->type = type;
	window->rkey = ibv->rkey;
	return 0;
}

void verbs_window_close(struct rdma_window *window)
{
	ibv_dealloc_mw(window->private);
}

/* The library posts it by itself, and chooses the key. */
static int bind_1(struct rdma_window *window, struct rdma_qp *qp,
		  const struct ibv_mw_bind_info *info, uint64_t id)
{
	struct ibv_mw_bind bind = {
		.wr_id = id,
		.send_flags = IBV_SEND_SIGNALED,
		.bind_info = *info,
	};
	struct ibv_mw *ibv = window->private;
	int ret = ibv_bind_mw(verbs_qp(qp)->ibv, ibv, &bind);

	if (!ret)
		window->rkey = ibv->rkey;
	return -ret;
}

static int post(struct rdma_qp *qp, struct ibv_send_wr *wr)
{
	struct ibv_send_wr *bad;

	return -ibv_post_send(verbs_qp(qp)->ibv, wr, &bad);
}

/* Each bind takes the next key of the window's 256. */
static int bind_2(struct rdma_window *window, struct rdma_qp *qp,
		  const struct ibv_mw_bind_info *info, uint64_t id)
{
	struct ibv_mw *ibv = window->private;
	struct ibv_send_wr wr = {
		.wr_id = id,
		.opcode = IBV_WR_BIND_MW,
		.send_flags = IBV_SEND_SIGNALED,
		.bind_mw = { .mw = ibv,
			     .rkey = ibv_inc_rkey(window->rkey),
			     .bind_info = *info },
	};
	int ret = post(qp, &wr);

	if (!ret)
		window->rkey = ibv->rkey = wr.bind_mw.rkey;
	return ret;
}

int verbs_window_bind(struct rdma_window *window, struct rdma_qp *qp,
		      const struct rdma_mr *mr, uint64_t addr, size_t len, uint64_t id)
{
	const struct ibv_mw_bind_info info = {
		.mr = mr->private,
		.addr = addr,
		.length = len,
		.mw_access_flags = IBV_ACCESS_REMOTE_WRITE | IBV_ACCESS_REMOTE_READ |
				   IBV_ACCESS_REMOTE_ATOMIC,
	};

	return window->type == WINDOW_TYPE_1 ? bind_1(window, qp, &info, id) :
					       bind_2(window, qp, &info, id);
}

int verbs_window_invalidate(struct rdma_window *window, struct rdma_qp *qp,
			    const struct rdma_mr *mr, uint64_t id)
{
	const struct ibv_mw_bind_info nothing = { .mr = mr->private };
	struct ibv_send_wr wr = {
		.wr_id = id,
		.opcode = IBV_WR_LOCAL_INV,
		.send_flags = IBV_SEND_SIGNALED,
		.invalidate_rkey = window->rkey,
	};

	return window->type == WINDOW_TYPE_1 ? bind_1(window, qp, &nothing, id) :
					       post(qp, &wr);
}
