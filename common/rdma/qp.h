/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* qp.h - queue pairs with their completion queue, operations, completions */
#ifndef ODPLAB_RDMA_QP_H
#define ODPLAB_RDMA_QP_H

#include <stdbool.h>
#include <stdint.h>

#include "rdma/caps.h"
#include "rdma/device.h"
#include "rdma/status.h"

struct ibv_qp;
struct ibv_cq;
struct ibv_ah;

#define QP_SGES	   4
#define QP_UD_QKEY 0x0d00d00du /* ours; both sides use the same */

struct rdma_qp {
	const struct rdma_transport *ops; /* of the device; NULL: not open */
	struct rdma_device *device;
	struct ibv_qp *ibv;
	struct ibv_cq *cq; /* of both its queues */
	struct ibv_ah *ah; /* UD: the way to the peer */
	enum odp_transport transport;
	uint32_t peer_qpn; /* UD */
};

struct rdma_qp_spec {
	enum odp_transport transport; /* TRANSPORT_RC or TRANSPORT_UD */
	unsigned int depth;	      /* of each queue */
};

/* What a queue pair must know of its peer; plain data, to be sent as it is. */
struct rdma_address {
	uint32_t qpn;
	uint32_t lid;
	unsigned char gid[DEVICE_GID];
	uint32_t mtu_bytes; /* the largest path MTU that it takes */
};

/* Both return 0 or -errno after one line. */
int rdma_qp_open(struct rdma_qp *qp, struct rdma_device *device,
		 const struct rdma_qp_spec *spec);
int rdma_qp_connect(struct rdma_qp *qp, const struct rdma_address *peer);
void rdma_qp_address(const struct rdma_qp *qp, struct rdma_address *address);
void rdma_qp_close(struct rdma_qp *qp); /* also one that is not open */

static inline bool rdma_qp_is_open(const struct rdma_qp *qp)
{
	return qp->ops;
}

enum rdma_opcode {
	RDMA_WRITE,
	RDMA_READ,
	RDMA_SEND,
	RDMA_FETCH_ADD,
	RDMA_COMPARE_SWAP,
};

struct rdma_sge {
	uint64_t addr;
	uint32_t len;
	uint32_t lkey;
};

struct rdma_op {
	enum rdma_opcode opcode;
	unsigned int sges;
	struct rdma_sge sge[QP_SGES];
	uint64_t remote_addr;
	uint32_t rkey;
	uint64_t compare_add; /* what is added, or compared with */
	uint64_t swap;
	uint64_t id; /* comes back in the completion */
};

struct rdma_completion {
	uint64_t id;
	enum op_status status;
	uint32_t vendor_error;
	uint32_t bytes; /* of a receive */
	bool receive;
};

/*
 * Post one operation; each one completes. Return 0 or -errno after one line (-ENOMEM:
 * queue full).
 */
int rdma_qp_post(struct rdma_qp *qp, const struct rdma_op *op);
int rdma_qp_post_recv(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
		      uint64_t id);

/*
 * Takes up to @max completions, without waiting. Returns how many, or -errno after one
 * line.
 */
int rdma_qp_poll(struct rdma_qp *qp, struct rdma_completion *completions, int max);

/*
 * Waits for one completion. Returns 0, -ETIMEDOUT (without a line), or -errno after one
 * line.
 */
int rdma_qp_wait(struct rdma_qp *qp, struct rdma_completion *completion,
		 uint64_t timeout_ns);

#endif
