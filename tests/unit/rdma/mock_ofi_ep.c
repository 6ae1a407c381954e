// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mock_ofi_ep.c - an endpoint of mock_ofi.h, and its completion queue */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "mock_ofi.h"
#include "mock_ofi_ep.h"
#include "mock_verbs.h"
#include "rdma/ofi/internal.h"

struct mock_ofi_ep endpoint;
struct rdma_device ofi_device;
struct rdma_qp ofi_qp;

static ssize_t called(const char *call, uint64_t flags, void *context)
{
	endpoint.call = call;
	endpoint.flags = flags;
	endpoint.context = context;
	if (++endpoint.calls <= endpoint.busy)
		return -FI_EAGAIN;
	return -endpoint.error;
}

static void local(const struct iovec *iov, void **desc, size_t n)
{
	memcpy(endpoint.iov, iov, n * sizeof(*iov));
	memcpy(endpoint.desc, desc, n * sizeof(*desc));
	endpoint.n = n;
}

static ssize_t message(const char *call, const struct fi_msg *msg, uint64_t flags)
{
	local(msg->msg_iov, msg->desc, msg->iov_count);
	endpoint.data = msg->data;
	return called(call, flags, msg->context);
}

static ssize_t send_message(struct fid_ep *ep, const struct fi_msg *msg, uint64_t flags)
{
	return message("send", msg, flags);
}

static ssize_t receive_message(struct fid_ep *ep, const struct fi_msg *msg,
			       uint64_t flags)
{
	return message("receive", msg, flags);
}

static ssize_t rma(const char *call, const struct fi_msg_rma *msg, uint64_t flags)
{
	assert_int_equal(msg->rma_iov_count, 1);
	local(msg->msg_iov, msg->desc, msg->iov_count);
	endpoint.remote = msg->rma_iov->addr;
	endpoint.len = msg->rma_iov->len;
	endpoint.key = msg->rma_iov->key;
	return called(call, flags, msg->context);
}

static ssize_t write_rma(struct fid_ep *ep, const struct fi_msg_rma *msg, uint64_t flags)
{
	return rma("write", msg, flags);
}

static ssize_t read_rma(struct fid_ep *ep, const struct fi_msg_rma *msg, uint64_t flags)
{
	return rma("read", msg, flags);
}

static ssize_t fetch(struct fid_ep *ep, const struct fi_msg_atomic *msg,
		     struct fi_ioc *result, void **desc, size_t n, uint64_t flags)
{
	assert_int_equal(n, 1);
	assert_int_equal(msg->datatype, FI_UINT64);
	assert_int_equal(msg->iov_count, 1);
	assert_int_equal(msg->msg_iov->count, 1);
	assert_int_equal(msg->rma_iov_count, 1);
	assert_int_equal(msg->rma_iov->count, 1);
	assert_int_equal(result->count, 1);
	memcpy(&endpoint.operand, msg->msg_iov->addr, sizeof(endpoint.operand));
	endpoint.desc[0] = desc[0];
	endpoint.result = result->addr;
	endpoint.remote = msg->rma_iov->addr;
	endpoint.key = msg->rma_iov->key;
	endpoint.op = msg->op;
	return called("fetch", flags, msg->context);
}

static ssize_t swap(struct fid_ep *ep, const struct fi_msg_atomic *msg,
		    const struct fi_ioc *compare, void **compare_desc, size_t compares,
		    struct fi_ioc *result, void **desc, size_t n, uint64_t flags)
{
	assert_int_equal(compares, 1);
	assert_int_equal(compare->count, 1);
	memcpy(&endpoint.compare, compare->addr, sizeof(endpoint.compare));
	return fetch(ep, msg, result, desc, n, flags);
}

static ssize_t read_completions(struct fid_cq *cq, void *buf, size_t count)
{
	endpoint.polls++;
	endpoint.polled = count;
	if (endpoint.completions > 0)
		memcpy(buf, endpoint.entry,
		       (size_t)endpoint.completions * sizeof(endpoint.entry[0]));
	return endpoint.completions;
}

static ssize_t read_error(struct fid_cq *cq, struct fi_cq_err_entry *entry,
			  uint64_t flags)
{
	*entry = endpoint.failed;
	return endpoint.failed.err ? 1 : 0;
}

static struct fi_ops_msg msg_ops = { .size = sizeof(msg_ops),
				     .sendmsg = send_message,
				     .recvmsg = receive_message };
static struct fi_ops_rma rma_ops = { .size = sizeof(rma_ops),
				     .readmsg = read_rma,
				     .writemsg = write_rma };
static struct fi_ops_atomic atomic_ops = { .size = sizeof(atomic_ops),
					   .readwritemsg = fetch,
					   .compwritemsg = swap };
static struct fi_ops_cq cq_ops = { .size = sizeof(cq_ops),
				   .read = read_completions,
				   .readerr = read_error };

int mock_ofi_ep_setup(void **state)
{
	static const struct rdma_device_spec any = { .transport = "ofi",
						     .gid_index = -1 };
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = DEPTH };
	static const struct rdma_address peer = { .name = "there", .name_len = 6 };
	struct ofi_qp *own;

	mock_ofi_reset();
	memset(&endpoint, 0, sizeof(endpoint));
	assert_int_equal(rdma_device_open(&ofi_device, &any), 0);
	assert_int_equal(rdma_qp_open(&ofi_qp, &ofi_device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&ofi_qp, &peer), 0);
	own = ofi_qp.private;
	own->ep->msg = &msg_ops;
	own->ep->rma = &rma_ops;
	own->ep->atomic = &atomic_ops;
	own->cq->ops = &cq_ops;
	return 0;
}

int mock_ofi_ep_teardown(void **state)
{
	rdma_qp_close(&ofi_qp);
	rdma_device_close(&ofi_device);
	assert_int_equal(mock.open, 0);
	return 0;
}

struct rdma_op mock_ofi_operation(enum rdma_opcode opcode)
{
	return (struct rdma_op){ .opcode = opcode,
				 .sges = 2,
				 .sge = { { 0x1000, 8, 1 }, { 0x2000, 16, 2 } },
				 .remote_addr = 0x7000,
				 .rkey = 0x77,
				 .compare_add = 5,
				 .swap = 6,
				 .immediate = 0x12345678,
				 .id = 42 };
}
