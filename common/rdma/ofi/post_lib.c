// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* post_lib.c - libfabric: operations into endpoints, completions out of them */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "rdma/ofi/internal.h"

/* last: libfabric 1.17 defines container_of() where it finds none */
#include <rdma/fi_atomic.h>
#include <rdma/fi_rma.h>

/* An operation's local memory, as libfabric wants it. */
struct local {
	struct iovec iov[QP_SGES];
	void *desc[QP_SGES];
};

static void *find_desc(const struct ofi_device *device, uint32_t key)
{
	for (const struct ofi_mr *mr = device->mrs; mr; mr = mr->next)
		if (mr->key == key)
			return fi_mr_desc(mr->fid);
	return NULL;
}

static void set_local(struct local *local, const struct ofi_device *device,
		      const struct rdma_sge *sges, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		local->iov[i].iov_base = (void *)(uintptr_t)sges[i].addr;
		local->iov[i].iov_len = sges[i].len;
		local->desc[i] = find_desc(device, sges[i].lkey);
	}
}

static uint64_t length(const struct rdma_op *op)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < op->sges; i++)
		sum += op->sge[i].len;
	return sum;
}

static ssize_t post_rma(struct ofi_qp *qp, const struct rdma_op *op, struct local *local,
			struct ofi_context *context)
{
	uint64_t flags = FI_COMPLETION | (op->inline_data ? FI_INJECT : 0);
	struct fi_rma_iov remote = { op->remote_addr, length(op), op->rkey };
	struct fi_msg_rma msg = {
		.msg_iov = local->iov,
		.desc = local->desc,
		.iov_count = op->sges,
		.addr = qp->peer,
		.rma_iov = &remote,
		.rma_iov_count = 1,
		.context = context,
	};

	if (op->opcode == RDMA_READ)
		return fi_readmsg(qp->ep, &msg, flags);
	flags |= op->durable ? FI_COMMIT_COMPLETE : qp->device->complete;
	return fi_writemsg(qp->ep, &msg, flags);
}

static ssize_t post_send(struct ofi_qp *qp, const struct rdma_op *op, struct local *local,
			 struct ofi_context *context)
{
	uint64_t flags = FI_COMPLETION | (op->inline_data ? FI_INJECT : 0);
	struct fi_msg msg = {
		.msg_iov = local->iov,
		.desc = local->desc,
		.iov_count = op->sges,
		.addr = qp->peer,
		.data = op->immediate,
		.context = context,
	};

	if (op->opcode == RDMA_SEND_IMMEDIATE)
		flags |= FI_REMOTE_CQ_DATA;
	return fi_sendmsg(qp->ep, &msg, flags);
}

/* The old value comes into the first 8 bytes of the local memory. */
static ssize_t post_atomic(struct ofi_qp *qp, const struct rdma_op *op,
			   struct local *local, struct ofi_context *context)
{
	bool swaps = op->opcode == RDMA_COMPARE_SWAP;
	struct fi_rma_ioc remote = { op->remote_addr, 1, op->rkey };
	struct fi_ioc operand = { &context->operand, 1 };
	struct fi_ioc compare = { &context->compare, 1 };
	struct fi_ioc result = { local->iov[0].iov_base, 1 };
	struct fi_msg_atomic msg = {
		.msg_iov = &operand,
		.iov_count = 1,
		.addr = qp->peer,
		.rma_iov = &remote,
		.rma_iov_count = 1,
		.datatype = FI_UINT64,
		.op = swaps ? FI_CSWAP : FI_SUM,
		.context = context,
	};

	context->operand = swaps ? op->swap : op->compare_add;
	context->compare = op->compare_add;
	if (swaps)
		return fi_compare_atomicmsg(qp->ep, &msg, &compare, NULL, 1, &result,
					    local->desc, 1, FI_COMPLETION);
	return fi_fetch_atomicmsg(qp->ep, &msg, &result, local->desc, 1, FI_COMPLETION);
}

static ssize_t post(struct ofi_qp *qp, const struct rdma_op *op, struct local *local,
		    struct ofi_context *context)
{
	switch (op->opcode) {
	case RDMA_WRITE:
	case RDMA_READ:
		return post_rma(qp, op, local, context);
	case RDMA_SEND:
	case RDMA_SEND_IMMEDIATE:
		return post_send(qp, op, local, context);
	case RDMA_FETCH_ADD:
	case RDMA_COMPARE_SWAP:
		return post_atomic(qp, op, local, context);
	default:
		return -FI_EOPNOTSUPP;
	}
}

static struct ofi_context *take_context(struct ofi_qp *qp, uint64_t id,
					enum rdma_completed what)
{
	struct ofi_context *context = qp->unused;

	if (!context)
		return NULL;
	qp->unused = context->next;
	context->id = id;
	context->what = what;
	return context;
}

static void give_back(struct ofi_qp *qp, struct ofi_context *context)
{
	context->next = qp->unused;
	qp->unused = context;
}

