/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * transport.h - the libraries that move data, one table of functions each
 *
 * What device.h, mr.h and qp.h declare is carried out by the transport that the device
 * was opened with. A transport is one file (and a stand-in, where its library may be
 * missing) and one row in transport.c.
 */
#ifndef ODPLAB_RDMA_TRANSPORT_H
#define ODPLAB_RDMA_TRANSPORT_H

#include <sys/types.h>

#include "rdma/device.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "rdma/window.h"

/*
 * Each function is described where the one without the prefix is declared: .device_open
 * is rdma_device_open(). What a transport cannot do it answers with -EOPNOTSUPP; none of
 * the functions is NULL, but those of windows, of events and .qp_reset where there are
 * none, and .process_ended where the kernel takes back all that a process had.
 */
struct rdma_transport {
	const char *name;
	bool has_providers; /* its name may be followed by ":PROVIDER" */

	int (*device_open)(struct rdma_device *device,
			   const struct rdma_device_spec *spec);
	void (*device_close)(struct rdma_device *device);

	int (*mr_reg)(struct rdma_mr *mr, struct rdma_device *device, void *addr,
		      size_t len, enum mr_mode mode, unsigned int access);
	void (*mr_dereg)(struct rdma_mr *mr);
	int (*mr_rereg)(struct rdma_mr *mr, struct rdma_device *device,
			const struct mr_change *change);
	int (*mr_advise)(struct rdma_device *device, enum mr_advice advice, bool sync,
			 const struct rdma_sge *ranges, unsigned int n);

	int (*qp_open)(struct rdma_qp *qp, struct rdma_device *device,
		       const struct rdma_qp_spec *spec);
	int (*qp_connect)(struct rdma_qp *qp, const struct rdma_address *peer);
	void (*qp_address)(const struct rdma_qp *qp, struct rdma_address *address);
	int (*qp_reset)(struct rdma_qp *qp);
	void (*qp_close)(struct rdma_qp *qp);

	int (*window_open)(struct rdma_window *window, struct rdma_device *device,
			   enum window_type type);
	int (*window_bind)(struct rdma_window *window, struct rdma_qp *qp,
			   const struct rdma_mr *mr, uint64_t addr, size_t len,
			   uint64_t id);
	int (*window_invalidate)(struct rdma_window *window, struct rdma_qp *qp,
				 const struct rdma_mr *mr, uint64_t id);
	void (*window_close)(struct rdma_window *window);

	int (*post)(struct rdma_qp *qp, const struct rdma_op *op);
	int (*post_recv)(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
			 uint64_t id);
	int (*poll)(struct rdma_qp *qp, struct rdma_completion *completions, int max);
	int (*qp_arm)(struct rdma_qp *qp, bool solicited_only);
	int (*qp_wait_event)(struct rdma_qp *qp, uint64_t timeout_ns);

	void (*process_ended)(pid_t pid);
};

/* The transports that there are: rdma/verbs and rdma/ofi define them. */
extern const struct rdma_transport verbs_transport, ofi_transport;

/* What comes after the name: "tcp" of "ofi:tcp", NULL of "ofi". */
const char *transport_argument(const char *text);

#endif
