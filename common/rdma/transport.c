// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* transport.c - hands each call to the transport that the device was opened with */
#include "rdma/transport.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"

static const struct rdma_transport *const transports[] = {
	&verbs_transport,
	&ofi_transport,
};

const char *transport_argument(const char *text)
{
	const char *colon = text ? strchr(text, ':') : NULL;

	return colon && colon[1] ? colon + 1 : NULL;
}

static const struct rdma_transport *find(const char *text)
{
	size_t len = strcspn(text, ":");

	for (size_t i = 0; i < ARRAY_SIZE(transports); i++)
		if (!strncmp(text, transports[i]->name, len) &&
		    !transports[i]->name[len] &&
		    (!text[len] || transports[i]->has_providers))
			return transports[i];
	return NULL;
}

int rdma_device_open(struct rdma_device *device, const struct rdma_device_spec *spec)
{
	const struct rdma_transport *ops =
		find(spec->transport ? spec->transport : "verbs");

	if (ops)
		return ops->device_open(device, spec);
	log_error("--transport %s: there are verbs and ofi[:PROVIDER]", spec->transport);
	return -EINVAL;
}

void rdma_device_close(struct rdma_device *device)
{
	if (device->ops)
		device->ops->device_close(device);
}

void rdma_process_ended(const struct rdma_device *device, pid_t pid)
{
	if (device->ops && device->ops->process_ended)
		device->ops->process_ended(pid);
}

int rdma_mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		enum mr_mode mode, unsigned int access)
{
	int ret;

	mr->ops = device->ops;
	ret = device->ops->mr_reg(mr, device, addr, len, mode, access);
	if (ret)
		mr->ops = NULL;
	return ret;
}

void rdma_mr_dereg(struct rdma_mr *mr)
{
	if (mr->ops)
		mr->ops->mr_dereg(mr);
}

int rdma_mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		  const struct mr_change *change)
{
	return mr->ops->mr_rereg(mr, device, change);
}

int rdma_mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		   const struct rdma_sge *ranges, unsigned int n)
{
	return device->ops->mr_advise(device, advice, sync, ranges, n);
}

int rdma_qp_open(struct rdma_qp *qp, struct rdma_device *device,
		 const struct rdma_qp_spec *spec)
{
	int ret = device->ops->qp_open(qp, device, spec);

	if (!ret)
		qp->ops = device->ops;
	return ret;
}

int rdma_qp_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	return qp->ops->qp_connect(qp, peer);
}

void rdma_qp_address(const struct rdma_qp *qp, struct rdma_address *address)
{
	qp->ops->qp_address(qp, address);
}

int rdma_qp_reset(struct rdma_qp *qp)
{
	return qp->ops->qp_reset ? qp->ops->qp_reset(qp) :
				   log_errno(EOPNOTSUPP, "reset a queue pair of %s",
					     qp->device->name);
}

int rdma_qp_arm(struct rdma_qp *qp, bool solicited_only)
{
	return qp->ops->qp_arm ? qp->ops->qp_arm(qp, solicited_only) :
				 log_errno(EOPNOTSUPP, "%s has no completion events",
					   qp->device->name);
}

int rdma_qp_wait_event(struct rdma_qp *qp, uint64_t timeout_ns)
{
	return qp->ops->qp_wait_event ?
		       qp->ops->qp_wait_event(qp, timeout_ns) :
		       log_errno(EOPNOTSUPP, "%s has no completion events",
				 qp->device->name);
}

void rdma_qp_close(struct rdma_qp *qp)
{
	if (rdma_qp_is_open(qp))
		qp->ops->qp_close(qp);
}

int rdma_window_open(struct rdma_window *window, struct rdma_device *device,
		     enum window_type type)
{
	int ret = device->ops->window_open ?
			  device->ops->window_open(window, device, type) :
			  log_errno(EOPNOTSUPP, "%s has no memory windows", device->name);

	if (!ret)
		window->ops = device->ops;
	return ret;
}

int rdma_window_bind(struct rdma_window *window, struct rdma_qp *qp,
		     const struct rdma_mr *mr, uint64_t addr, size_t len, uint64_t id)
{
	return window->ops->window_bind(window, qp, mr, addr, len, id);
}

int rdma_window_invalidate(struct rdma_window *window, struct rdma_qp *qp,
			   const struct rdma_mr *mr, uint64_t id)
{
	return window->ops->window_invalidate(window, qp, mr, id);
}

void rdma_window_close(struct rdma_window *window)
{
	if (window->ops)
		window->ops->window_close(window);
	*window = (struct rdma_window){ 0 };
}

int rdma_qp_wait(struct rdma_qp *qp, struct rdma_completion *completion,
		 uint64_t timeout_ns)
{
	uint64_t deadline = clock_ns() + timeout_ns;
	int n;

	do {
		n = rdma_qp_poll(qp, completion, 1);
		if (n)
			return n < 0 ? n : 0;
	} while (!clock_passed(deadline));
	return -ETIMEDOUT;
}

/* The hot path: two loads and a jump in front of the library's own. */

int rdma_qp_post(struct rdma_qp *qp, const struct rdma_op *op)
{
	return qp->ops->post(qp, op);
}

int rdma_qp_post_recv(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
		      uint64_t id)
{
	return qp->ops->post_recv(qp, sges, n, id);
}

int rdma_qp_poll(struct rdma_qp *qp, struct rdma_completion *completions, int max)
{
	return qp->ops->poll(qp, completions, max);
}
