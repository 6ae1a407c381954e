// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ofi_post.c - each operation as libfabric takes it, each of its completions as one of ours */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_ofi.h"
#include "mock_verbs.h"
#include "rdma/ofi/internal.h"
#include "rdma/qp.h"

/* last, as in post_lib.c */
#include <rdma/fi_atomic.h>
#include <rdma/fi_rma.h>

#define DEPTH 2 /* operations and receives of a queue pair: twice as many */

static struct rdma_device device;
static struct rdma_qp qp;

/* ---- an endpoint, and its completion queue ---- */

static struct {
	const char *call;
	unsigned int busy, calls; /* so many calls are to be made again */
	int error;
	struct iovec iov[QP_SGES];
	void *desc[QP_SGES];
	size_t n;
	uint64_t flags, data, remote, len, key;
	uint64_t operand, compare;
	void *result;
	enum fi_op op;
	void *context;
	/* what the queue has, and how often it was looked at */
	struct fi_cq_data_entry entry[4];
	struct fi_cq_err_entry failed;
	ssize_t completions;
	unsigned int polls;
	size_t polled;
} fake;

static ssize_t called(const char *call, uint64_t flags, void *context)
{
	fake.call = call;
	fake.flags = flags;
	fake.context = context;
	if (++fake.calls <= fake.busy)
		return -FI_EAGAIN;
	return -fake.error;
}

static void local(const struct iovec *iov, void **desc, size_t n)
{
	memcpy(fake.iov, iov, n * sizeof(*iov));
	memcpy(fake.desc, desc, n * sizeof(*desc));
	fake.n = n;
}

static ssize_t message(const char *call, const struct fi_msg *msg, uint64_t flags)
{
	local(msg->msg_iov, msg->desc, msg->iov_count);
	fake.data = msg->data;
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
	fake.remote = msg->rma_iov->addr;
	fake.len = msg->rma_iov->len;
	fake.key = msg->rma_iov->key;
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
	memcpy(&fake.operand, msg->msg_iov->addr, sizeof(fake.operand));
	fake.desc[0] = desc[0];
	fake.result = result->addr;
	fake.remote = msg->rma_iov->addr;
	fake.key = msg->rma_iov->key;
	fake.op = msg->op;
	return called("fetch", flags, msg->context);
}

static ssize_t swap(struct fid_ep *ep, const struct fi_msg_atomic *msg,
		    const struct fi_ioc *compare, void **compare_desc, size_t compares,
		    struct fi_ioc *result, void **desc, size_t n, uint64_t flags)
{
	assert_int_equal(compares, 1);
	assert_int_equal(compare->count, 1);
	memcpy(&fake.compare, compare->addr, sizeof(fake.compare));
	return fetch(ep, msg, result, desc, n, flags);
}

static ssize_t read_completions(struct fid_cq *cq, void *buf, size_t count)
{
	fake.polls++;
	fake.polled = count;
	if (fake.completions > 0)
		memcpy(buf, fake.entry, (size_t)fake.completions * sizeof(fake.entry[0]));
	return fake.completions;
}

static ssize_t read_error(struct fid_cq *cq, struct fi_cq_err_entry *entry,
			  uint64_t flags)
{
	*entry = fake.failed;
	return fake.failed.err ? 1 : 0;
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

static int setup(void **state)
{
	static const struct rdma_device_spec any = { .transport = "ofi",
						     .gid_index = -1 };
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = DEPTH };
	static const struct rdma_address peer = { .name = "there", .name_len = 6 };
	struct ofi_qp *own;

	mock_ofi_reset();
	memset(&fake, 0, sizeof(fake));
	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	own = qp.private;
	own->ep->msg = &msg_ops;
	own->ep->rma = &rma_ops;
	own->ep->atomic = &atomic_ops;
	own->cq->ops = &cq_ops;
	return 0;
}

static int teardown(void **state)
{
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	return 0;
}

static struct rdma_op operation(enum rdma_opcode opcode)
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

/* All of an operation's local memory, and the provider's description of each part of it. */
static void is_local(const void *first, const void *second)
{
	assert_int_equal(fake.n, 2);
	assert_ptr_equal(fake.iov[0].iov_base, (void *)0x1000);
	assert_int_equal(fake.iov[0].iov_len, 8);
	assert_ptr_equal(fake.iov[1].iov_base, (void *)0x2000);
	assert_int_equal(fake.iov[1].iov_len, 16);
	assert_ptr_equal(fake.desc[0], first);
	assert_ptr_equal(fake.desc[1], second);
}

