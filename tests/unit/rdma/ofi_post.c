// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ofi_post.c - each operation as libfabric takes it, and what it refuses */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_ofi_ep.h"
#include "rdma/ofi/internal.h"

/*
 * All of an operation's local memory, and the provider's description of each part of it.
 */
static void is_local(const void *first, const void *second)
{
	assert_int_equal(endpoint.n, 2);
	assert_ptr_equal(endpoint.iov[0].iov_base, (void *)0x1000);
	assert_int_equal(endpoint.iov[0].iov_len, 8);
	assert_ptr_equal(endpoint.iov[1].iov_base, (void *)0x2000);
	assert_int_equal(endpoint.iov[1].iov_len, 16);
	assert_ptr_equal(endpoint.desc[0], first);
	assert_ptr_equal(endpoint.desc[1], second);
}

static void complete(void *context)
{
	struct rdma_completion completion;

	endpoint.entry[0] = (struct fi_cq_data_entry){ .op_context = context };
	endpoint.completions = 1;
	assert_int_equal(rdma_qp_poll(&ofi_qp, &completion, 1), 1);
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
		struct rdma_op op = mock_ofi_operation(rows[i].opcode);

		op.inline_data = rows[i].inline_data;
		op.durable = rows[i].durable;
		assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
		assert_string_equal(endpoint.call, rows[i].call);
		assert_true(endpoint.flags == (FI_COMPLETION | rows[i].flags));
		is_local(NULL, NULL); /* of keys that are not registered */
		if (!strcmp(rows[i].call, "send")) {
			assert_int_equal(endpoint.data, 0x12345678);
		} else {
			assert_int_equal(endpoint.remote, 0x7000);
			assert_int_equal(endpoint.len, 24);
			assert_int_equal(endpoint.key, 0x77);
		}
		complete(endpoint.context);
	}
}

/* The old value comes into local memory; the operand outlives the call. */
static void post__atomics(void **state)
{
	struct rdma_op op = mock_ofi_operation(RDMA_FETCH_ADD);

	assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
	assert_string_equal(endpoint.call, "fetch");
	assert_int_equal(endpoint.op, FI_SUM);
	assert_int_equal(endpoint.operand, 5);
	assert_ptr_equal(endpoint.result, (void *)0x1000);
	assert_int_equal(endpoint.remote, 0x7000);
	assert_int_equal(endpoint.key, 0x77);
	assert_true(endpoint.flags == FI_COMPLETION);
	op.opcode = RDMA_COMPARE_SWAP;
	assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
	assert_int_equal(endpoint.op, FI_CSWAP);
	assert_int_equal(endpoint.operand, 6);
	assert_int_equal(endpoint.compare, 5);
}

static void post__with_the_descriptions_of_regions(void **state)
{
	struct rdma_op op = mock_ofi_operation(RDMA_WRITE);
	struct rdma_mr mr[2] = { 0 };
	char memory[64];
	int described[2] = { 0 };

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(rdma_mr_reg(&mr[i], &ofi_device, memory, 64, MR_ODP, 0),
				 0);
		((struct ofi_mr *)mr[i].private)->fid->mem_desc = &described[i];
		op.sge[i].lkey = mr[i].lkey;
	}
	assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
	is_local(&described[0], &described[1]);
	assert_int_equal(rdma_qp_post_recv(&ofi_qp, op.sge, 2, 9), 0);
	assert_string_equal(endpoint.call, "receive");
	assert_true(endpoint.flags == FI_COMPLETION);
	is_local(&described[0], &described[1]);
	for (unsigned int i = 0; i < 2; i++)
		rdma_mr_dereg(&mr[i]);
}

/* A provider whose queue is full wants its completion queue looked at. */
static void post__again(void **state)
{
	struct rdma_op op = mock_ofi_operation(RDMA_WRITE);

	endpoint.busy = 3;
	endpoint.completions = -FI_EAGAIN;
	assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
	assert_int_equal(endpoint.calls, 4);
	assert_int_equal(endpoint.polls, 3);
	assert_int_equal(endpoint.polled, 0); /* which takes no completion */
}

static void is_refused(enum rdma_opcode opcode, int error, const char *says)
{
	struct rdma_op op = mock_ofi_operation(opcode);
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = opcode == RDMA_OPCODES ? rdma_qp_post_recv(&ofi_qp, op.sge, 1, 0) :
					   rdma_qp_post(&ofi_qp, &op);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	if (!strstr(text, says))
		fail_msg("expected \"%s\", got: %s", says, text);
}

/* What was refused leaves its place to another one. */
static void post__refused(void **state)
{
	endpoint.error = FI_ENOMEM;
	for (unsigned int i = 0; i < 2 * DEPTH + 1; i++) {
		is_refused(RDMA_WRITE, -ENOMEM, "post WRITE");
		is_refused(RDMA_OPCODES, -ENOMEM, "post a receive: Cannot allocate");
	}
	endpoint.error = FI_EOTHER; /* which is none of errno's */
	is_refused(RDMA_READ, -EIO, "post READ");
	endpoint.calls = 0;
	is_refused(RDMA_FLUSH, -EOPNOTSUPP, "post FLUSH");
	assert_int_equal(endpoint.calls, 0);
	endpoint.error = 0;
	for (unsigned int i = 0; i < 2 * DEPTH; i++) {
		struct rdma_op op = mock_ofi_operation(RDMA_SEND);

		assert_int_equal(rdma_qp_post(&ofi_qp, &op), 0);
	}
	is_refused(RDMA_WRITE, -ENOMEM, "post an operation");
	is_refused(RDMA_OPCODES, -ENOMEM, "post a receive");
}

static const struct CMUnitTest tests[] = {
	ON_ENDPOINT(post__reads_writes_and_sends),
	ON_ENDPOINT(post__atomics),
	ON_ENDPOINT(post__with_the_descriptions_of_regions),
	ON_ENDPOINT(post__again),
	ON_ENDPOINT(post__refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("ofi_post", tests, NULL, NULL);
}
