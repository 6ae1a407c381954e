/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* internal.h - what the files of the libfabric transport share */
#ifndef ODPLAB_RDMA_OFI_INTERNAL_H
#define ODPLAB_RDMA_OFI_INTERNAL_H

#include <pthread.h>
#include <rdma/fabric.h>
#include <rdma/fi_cm.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>
#include <rdma/fi_errno.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "rdma/ofi/ofi.h"

/* As long as a side waits for an operation: a provider that takes longer hangs. */
#define OFI_PATIENCE_NS (10 * NSEC_PER_SEC)

struct ofi_mr {
	struct ofi_device *device;
	struct ofi_mr *next;
	struct fid_mr *fid;
	uint32_t key;
};

struct ofi_device {
	struct fi_info *info;
	struct fid_fabric *fabric;
	struct fid_domain *domain;
	uint64_t complete;  /* FI_DELIVERY_COMPLETE where the provider has it */
	bool on_demand;	    /* all registrations are ODP, otherwise none is */
	struct ofi_mr *mrs; /* all that are registered */
	uint64_t last_key;  /* that we chose, where the provider leaves it to us */
};

/* What libfabric returns with a completion; the first part is for its own use. */
struct ofi_context {
	struct fi_context2 provider;
	struct ofi_context *next; /* unused one */
	uint64_t id;
	enum rdma_completed what;
	uint64_t bytes;		   /* that are to come into local memory */
	uint64_t operand, compare; /* of an atomic: must remain until it completes */
};

struct ofi_qp {
	struct ofi_device *device;
	struct fid_ep *ep;   /* FI_EP_MSG: made when it is connected */
	struct fid_pep *pep; /* FI_EP_MSG of the side that listens */
	struct fid_eq *eq;   /* FI_EP_MSG: connection events */
	struct fid_cq *cq;
	struct fid_av *av; /* FI_EP_RDM */
	fi_addr_t peer;	   /* FI_EP_RDM */
	struct ofi_context *contexts, *unused;

	pthread_t responder;  /* the thread of the side that listens */
	bool responds;	      /* the thread exists */
	bool manual_progress; /* it makes the provider's calls */
	atomic_int taken;     /* 0 or -errno: has it taken the connection? */
	atomic_bool stop;
};

/* libfabric's error numbers continue after those of errno. */
static inline int ofi_errno(ssize_t ret)
{
	return ret < 0 && ret > -FI_ERRNO_OFFSET ? (int)ret : ret ? -EIO : 0;
}

/*
 * Finds the provider and domain that @spec names, or the first that suits: fills in
 * @ofi->info and ->complete. Returns 0 or -errno after one line.
 */
int ofi_find_info(struct ofi_device *ofi, const struct rdma_device_spec *spec);

int ofi_mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
	       enum mr_mode mode, unsigned int access);
void ofi_mr_dereg(struct rdma_mr *mr);
int ofi_mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		 const struct mr_change *change);
int ofi_mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		  const struct rdma_sge *ranges, unsigned int n);

int ofi_qp_open(struct rdma_qp *rdma, struct rdma_device *device,
		const struct rdma_qp_spec *spec);
int ofi_qp_connect(struct rdma_qp *rdma, const struct rdma_address *peer);
void ofi_qp_address(const struct rdma_qp *rdma, struct rdma_address *address);
void ofi_qp_close(struct rdma_qp *rdma);

static inline bool ofi_is_connected(const struct ofi_qp *qp)
{
	return qp->device->info->ep_attr->type == FI_EP_MSG;
}

/* Makes the endpoint and enables it; @info has the address of its peer. */
int ofi_ep_open(struct ofi_qp *qp, struct fi_info *info);

/* Both return 0 or -errno after one line. */
int ofi_responder_start(struct ofi_qp *qp, bool manual_progress);
void ofi_responder_stop(struct ofi_qp *qp);

/*
 * Before its event queue is closed: gives back what events that nothing waited for hold.
 */
void ofi_drop_events(struct ofi_qp *qp);

int ofi_post(struct rdma_qp *rdma, const struct rdma_op *op);
int ofi_post_recv(struct rdma_qp *rdma, const struct rdma_sge *sges, unsigned int n,
		  uint64_t id);
int ofi_poll(struct rdma_qp *rdma, struct rdma_completion *completions, int max);

void ofi_process_ended(pid_t pid);

#endif