static void complete(void *context)
{
	struct rdma_completion completion;

	fake.entry[0] = (struct fi_cq_data_entry){ .op_context = context };
	fake.completions = 1;
	assert_int_equal(rdma_qp_poll(&qp, &completion, 1), 1);
}

static void post__reads_writes_and_sends(void **state)
{
	static const struct {
		enum rdma_opcode opcode;
		bool inline_data, durable;
		const char *call;
		uint64_t flags;
	} rows[] = {
		{ RDMA_WRITE, false, false, "write", FI_DELIVERY_COMPLETE },
		{ RDMA_WRITE, false, true, "write", FI_COMMIT_COMPLETE },
		{ RDMA_WRITE, true, false, "write", FI_DELIVERY_COMPLETE | FI_INJECT },
		{ RDMA_READ, false, false, "read", 0 },
		{ RDMA_SEND, false, false, "send", 0 },
		{ RDMA_SEND, true, false, "send", FI_INJECT },
		{ RDMA_SEND_IMMEDIATE, false, false, "send", FI_REMOTE_CQ_DATA },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_op op = operation(rows[i].opcode);

		op.inline_data = rows[i].inline_data;
		op.durable = rows[i].durable;
		assert_int_equal(rdma_qp_post(&qp, &op), 0);
		assert_string_equal(fake.call, rows[i].call);
		assert_true(fake.flags == (FI_COMPLETION | rows[i].flags));
		is_local(NULL, NULL); /* of keys that are not registered */
		if (!strcmp(rows[i].call, "send")) {
			assert_int_equal(fake.data, 0x12345678);
		} else {
			assert_int_equal(fake.remote, 0x7000);
			assert_int_equal(fake.len, 24);
			assert_int_equal(fake.key, 0x77);
		}
		complete(fake.context);
	}
}

/* The old value comes into local memory; the operand outlives the call. */
static void post__atomics(void **state)
{
	struct rdma_op op = operation(RDMA_FETCH_ADD);

	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_string_equal(fake.call, "fetch");
	assert_int_equal(fake.op, FI_SUM);
	assert_int_equal(fake.operand, 5);
	assert_ptr_equal(fake.result, (void *)0x1000);
	assert_int_equal(fake.remote, 0x7000);
	assert_int_equal(fake.key, 0x77);
	assert_true(fake.flags == FI_COMPLETION);
	op.opcode = RDMA_COMPARE_SWAP;
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_int_equal(fake.op, FI_CSWAP);
	assert_int_equal(fake.operand, 6);
	assert_int_equal(fake.compare, 5);
}

static void post__with_the_descriptions_of_regions(void **state)
{
	struct rdma_op op = operation(RDMA_WRITE);
	struct rdma_mr mr[2] = { 0 };
	char memory[64];
	int described[2] = { 0 };

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(rdma_mr_reg(&mr[i], &device, memory, 64, MR_ODP, 0), 0);
		((struct ofi_mr *)mr[i].private)->fid->mem_desc = &described[i];
		op.sge[i].lkey = mr[i].lkey;
	}
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	is_local(&described[0], &described[1]);
	assert_int_equal(rdma_qp_post_recv(&qp, op.sge, 2, 9), 0);
	assert_string_equal(fake.call, "receive");
	assert_true(fake.flags == FI_COMPLETION);
	is_local(&described[0], &described[1]);
	for (unsigned int i = 0; i < 2; i++)
		rdma_mr_dereg(&mr[i]);
}

/* A provider whose queue is full wants its completion queue looked at. */
static void post__again(void **state)
{
	struct rdma_op op = operation(RDMA_WRITE);

	fake.busy = 3;
	fake.completions = -FI_EAGAIN;
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_int_equal(fake.calls, 4);
	assert_int_equal(fake.polls, 3);
	assert_int_equal(fake.polled, 0); /* which takes no completion */
}

static void is_refused(enum rdma_opcode opcode, int error, const char *says)
{
	struct rdma_op op = operation(opcode);
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = opcode == RDMA_OPCODES ? rdma_qp_post_recv(&qp, op.sge, 1, 0) :
					   rdma_qp_post(&qp, &op);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	if (!strstr(text, says))
		fail_msg("expected \"%s\", got: %s", says, text);
}

/* What was refused leaves its place to another one. */
static void post__refused(void **state)
{
	fake.error = FI_ENOMEM;
	for (unsigned int i = 0; i < 2 * DEPTH + 1; i++) {
		is_refused(RDMA_WRITE, -ENOMEM, "post WRITE");
		is_refused(RDMA_OPCODES, -ENOMEM, "post a receive: Cannot allocate");
	}
	fake.error = FI_EOTHER; /* which is none of errno's */
	is_refused(RDMA_READ, -EIO, "post READ");
	fake.calls = 0;
	is_refused(RDMA_FLUSH, -EOPNOTSUPP, "post FLUSH");
	assert_int_equal(fake.calls, 0);
	fake.error = 0;
	for (unsigned int i = 0; i < 2 * DEPTH; i++) {
		struct rdma_op op = operation(RDMA_SEND);

		assert_int_equal(rdma_qp_post(&qp, &op), 0);
	}
	is_refused(RDMA_WRITE, -ENOMEM, "post an operation");
	is_refused(RDMA_OPCODES, -ENOMEM, "post a receive");
}

