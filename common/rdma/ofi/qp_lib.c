// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* qp_lib.c - libfabric: endpoints, as queue pairs */
#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/util.h"
#include "rdma/ofi/internal.h"

static int check_spec(const struct rdma_qp_spec *spec)
{
	bool plain = !spec->shared_receive && !spec->rnr_is_final && !spec->path_mtu;

	if (spec->type == QP_RC && plain)
		return 0;
	log_error("libfabric's endpoints stand for plain RC queue pairs only");
	return -EOPNOTSUPP;
}

static int open_contexts(struct ofi_qp *qp, unsigned int n)
{
	qp->contexts = calloc(n, sizeof(*qp->contexts));
	if (!qp->contexts)
		return log_errno(ENOMEM, "%u operations", n);
	for (unsigned int i = 0; i < n; i++) {
		qp->contexts[i].next = qp->unused;
		qp->unused = &qp->contexts[i];
	}
	return 0;
}

static int open_cq(struct ofi_qp *qp, unsigned int entries)
{
	struct fi_cq_attr attr = { .size = entries,
				   .format = FI_CQ_FORMAT_DATA,
				   .wait_obj = FI_WAIT_NONE };
	int ret = fi_cq_open(qp->device->domain, &attr, &qp->cq, NULL);

	return ret ? log_errno(-ofi_errno(ret), "completion queue of %u entries",
			       entries) :
		     0;
}

int ofi_ep_open(struct ofi_qp *qp, struct fi_info *info)
{
	struct fid *queue_or_vector = ofi_is_connected(qp) ? &qp->eq->fid : &qp->av->fid;
	int ret;

	ret = fi_endpoint(qp->device->domain, info, &qp->ep, NULL);
	if (!ret)
		ret = fi_ep_bind(qp->ep, queue_or_vector, 0);
	if (!ret)
		ret = fi_ep_bind(qp->ep, &qp->cq->fid, FI_TRANSMIT | FI_RECV);
	if (!ret)
		ret = fi_enable(qp->ep);
	return ret ? log_errno(-ofi_errno(ret), "libfabric's endpoint") : 0;
}

/* FI_EP_MSG: an event queue; and one side waits for the other's connection. */
static int open_connected(struct ofi_qp *qp, bool listens)
{
	struct fi_eq_attr attr = { .wait_obj = FI_WAIT_UNSPEC };
	int ret;

	ret = fi_eq_open(qp->device->fabric, &attr, &qp->eq, NULL);
	if (!ret && listens)
		ret = fi_passive_ep(qp->device->fabric, qp->device->info, &qp->pep, NULL);
	if (!ret && listens)
		ret = fi_pep_bind(qp->pep, &qp->eq->fid, 0);
	if (!ret && listens)
		ret = fi_listen(qp->pep);
	return ret ? log_errno(-ofi_errno(ret), "libfabric's listening endpoint") : 0;
}

/* FI_EP_RDM: peers are known by their number in a table of addresses. */
static int open_unconnected(struct ofi_qp *qp)
{
	struct fi_av_attr attr = { .type = FI_AV_TABLE, .count = 1 };
	int ret;

	ret = fi_av_open(qp->device->domain, &attr, &qp->av, NULL);
	if (ret)
		return log_errno(-ofi_errno(ret), "libfabric's address vector");
	return ofi_ep_open(qp, qp->device->info);
}

/* Does the responder make progress only in calls of this process? */
static bool needs_crank(const struct ofi_qp *qp, const struct rdma_device *device)
{
	return device->cpu_faults ||
	       qp->device->info->domain_attr->data_progress == FI_PROGRESS_MANUAL;
}

int ofi_qp_open(struct rdma_qp *rdma, struct rdma_device *device,
		const struct rdma_qp_spec *spec)
{
	struct ofi_qp *qp;
	int ret = check_spec(spec);

	*rdma = (struct rdma_qp){ .device = device, .spec = *spec };
	if (ret)
		return ret;
	qp = calloc(1, sizeof(*qp));
	if (!qp)
		return log_errno(ENOMEM, "a queue pair");
	rdma->private = qp;
	qp->device = device->private;
	rdma->sges =
		(unsigned int)size_min(QP_SGES, qp->device->info->tx_attr->iov_limit);
	rdma->inline_bytes = (unsigned int)qp->device->info->tx_attr->inject_size;
	ret = open_contexts(qp, 2 * spec->depth);
	if (!ret)
		ret = open_cq(qp, 2 * spec->depth);
	if (!ret)
		ret = ofi_is_connected(qp) ? open_connected(qp, spec->listens) :
					     open_unconnected(qp);
	if (!ret && spec->listens)
		ret = ofi_responder_start(qp, needs_crank(qp, device));
	if (ret)
		ofi_qp_close(rdma);
	return ret;
}

void ofi_qp_close(struct rdma_qp *rdma)
{
	struct ofi_qp *qp = rdma->private;

	ofi_responder_stop(qp);
	if (qp->ep)
		fi_close(&qp->ep->fid);
	if (qp->pep)
		fi_close(&qp->pep->fid);
	if (qp->cq)
		fi_close(&qp->cq->fid);
	if (qp->av)
		fi_close(&qp->av->fid);
	if (qp->eq) {
		ofi_drop_events(qp);
		fi_close(&qp->eq->fid);
	}
	free(qp->contexts);
	free(qp);
	*rdma = (struct rdma_qp){ 0 };
}

void ofi_qp_address(const struct rdma_qp *rdma, struct rdma_address *address)
{
	const struct ofi_qp *qp = rdma->private;
	size_t len = sizeof(address->name);
	struct fid *fid = qp->pep ? &qp->pep->fid : qp->ep ? &qp->ep->fid : NULL;

	*address = (struct rdma_address){ 0 };
	if (fid && !fi_getname(fid, address->name, &len))
		address->name_len = (uint32_t)len;
}
