// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * transport.c - calls go to the transport that the device was opened with; names of
 * results
 */
#include "rdma/transport.h"

#include <errno.h>
#include <infiniband/verbs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

static struct {
	const char *last; /* function that was called */
	int ret;
	pid_t pid;
} called;

#define CALL(name)                  \
	do {                        \
		called.last = name; \
		return called.ret;  \
	} while (0)

static int mr_reg(struct rdma_mr *mr, struct rdma_device *device, void *addr, size_t len,
		  enum mr_mode mode, unsigned int access)
{
	CALL("mr_reg");
}

static void mr_dereg(struct rdma_mr *mr)
{
	called.last = "mr_dereg";
}

static int mr_rereg(struct rdma_mr *mr, struct rdma_device *device,
		    const struct mr_change *change)
{
	CALL("mr_rereg");
}

static int mr_advise(struct rdma_device *device, enum mr_advice advice, bool sync,
		     const struct rdma_sge *ranges, unsigned int n)
{
	CALL("mr_advise");
}

static int qp_open(struct rdma_qp *qp, struct rdma_device *device,
		   const struct rdma_qp_spec *spec)
{
	*qp = (struct rdma_qp){ .device = device };
	CALL("qp_open");
}

static void qp_close(struct rdma_qp *qp)
{
	called.last = "qp_close";
	*qp = (struct rdma_qp){ 0 };
}

static int window_open(struct rdma_window *window, struct rdma_device *device,
		       enum window_type type)
{
	CALL("window_open");
}

static void window_close(struct rdma_window *window)
{
	called.last = "window_close";
}

static int poll(struct rdma_qp *qp, struct rdma_completion *completions, int max)
{
	assert_int_equal(max, 1);
	CALL("poll");
}

static void process_ended(pid_t pid)
{
	called.pid = pid;
}

static const struct rdma_transport plain = {
	.name = "plain",
	.mr_reg = mr_reg,
	.mr_dereg = mr_dereg,
	.mr_rereg = mr_rereg,
	.mr_advise = mr_advise,
	.qp_open = qp_open,
	.qp_close = qp_close,
	.poll = poll,
};

static struct rdma_device device;

static int reset(void **state)
{
	memset(&called, 0, sizeof(called));
	device = (struct rdma_device){ .ops = &plain, .name = "plain0" };
	return 0;
}

static void device__of_no_transport(void **state)
{
	static const char *const names[] = { "verb", "verbsx", "", "of:x", "verbs:x" };
	char text[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct rdma_device_spec spec = { .transport = names[i] };
		struct rdma_device other = { 0 };
		struct capture c = capture_start(stderr);
		int ret = rdma_device_open(&other, &spec);

		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, -EINVAL);
		assert_non_null(strstr(text, "there are verbs and ofi"));
		rdma_device_close(&other); /* is harmless */
	}
}

static void argument__after_the_name(void **state)
{
	assert_string_equal(transport_argument("ofi:tcp;ofi_rxm"), "tcp;ofi_rxm");
	assert_null(transport_argument("ofi:"));
	assert_null(transport_argument("ofi"));
	assert_null(transport_argument(NULL));
}

static void call__of_the_device_or_the_region(void **state)
{
	struct rdma_mr mr = { 0 };

	called.ret = -ERANGE;
	assert_int_equal(rdma_mr_reg(&mr, &device, NULL, 0, MR_ODP, 0), -ERANGE);
	rdma_mr_dereg(&mr); /* one that is not registered */
	assert_string_equal(called.last, "mr_reg");
	called.ret = 0;
	assert_int_equal(rdma_mr_reg(&mr, &device, NULL, 0, MR_ODP, 0), 0);
	called.ret = -ERANGE;
	assert_int_equal(rdma_mr_rereg(&mr, &device, NULL), -ERANGE);
	assert_string_equal(called.last, "mr_rereg");
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, true, NULL, 0), -ERANGE);
	assert_string_equal(called.last, "mr_advise");
	rdma_mr_dereg(&mr);
	assert_string_equal(called.last, "mr_dereg");
}

static void qp__is_open_where_that_succeeded(void **state)
{
	struct rdma_qp_spec spec = { .type = QP_RC };
	struct rdma_qp qp;

	called.ret = -ENOMEM;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), -ENOMEM);
	assert_false(rdma_qp_is_open(&qp));
	rdma_qp_close(&qp);
	assert_string_equal(called.last, "qp_open");
	called.ret = 0;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_true(rdma_qp_is_open(&qp));
	assert_int_equal(rdma_qp_reset(&qp), -EOPNOTSUPP);
	assert_int_equal(rdma_qp_arm(&qp, false), -EOPNOTSUPP);
	assert_int_equal(rdma_qp_wait_event(&qp, 1), -EOPNOTSUPP);
	rdma_qp_close(&qp);
	assert_string_equal(called.last, "qp_close");
	rdma_qp_close(&qp);
	assert_false(rdma_qp_is_open(&qp));
}

static void wait__errors_are_no_completions(void **state)
{
	struct rdma_qp qp = { .ops = &plain };
	struct rdma_completion completion;

	called.ret = -EIO;
	assert_int_equal(rdma_qp_wait(&qp, &completion, 1000000000), -EIO);
	called.ret = 1;
	assert_int_equal(rdma_qp_wait(&qp, &completion, 0), 0);
	called.ret = 0;
	assert_int_equal(rdma_qp_wait(&qp, &completion, 0), -ETIMEDOUT);
}