static void poll__completions(void **state)
{
	struct rdma_op op = operation(RDMA_READ);
	struct rdma_completion completion[3];

	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	fake.entry[0] = (struct fi_cq_data_entry){ .op_context = fake.context, .len = 1 };
	assert_int_equal(rdma_qp_post_recv(&qp, op.sge, 1, 43), 0);
	fake.entry[1] = (struct fi_cq_data_entry){ .op_context = fake.context,
						   .len = 11,
						   .flags = FI_REMOTE_CQ_DATA,
						   .data = 0x87654321 };
	fake.entry[2] = (struct fi_cq_data_entry){ .len = 5 }; /* of none of ours */
	fake.completions = 3;
	assert_int_equal(rdma_qp_poll(&qp, completion, 3), 3);
	assert_int_equal(fake.polled, 3);
	assert_int_equal(completion[0].id, 42);
	assert_int_equal(completion[0].status, OP_SUCCESS);
	assert_int_equal(completion[0].what, COMPLETED_READ);
	assert_int_equal(completion[0].bytes, 24);
	assert_false(completion[0].has_immediate);
	assert_int_equal(completion[1].id, 43);
	assert_int_equal(completion[1].what, COMPLETED_RECEIVE);
	assert_int_equal(completion[1].bytes, 11);
	assert_true(completion[1].has_immediate);
	assert_int_equal(completion[1].immediate, 0x87654321);
	assert_int_equal(completion[2].id, 0);
	fake.completions = -FI_EAGAIN;
	assert_int_equal(rdma_qp_poll(&qp, completion, 100), 0);
	assert_int_equal(fake.polled, 16);
}

/* By libfabric's error, or by the provider's where that is a device's work completion. */
static void poll__failed_operations(void **state)
{
	static const struct {
		int error, provider;
		bool cpu_faults;
		enum op_status status;
	} rows[] = {
		{ FI_ECANCELED, 3, true, OP_FLUSH_ERR },
		{ FI_EACCES, 3, true, OP_REM_ACCESS_ERR },
		{ FI_ETRUNC, 0, true, OP_LOC_LEN_ERR },
		{ FI_EIO, 3, true, OP_GENERAL_ERR },
		{ FI_EIO, OP_RETRY_EXC_ERR, false, OP_RETRY_EXC_ERR },
		{ FI_EIO, OP_GENERAL_ERR, false, OP_GENERAL_ERR },
		{ FI_EACCES, OP_GENERAL_ERR + 1, false, OP_REM_ACCESS_ERR },
		{ FI_EACCES, 0, false, OP_REM_ACCESS_ERR },
	};
	struct rdma_completion completion;

	fake.completions = -FI_EAVAIL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_op op = operation(RDMA_SEND);

		device.cpu_faults = rows[i].cpu_faults;
		assert_int_equal(rdma_qp_post(&qp, &op), 0);
		fake.failed = (struct fi_cq_err_entry){ .op_context = fake.context,
							.err = rows[i].error,
							.prov_errno = rows[i].provider };
		assert_int_equal(rdma_qp_poll(&qp, &completion, 1), 1);
		assert_int_equal(completion.id, 42);
		assert_int_equal(completion.status, rows[i].status);
		assert_int_equal(completion.what, COMPLETED_SEND);
	}
	fake.failed.err = 0; /* it was taken meanwhile */
	assert_int_equal(rdma_qp_poll(&qp, &completion, 1), 0);
}

static void poll__fails(void **state)
{
	struct rdma_completion completion;
	struct capture c = capture_start(stderr);
	char text[256];
	int ret;

	fake.completions = -FI_EINVAL;
	ret = rdma_qp_poll(&qp, &completion, 1);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	assert_non_null(strstr(text, "libfabric's completion queue"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(post__reads_writes_and_sends),
	TEST(post__atomics),
	TEST(post__with_the_descriptions_of_regions),
	TEST(post__again),
	TEST(post__refused),
	TEST(poll__completions),
	TEST(poll__failed_operations),
	TEST(poll__fails),
};

int main(void)
{
	return cmocka_run_group_tests_name("ofi_post", tests, NULL, NULL);
}
