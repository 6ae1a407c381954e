// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* loopback.c - a transport within this process */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loopback.h"
#include "rdma/transport.h"

#define COMPLETIONS 256

struct queue {
	struct rdma_completion completion[COMPLETIONS];
	unsigned int first, end;
};

struct loopback loopback;

static bool refused(const char *function)
{
	return loopback.refuse && !strcmp(loopback.refuse, function);
}

static void device_close(struct rdma_device *device)
{
	loopback.devices--;
	device->ops = NULL;
}

static int reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
	       uint64_t remote, uint64_t iova)
{
	loopback.mr.device = device;
	loopback.mr.addr = addr;
	loopback.mr.len = len;
	loopback.mr.iova = iova;
	if (refused("mr_reg"))
		return -loopback.error;
	mr->ops = device->ops;
	mr->lkey = 0x100 + ++loopback.mrs;
	mr->rkey = 0x200 + loopback.mrs;
	mr->remote_addr = remote;
	return 0;
}

static int mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		  enum mr_mode mode, unsigned int access)
{
	loopback.mr.mode = mode;
	loopback.mr.access = access;
	return reg(mr, device, addr, len, (uintptr_t)addr + LOOPBACK_REMOTE, 0);
}

int __wrap_rdma_mr_reg_at(struct rdma_mr *mr, struct rdma_device *device, void *addr,
			  size_t len, uint64_t iova, unsigned int access);
int __wrap_rdma_mr_reg_at(struct rdma_mr *mr, struct rdma_device *device, void *addr,
			  size_t len, uint64_t iova, unsigned int access)
{
	loopback.mr.mode = MR_ODP;
	loopback.mr.access = access;
	return reg(mr, device, addr, len, iova, iova);
}

static void mr_dereg(struct rdma_mr *mr)
{
	loopback.mrs--;
}

static int mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		    const struct mr_change *change)
{
	loopback.mr.access = change->access;
	loopback.change = *change;
	if (refused("mr_rereg"))
		return -loopback.error;
	mr->rkey += 0x1000;
	return 0;
}

static int mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		     const struct rdma_sge *ranges, unsigned int n)
{
	loopback.advised.advice = advice;
	loopback.advised.sync = sync;
	loopback.advised.n = n;
	memcpy(loopback.advised.range, ranges, n * sizeof(*ranges));
	return refused("mr_advise") ? -loopback.error : 0;
}

static int qp_open(struct rdma_qp *qp, struct rdma_device *device,
		   const struct rdma_qp_spec *spec)
{
	loopback.pair = *spec;
	if (refused("qp_open"))
		return -loopback.error;
	*qp = (struct rdma_qp){ .device = device, .spec = *spec };
	qp->private = calloc(1, sizeof(struct queue));
	loopback.pairs++;
	return 0;
}

static int qp_connect(struct rdma_qp *qp, const struct rdma_address *peer)
{
	loopback.peer = *peer;
	return refused("qp_connect") ? -loopback.error : 0;
}

static int qp_reset(struct rdma_qp *qp)
{
	return refused("qp_reset") ? -loopback.error : 0;
}

static int qp_arm(struct rdma_qp *qp, bool solicited_only)
{
	loopback.armed = 1 + solicited_only;
	return refused("qp_arm") ? -loopback.error : 0;
}

static int qp_wait_event(struct rdma_qp *qp, uint64_t timeout_ns)
{
	loopback.event_timeout_ns = timeout_ns;
	return refused("qp_wait_event") ? -loopback.error : 0;
}

static void qp_address(const struct rdma_qp *qp, struct rdma_address *address)
{
	*address = (struct rdma_address){ .qpn = 0x77 };
}

static void qp_close(struct rdma_qp *qp)
{
	free(qp->private);
	*qp = (struct rdma_qp){ 0 };
	loopback.pairs--;
}

static int window_open(struct rdma_window *window, struct rdma_device *device,
		       enum window_type type)
{
	if (refused("window_open"))
		return -loopback.error;
	window->type = type;
	loopback.windows++;
	return 0;
}

static void window_close(struct rdma_window *window)
{
	loopback.windows--;
}

static void complete(struct rdma_qp *qp, uint64_t id, enum rdma_completed what)
{
	bool good = loopback.posted++ < loopback.good;

	if (!loopback.silent)
		loopback_complete(qp,
				  (struct rdma_completion){
					  .id = id,
					  .status = good ? OP_SUCCESS : loopback.status,
					  .what = what });
}