int ofi_post(struct rdma_qp *rdma, const struct rdma_op *op)
{
	uint64_t deadline = clock_ns() + OFI_PATIENCE_NS;
	struct ofi_qp *qp = rdma->private;
	struct ofi_context *context;
	struct local local;
	ssize_t ret;

	context = qp->ep ? take_context(qp, op->id,
					rdma_opcode_completes(op->opcode, false)) :
			   NULL;
	if (!context)
		return log_errno(qp->ep ? ENOMEM : ENOTCONN, "post an operation");
	context->bytes = length(op);
	set_local(&local, qp->device, op->sge, op->sges);
	do {
		ret = post(qp, op, &local, context);
		if (ret == -FI_EAGAIN) /* it wants its queues looked at */
			fi_cq_read(qp->cq, NULL, 0);
	} while (ret == -FI_EAGAIN && !clock_passed(deadline));
	if (!ret)
		return 0;
	give_back(qp, context);
	return log_errno(-ofi_errno(ret), "post %s", rdma_opcode_name(op->opcode));
}

int ofi_post_recv(struct rdma_qp *rdma, const struct rdma_sge *sges, unsigned int n,
		  uint64_t id)
{
	struct ofi_qp *qp = rdma->private;
	struct ofi_context *context = qp->ep ? take_context(qp, id, COMPLETED_RECEIVE) :
					       NULL;
	struct local local;
	struct fi_msg msg = {
		.msg_iov = local.iov,
		.desc = local.desc,
		.iov_count = n,
		.addr = FI_ADDR_UNSPEC,
		.context = context,
	};
	ssize_t ret;

	if (!context)
		return log_errno(qp->ep ? ENOMEM : ENOTCONN, "post a receive");
	set_local(&local, qp->device, sges, n);
	ret = fi_recvmsg(qp->ep, &msg, FI_COMPLETION);
	if (!ret)
		return 0;
	give_back(qp, context);
	return log_errno(-ofi_errno(ret), "post a receive");
}

/* A provider over a device returns the status of its work completion. */
static enum op_status status_of(const struct rdma_qp *rdma,
				const struct fi_cq_err_entry *error)
{
	static const struct {
		int err;
		enum op_status status;
	} map[] = {
		{ FI_ECANCELED, OP_FLUSH_ERR },
		{ FI_EACCES, OP_REM_ACCESS_ERR },
		{ FI_ETRUNC, OP_LOC_LEN_ERR },
	};

	if (!rdma->device->cpu_faults && error->prov_errno > 0 &&
	    error->prov_errno <= OP_GENERAL_ERR)
		return (enum op_status)error->prov_errno;
	for (size_t i = 0; i < ARRAY_SIZE(map); i++)
		if (error->err == map[i].err)
			return map[i].status;
	return OP_GENERAL_ERR;
}

static struct rdma_completion
complete(struct ofi_qp *qp, const struct fi_cq_data_entry *entry, enum op_status status)
{
	struct ofi_context *context = entry->op_context;
	struct rdma_completion completion = {
		.status = status,
		.has_immediate = entry->flags & FI_REMOTE_CQ_DATA,
		.immediate = (uint32_t)entry->data,
	};

	if (!context)
		return completion;
	completion.id = context->id;
	completion.what = context->what;
	completion.bytes = (uint32_t)(context->what == COMPLETED_RECEIVE ?
					      entry->len :
					      context->bytes);
	give_back(qp, context);
	return completion;
}

static int take_error(struct rdma_qp *rdma, struct rdma_completion *completion)
{
	struct ofi_qp *qp = rdma->private;
	struct fi_cq_err_entry error = { 0 };
	struct fi_cq_data_entry entry;

	if (fi_cq_readerr(qp->cq, &error, 0) < 1)
		return 0;
	log_debug("libfabric's completion: %s, provider's error %d",
		  fi_strerror(error.err), error.prov_errno);
	entry = (struct fi_cq_data_entry){ .op_context = error.op_context,
					   .flags = error.flags,
					   .len = error.len };
	*completion = complete(qp, &entry, status_of(rdma, &error));
	return 1;
}

int ofi_poll(struct rdma_qp *rdma, struct rdma_completion *completions, int max)
{
	enum { BATCH = 16 };
	struct fi_cq_data_entry entries[BATCH];
	struct ofi_qp *qp = rdma->private;
	ssize_t n;

	n = fi_cq_read(qp->cq, entries, (size_t)(max < BATCH ? max : BATCH));
	if (n == -FI_EAVAIL)
		return take_error(rdma, completions);
	if (n == -FI_EAGAIN)
		return 0;
	if (n < 0)
		return log_errno(-ofi_errno(n), "libfabric's completion queue");
	for (ssize_t i = 0; i < n; i++)
		completions[i] = complete(qp, &entries[i], OP_SUCCESS);
	return (int)n;
}
