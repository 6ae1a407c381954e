/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * window.h - memory windows: a part of a memory region, under a remote key of its own
 *
 * Type 1 belongs to the protection domain, type 2 to the queue pair that bound it
 * (IBTA 10.6.7.2). The region must have been registered with MR_BIND.
 */
#ifndef ODPLAB_RDMA_WINDOW_H
#define ODPLAB_RDMA_WINDOW_H

#include <stddef.h>
#include <stdint.h>

struct rdma_device;
struct rdma_mr;
struct rdma_qp;
struct rdma_transport;

enum window_type { WINDOW_TYPE_1 = 1, WINDOW_TYPE_2 = 2 };

struct rdma_window {
	const struct rdma_transport *ops; /* NULL: not open */
	void *private;			  /* of that transport */
	enum window_type type;
	uint32_t rkey; /* since the last bind */
};

/* Returns 0 or -errno after one line; -EOPNOTSUPP where the transport has no windows. */
int rdma_window_open(struct rdma_window *window, struct rdma_device *device,
		     enum window_type type);
void rdma_window_close(struct rdma_window *window);

/*
 * Both post an operation with this id, which completes as COMPLETED_BIND or
 * COMPLETED_INVALIDATE. Binding gives the window a new key for [@addr, @addr + @len),
 * reading, writing and atomics; invalidating leaves it none (of type 1: by a bind to
 * nothing). Return 0 or -errno; -EINVAL and -EOPNOTSUPP where the library refuses what it
 * posts.
 */
int rdma_window_bind(struct rdma_window *window, struct rdma_qp *qp,
		     const struct rdma_mr *mr, uint64_t addr, size_t len, uint64_t id);
int rdma_window_invalidate(struct rdma_window *window, struct rdma_qp *qp,
			   const struct rdma_mr *mr, uint64_t id);

#endif
