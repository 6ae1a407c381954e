// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dc.c - DC queue pairs, over a libmlx5 of the tests' own */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fail_each_call.h"
#include "mock_mlx5.h"
#include "rdma/qp.h"

static const struct rdma_address peer = {
	.qpn = 0x44, .receiver_qpn = 0x55, .lid = 9, .mtu_bytes = 512
};

static int open_connect_close(void *data)
{
	struct rdma_qp qp;
	int ret = rdma_qp_open(&qp, &mlx5_device, data);

	if (ret)
		return ret;
	ret = rdma_qp_connect(&qp, &peer);
	rdma_qp_close(&qp);
	return ret;
}

static void dc__each_call_that_fails(void **state)
{
	struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };

	/* CQ, SRQ, both ends, their states, the address handle */
	fail_each_call(open_connect_close, &spec, false, 10);
	assert_int_equal(mock.calls, 10);
}

static void dc__both_ends(void **state)
{
	struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };
	struct rdma_address address;
	struct rdma_qp qp;

	assert_int_equal(rdma_qp_open(&qp, &mlx5_device, &spec), 0);
	assert_int_equal(mock.modified, 3);
	assert_false(mock.mask[0] & IBV_QP_ACCESS_FLAGS); /* the initiator has none */
	assert_true(mock.mask[1] & IBV_QP_ACCESS_FLAGS);
	assert_int_equal(mock.attr[2].qp_state, IBV_QPS_RTR);
	assert_int_equal(mock.attr[2].path_mtu, IBV_MTU_1024);
	rdma_qp_address(&qp, &address);
	assert_int_equal(address.receiver_qpn, 0x22);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(mock.attr[3].qp_state, IBV_QPS_RTR);
	assert_int_equal(mock.attr[3].path_mtu, IBV_MTU_512);
	assert_int_equal(mock.attr[4].qp_state, IBV_QPS_RTS);
	rdma_qp_close(&qp);
}

static void dc__of_a_device_that_has_less(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };
	struct rdma_qp qp;

	mock.inline_bytes = 60;
	assert_int_equal(rdma_qp_open(&qp, &mlx5_device, &spec), 0);
	assert_int_equal(qp.sges, QP_SGES);
	assert_int_equal(qp.inline_bytes, 60);
	rdma_qp_close(&qp);
}

static void dc__each_opcode(void **state)
{
	static const char *const requests[RDMA_OPCODES] = {
		[RDMA_WRITE] = "write abc 9000",
		[RDMA_WRITE_IMMEDIATE] = "write_imm abc 9000 77",
		[RDMA_READ] = "read abc 9000",
		[RDMA_SEND] = "send",
		[RDMA_SEND_IMMEDIATE] = "send_imm 77",
		[RDMA_FETCH_ADD] = "fetch_add abc 9000 5",
		[RDMA_COMPARE_SWAP] = "cmp_swp abc 9000 5 6",
	};
	struct rdma_qp_spec spec = { .type = QP_DC, .depth = 8 };
	struct rdma_op op = { .sges = 2,
			      .sge = { { 0x1000, 8, 3 }, { 0x2000, 16, 4 } },
			      .remote_addr = 0x9000,
			      .rkey = 0xabc,
			      .compare_add = 5,
			      .swap = 6,
			      .immediate = 0x77,
			      .id = 99 };
	struct rdma_qp qp;
	uint64_t key;

	assert_int_equal(rdma_qp_open(&qp, &mlx5_device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	for (unsigned int i = 0; i < RDMA_OPCODES; i++) {
		struct capture c = capture_start(stderr);
		char text[256];
		int ret;

		op.opcode = (enum rdma_opcode)i;
		mlx5.request[0] = '\0';
		ret = rdma_qp_post(&qp, &op);
		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, requests[i] ? 0 : -EOPNOTSUPP);
		assert_string_equal(mlx5.request, requests[i] ? requests[i] : "");
		assert_int_equal(mlx5.started, 0);
	}
	assert_int_equal(mlx5.id, 99);
	assert_int_equal(mlx5.flags, IBV_SEND_SIGNALED);
	assert_int_equal(mlx5.pieces, 2);
	assert_int_equal(mlx5.sge[1].addr, 0x2000);
	assert_int_equal(mlx5.sge[1].length, 16);
	assert_int_equal(mlx5.sge[1].lkey, 4);
	assert_int_equal(mlx5.dctn, 0x55);
	key = mlx5.dc_key;
	rdma_qp_close(&qp);
	spec.wrong_key = true;
	op.opcode = RDMA_WRITE;
	assert_int_equal(rdma_qp_open(&qp, &mlx5_device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_int_not_equal((uint32_t)mlx5.dc_key, (uint32_t)key);
	rdma_qp_close(&qp);
}

static const struct CMUnitTest tests[] = {
	ON_MLX5(dc__each_call_that_fails),
	ON_MLX5(dc__both_ends),
	ON_MLX5(dc__of_a_device_that_has_less),
	ON_MLX5(dc__each_opcode),
};

int main(void)
{
	return cmocka_run_group_tests_name("dc", tests, NULL, NULL);
}
