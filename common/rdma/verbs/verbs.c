// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* verbs.c - the transport that is libibverbs */
#include "rdma/verbs/verbs.h"

const struct rdma_transport verbs_transport = {
	.name = "verbs",
	.device_open = verbs_device_open,
	.device_close = verbs_device_close,
	.mr_reg = verbs_mr_reg,
	.mr_dereg = verbs_mr_dereg,
	.mr_rereg = verbs_mr_rereg,
	.mr_advise = verbs_mr_advise,
	.qp_open = verbs_qp_open,
	.qp_connect = verbs_qp_connect,
	.qp_address = verbs_qp_address,
	.qp_reset = verbs_qp_reset,
	.qp_close = verbs_qp_close,
	.window_open = verbs_window_open,
	.window_bind = verbs_window_bind,
	.window_invalidate = verbs_window_invalidate,
	.window_close = verbs_window_close,
	.post = verbs_post,
	.post_recv = verbs_post_recv,
	.poll = verbs_poll,
	.qp_arm = verbs_qp_arm,
	.qp_wait_event = verbs_qp_wait_event,
};