static int bind_to(struct rdma_window *window, struct rdma_qp *qp, uint64_t addr,
		   size_t len, uint64_t id)
{
	loopback.bound.addr = addr;
	loopback.bound.len = len;
	loopback.bound.id = id;
	window->rkey = len ? 0x500 + loopback.windows : 0;
	complete(qp, id, len ? COMPLETED_BIND : COMPLETED_INVALIDATE);
	return 0;
}

static int window_bind(struct rdma_window *window, struct rdma_qp *qp,
		       const struct rdma_mr *mr, uint64_t addr, size_t len, uint64_t id)
{
	return refused("window_bind") ? -loopback.error :
					bind_to(window, qp, addr, len, id);
}

static int window_invalidate(struct rdma_window *window, struct rdma_qp *qp,
			     const struct rdma_mr *mr, uint64_t id)
{
	return refused("window_invalidate") ? -loopback.error :
					      bind_to(window, qp, 0, 0, id);
}

static void move(const struct rdma_op *op)
{
	unsigned char *remote = (void *)(uintptr_t)(op->remote_addr - LOOPBACK_REMOTE);

	for (unsigned int i = 0; i < op->sges; i++) {
		unsigned char *local = (void *)(uintptr_t)op->sge[i].addr;

		if (op->opcode == RDMA_WRITE)
			memcpy(remote, local, op->sge[i].len);
		if (op->opcode == RDMA_READ && loopback.posted < loopback.lost)
			memcpy(local, remote, op->sge[i].len);
		if (op->opcode == RDMA_READ && loopback.posted >= loopback.corrupt)
			local[op->sge[i].len - 1] ^= 1;
		remote += op->sge[i].len;
	}
}

static int post(struct rdma_qp *qp, const struct rdma_op *op)
{
	loopback.op = *op;
	if (refused("post"))
		return -loopback.error;
	move(op);
	complete(qp, op->id, rdma_opcode_completes(op->opcode, false));
	return 0;
}

static int post_recv(struct rdma_qp *qp, const struct rdma_sge *sges, unsigned int n,
		     uint64_t id)
{
	memcpy(loopback.recv, sges, n * sizeof(*sges));
	loopback.recv_sges = n;
	loopback.recv_id = id;
	return refused("post_recv") ? -loopback.error : 0;
}

static int poll(struct rdma_qp *qp, struct rdma_completion *completions, int max)
{
	struct queue *queue = qp->private;
	int n = 0;

	if (loopback.held) {
		loopback.held = false;
		sem_post(&loopback.arrived);
		sem_wait(&loopback.go_on);
	}
	if (refused("poll"))
		return -loopback.error;
	while (n < max && n < loopback.most && queue->first < queue->end)
		completions[n++] = queue->completion[queue->first++ % COMPLETIONS];
	if (!n && refused("poll of nothing"))
		return -loopback.error;
	return n;
}

static const struct rdma_transport transport = {
	.name = "loopback",
	.device_close = device_close,
	.mr_reg = mr_reg,
	.mr_dereg = mr_dereg,
	.mr_rereg = mr_rereg,
	.mr_advise = mr_advise,
	.qp_open = qp_open,
	.qp_connect = qp_connect,
	.qp_address = qp_address,
	.qp_reset = qp_reset,
	.qp_close = qp_close,
	.window_open = window_open,
	.window_bind = window_bind,
	.window_invalidate = window_invalidate,
	.window_close = window_close,
	.post = post,
	.post_recv = post_recv,
	.poll = poll,
	.qp_arm = qp_arm,
	.qp_wait_event = qp_wait_event,
};

int __wrap_rdma_device_open(struct rdma_device *device,
			    const struct rdma_device_spec *spec);
int __wrap_rdma_device_open(struct rdma_device *device,
			    const struct rdma_device_spec *spec)
{
	if (!loopback.any_device)
		assert_ptr_equal(spec, &loopback_env.device_spec);
	if (refused("device_open"))
		return -loopback.error;
	*device = (struct rdma_device){ .ops = &transport, .name = "loopback0" };
	device->caps.general = loopback.any_device ? ODP_SUPPORT : 0;
	loopback.devices++;
	return 0;
}

void loopback_complete(struct rdma_qp *qp, struct rdma_completion completion)
{
	struct queue *queue = qp->private;

	assert_true(queue->end - queue->first < COMPLETIONS);
	queue->completion[queue->end++ % COMPLETIONS] = completion;
}
