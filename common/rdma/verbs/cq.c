// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cq.c - the completion queue of a queue pair, and its events */
#include <errno.h>
#include <infiniband/verbs.h>
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "rdma/verbs/internal.h"

int verbs_cq_open(struct rdma_qp *qp)
{
	struct ibv_context *context = verbs_device_of(qp)->context;
	struct verbs_qp *verbs = verbs_qp(qp);
	unsigned int entries = 2 * qp->spec.depth;

	if (qp->spec.events) {
		verbs->channel = ibv_create_comp_channel(context);
		if (!verbs->channel)
			return log_errno(errno, "completion event channel");
	}
	verbs->cq = ibv_create_cq(context, (int)entries, NULL, verbs->channel, 0);
	return verbs->cq ? 0 :
			   log_errno(errno, "completion queue of %u entries", entries);
}

void verbs_cq_close(struct verbs_qp *verbs)
{
	if (verbs->cq)
		ibv_destroy_cq(verbs->cq);
	if (verbs->channel)
		ibv_destroy_comp_channel(verbs->channel);
}

int verbs_qp_arm(struct rdma_qp *qp, bool solicited_only)
{
	int ret = verbs_qp(qp)->channel ?
			  ibv_req_notify_cq(verbs_qp(qp)->cq, solicited_only) :
			  EINVAL;

	return ret ? log_errno(ret, "ask for a completion event") : 0;
}

/* Each event is acknowledged at once, or the completion queue could not be destroyed. */
static int take_event(struct ibv_comp_channel *channel)
{
	struct ibv_cq *cq;
	void *context;

	if (ibv_get_cq_event(channel, &cq, &context))
		return log_errno(errno, "take a completion event");
	ibv_ack_cq_events(cq, 1);
	return 0;
}

int verbs_qp_wait_event(struct rdma_qp *qp, uint64_t timeout_ns)
{
	struct ibv_comp_channel *channel = verbs_qp(qp)->channel;
	struct pollfd fd = { .events = POLLIN };
	int ret;

	if (!channel)
		return log_errno(EINVAL, "wait for a completion event");
	fd.fd = channel->fd;
	ret = poll(&fd, 1, (int)((timeout_ns + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC));
	if (ret < 0)
		return log_errno(errno, "wait for a completion event");
	return ret ? take_event(channel) : -ETIMEDOUT;
}
