/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* verbs.h - the transport that is libibverbs */
#ifndef ODPLAB_RDMA_VERBS_VERBS_H
#define ODPLAB_RDMA_VERBS_VERBS_H

#include "rdma/transport.h"

int verbs_device_open(struct rdma_device *device, const struct rdma_device_spec *spec);
void verbs_device_close(struct rdma_device *device);

int verbs_mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		 enum mr_mode mode, unsigned int access);
void verbs_mr_dereg(struct rdma_mr *mr);
int verbs_mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		   const struct mr_change *change);
int verbs_mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		    const struct rdma_sge *ranges, unsigned int n);

int verbs_qp_open(struct rdma_qp *qp, struct rdma_device *device,
		  const struct rdma_qp_spec *spec);
int verbs_qp_connect(struct rdma_qp *qp, const struct rdma_address *peer);
void verbs_qp_address(const struct rdma_qp *qp, struct rdma_address *address);
int verbs_qp_reset(struct rdma_qp *qp);
int verbs_qp_arm(struct rdma_qp *qp, bool solicited_only);
int verbs_qp_wait_event(struct rdma_qp *qp, uint64_t timeout_ns);
void verbs_qp_close(struct rdma_qp *qp);

int verbs_window_open(struct rdma_window *window, struct rdma_device *device,
		      enum window_type type);
int verbs_window_bind(struct rdma_window *window, struct rdma_qp *qp,
		      const struct rdma_mr *mr, uint64_t addr, size_t len, uint64_t id);
int verbs_window_invalidate(struct rdma_window *window, struct rdma_qp *qp,
			    const struct rdma_mr *mr, uint64_t id);
void verbs_window_close(struct rdma_window *window);

int verbs_post(struct rdma_qp *qp, const struct rdma_op *op);
int verbs_post_recv(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
		    uint64_t id);
int verbs_poll(struct rdma_qp *qp, struct rdma_completion *completions, int max);

#endif