static void window__where_there_are_any(void **state)
{
	struct rdma_transport windows = plain;
	struct rdma_window window = { 0 };
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = rdma_window_open(&window, &device, WINDOW_TYPE_1);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EOPNOTSUPP);
	assert_non_null(strstr(text, "plain0 has no memory windows"));
	assert_null(window.ops);
	rdma_window_close(&window);
	windows.window_open = window_open;
	windows.window_close = window_close;
	device.ops = &windows;
	assert_int_equal(rdma_window_open(&window, &device, WINDOW_TYPE_1), 0);
	window.rkey = 5;
	rdma_window_close(&window);
	assert_string_equal(called.last, "window_close");
	assert_int_equal(window.rkey, 0);
	assert_null(window.ops);
}

static void process_ended__where_a_transport_cares(void **state)
{
	struct rdma_transport cares = plain;

	rdma_process_ended(&device, 7);
	assert_int_equal(called.pid, 0);
	cares.process_ended = process_ended;
	device.ops = &cares;
	rdma_process_ended(&device, 7);
	assert_int_equal(called.pid, 7);
	device.ops = NULL;
	rdma_process_ended(&device, 8);
	assert_int_equal(called.pid, 7);
}

/* The values are those of enum ibv_wc_status: the names must be, too. */
static void status__named_as_in_verbs(void **state)
{
	static const struct {
		enum ibv_wc_status status;
		const char *name;
	} rows[] = {
		{ IBV_WC_SUCCESS, "SUCCESS" },
		{ IBV_WC_LOC_LEN_ERR, "LOC_LEN_ERR" },
		{ IBV_WC_LOC_QP_OP_ERR, "LOC_QP_OP_ERR" },
		{ IBV_WC_LOC_PROT_ERR, "LOC_PROT_ERR" },
		{ IBV_WC_WR_FLUSH_ERR, "WR_FLUSH_ERR" },
		{ IBV_WC_MW_BIND_ERR, "MW_BIND_ERR" },
		{ IBV_WC_BAD_RESP_ERR, "BAD_RESP_ERR" },
		{ IBV_WC_LOC_ACCESS_ERR, "LOC_ACCESS_ERR" },
		{ IBV_WC_REM_INV_REQ_ERR, "REM_INV_REQ_ERR" },
		{ IBV_WC_REM_ACCESS_ERR, "REM_ACCESS_ERR" },
		{ IBV_WC_REM_OP_ERR, "REM_OP_ERR" },
		{ IBV_WC_RETRY_EXC_ERR, "RETRY_EXC_ERR" },
		{ IBV_WC_RNR_RETRY_EXC_ERR, "RNR_RETRY_EXC_ERR" },
		{ IBV_WC_REM_ABORT_ERR, "REM_ABORT_ERR" },
		{ IBV_WC_GENERAL_ERR, "GENERAL_ERR" },
		{ IBV_WC_TM_RNDV_INCOMPLETE, "unknown status" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(op_status_name((enum op_status)rows[i].status),
				    rows[i].name);
}

/* IBTA 11.4.2.1: what an operation completes as, at the requester and at the peer. */
static void opcode__what_it_completes_as(void **state)
{
	static const struct {
		enum ibv_wc_opcode sent;
		int received; /* -1: the peer needs no receive */
	} rows[RDMA_OPCODES] = {
		[RDMA_WRITE] = { IBV_WC_RDMA_WRITE, -1 },
		[RDMA_WRITE_IMMEDIATE] = { IBV_WC_RDMA_WRITE, IBV_WC_RECV_RDMA_WITH_IMM },
		[RDMA_READ] = { IBV_WC_RDMA_READ, -1 },
		[RDMA_SEND] = { IBV_WC_SEND, IBV_WC_RECV },
		[RDMA_SEND_IMMEDIATE] = { IBV_WC_SEND, IBV_WC_RECV },
		[RDMA_SEND_INVALIDATE] = { IBV_WC_SEND, IBV_WC_RECV },
		[RDMA_FETCH_ADD] = { IBV_WC_FETCH_ADD, -1 },
		[RDMA_COMPARE_SWAP] = { IBV_WC_COMP_SWAP, -1 },
		[RDMA_ATOMIC_WRITE] = { (enum ibv_wc_opcode)9, -1 },
		[RDMA_FLUSH] = { (enum ibv_wc_opcode)8, -1 },
	};

	for (unsigned int i = 0; i < RDMA_OPCODES; i++) {
		enum rdma_opcode opcode = (enum rdma_opcode)i;

		assert_int_equal(rdma_opcode_completes(opcode, false), rows[i].sent);
		assert_int_equal(rdma_opcode_is_received(opcode), rows[i].received >= 0);
		if (rows[i].received >= 0)
			assert_int_equal(rdma_opcode_completes(opcode, true),
					 rows[i].received);
	}
	assert_string_equal(rdma_completed_name(COMPLETED_RECEIVE_OF_WRITE),
			    "RECEIVE of WRITE with immediate");
	assert_string_equal(rdma_completed_name((enum rdma_completed)77),
			    "something unknown");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(device__of_no_transport, reset),
	cmocka_unit_test_setup(argument__after_the_name, reset),
	cmocka_unit_test_setup(call__of_the_device_or_the_region, reset),
	cmocka_unit_test_setup(qp__is_open_where_that_succeeded, reset),
	cmocka_unit_test_setup(wait__errors_are_no_completions, reset),
	cmocka_unit_test_setup(window__where_there_are_any, reset),
	cmocka_unit_test_setup(process_ended__where_a_transport_cares, reset),
	cmocka_unit_test_setup(status__named_as_in_verbs, reset),
	cmocka_unit_test_setup(opcode__what_it_completes_as, reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
