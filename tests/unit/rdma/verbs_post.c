// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * verbs_post.c - each operation as a work request, each work completion as a completion
 */
#include "rdma/qp.h"

#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_verbs.h"

static struct rdma_device device;
static struct rdma_qp qp;

static void open_qp(enum qp_type type)
{
	static const struct rdma_address peer = { .qpn = 0x44, .srqn = 0x66 };
	const struct rdma_qp_spec spec = { .type = type, .depth = 8 };

	mock_reset();
	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
}

static void close_qp(void)
{
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
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

static void post__each_opcode(void **state)
{
	enum where { NOWHERE, RDMA, ATOMIC };
	static const struct {
		enum rdma_opcode opcode;
		enum ibv_wr_opcode ibv;
		enum where where;
	} rows[] = {
		{ RDMA_WRITE, IBV_WR_RDMA_WRITE, RDMA },
		{ RDMA_WRITE_IMMEDIATE, IBV_WR_RDMA_WRITE_WITH_IMM, RDMA },
		{ RDMA_READ, IBV_WR_RDMA_READ, RDMA },
		{ RDMA_SEND, IBV_WR_SEND, NOWHERE },
		{ RDMA_SEND_IMMEDIATE, IBV_WR_SEND_WITH_IMM, NOWHERE },
		{ RDMA_SEND_INVALIDATE, IBV_WR_SEND_WITH_INV, NOWHERE },
		{ RDMA_FETCH_ADD, IBV_WR_ATOMIC_FETCH_AND_ADD, ATOMIC },
		{ RDMA_COMPARE_SWAP, IBV_WR_ATOMIC_CMP_AND_SWP, ATOMIC },
	};

	open_qp(QP_RC);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_op op = operation(rows[i].opcode);

		assert_int_equal(rdma_qp_post(&qp, &op), 0);
		assert_int_equal(mock.send.opcode, rows[i].ibv);
		assert_int_equal(mock.send.wr_id, 42);
		assert_int_equal(mock.send.num_sge, 2);
		assert_int_equal(mock.sge[1].addr, 0x2000);
		assert_int_equal(mock.sge[1].length, 16);
		assert_int_equal(mock.sge[1].lkey, 2);
		assert_int_equal(mock.send.send_flags, IBV_SEND_SIGNALED);
		if (rows[i].where == RDMA) {
			assert_int_equal(mock.send.wr.rdma.remote_addr, 0x7000);
			assert_int_equal(mock.send.wr.rdma.rkey, 0x77);
		} else if (rows[i].where == ATOMIC) {
			assert_int_equal(mock.send.wr.atomic.remote_addr, 0x7000);
			assert_int_equal(mock.send.wr.atomic.rkey, 0x77);
			assert_int_equal(mock.send.wr.atomic.compare_add, 5);
			assert_int_equal(mock.send.wr.atomic.swap, 6);
		}
		if (rows[i].opcode == RDMA_SEND_INVALIDATE)
			assert_int_equal(mock.send.invalidate_rkey, 0x12345678);
		else
			assert_int_equal(be32toh(mock.send.imm_data), 0x12345678);
	}
	close_qp();
}

static void post__inline_and_durable(void **state)
{
	struct rdma_op op = operation(RDMA_WRITE);

	open_qp(QP_RC);
	op.inline_data = true;
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_int_equal(mock.send.send_flags, IBV_SEND_SIGNALED | IBV_SEND_INLINE);
	op.durable = true;
	assert_int_equal(rdma_qp_post(&qp, &op), -EOPNOTSUPP);
	close_qp();
}

static void post__the_way_to_the_peer(void **state)
{
	struct rdma_op op = operation(RDMA_SEND);

	open_qp(QP_UD);
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_non_null(mock.send.wr.ud.ah);
	assert_int_equal(mock.send.wr.ud.remote_qpn, 0x44);
	assert_int_equal(mock.send.wr.ud.remote_qkey, QP_UD_QKEY);
	close_qp();
	open_qp(QP_XRC);
	assert_int_equal(rdma_qp_post(&qp, &op), 0);
	assert_int_equal(mock.send.qp_type.xrc.remote_srqn, 0x66);
	close_qp();
}

static void post__an_error(void **state)
{
	struct rdma_op op = operation(RDMA_WRITE);
	struct capture c;
	char text[256];

	open_qp(QP_RC);
	mock.fail_at = mock.calls + 1;
	mock.error = ENOMEM;
	c = capture_start(stderr);
	assert_int_equal(rdma_qp_post(&qp, &op), -ENOMEM);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "ibv_post_send of WRITE"));
	close_qp();
}

static void receive__into_the_queue_that_there_is(void **state)
{
	const struct rdma_sge sges[] = { { 0x1000, 64, 1 } };

	open_qp(QP_RC);
	assert_int_equal(rdma_qp_post_recv(&qp, sges, 1, 9), 0);
	assert_int_equal(mock.recv.wr_id, 9);
	assert_int_equal(mock.recv.num_sge, 1);
	assert_false(mock.recv_is_shared);
	close_qp();
	open_qp(QP_XRC);
	assert_int_equal(rdma_qp_post_recv(&qp, sges, 1, 10), 0);
	assert_int_equal(mock.recv.wr_id, 10);
	assert_true(mock.recv_is_shared);
	close_qp();
}

static void poll__translated(void **state)
{
	struct rdma_completion got[4];
	struct capture c;
	char text[256];

	open_qp(QP_RC);
	mock.wc[0] = (struct ibv_wc){ .wr_id = 1,
				      .status = IBV_WC_SUCCESS,
				      .opcode = IBV_WC_RDMA_READ,
				      .byte_len = 24,
				      .vendor_err = 0x99 };
	mock.wc[1] = (struct ibv_wc){ .wr_id = 2,
				      .status = IBV_WC_REM_ACCESS_ERR,
				      .vendor_err = 0x88 };
	mock.wc[2] = (struct ibv_wc){ .wr_id = 3,
				      .opcode = IBV_WC_RECV,
				      .wc_flags = IBV_WC_WITH_IMM,
				      .imm_data = htobe32(0x1234) };
	mock.wc[3] = (struct ibv_wc){ .wr_id = 4,
				      .opcode = IBV_WC_RECV,
				      .wc_flags = IBV_WC_WITH_INV,
				      .invalidated_rkey = 0x5678 };
	mock.wcs = 4;
	assert_int_equal(rdma_qp_poll(&qp, got, 4), 4);
	assert_int_equal(got[0].id, 1);
	assert_int_equal(got[0].status, OP_SUCCESS);
	assert_int_equal(got[0].what, COMPLETED_READ);
	assert_int_equal(got[0].bytes, 24);
	assert_int_equal(got[0].vendor_error, 0); /* means nothing in a success */
	assert_int_equal(got[1].status, OP_REM_ACCESS_ERR);
	assert_int_equal(got[1].vendor_error, 0x88);
	assert_true(got[2].has_immediate && !got[2].invalidated);
	assert_int_equal(got[2].immediate, 0x1234);
	assert_true(got[3].invalidated && !got[3].has_immediate);
	assert_int_equal(got[3].immediate, 0x5678);
	mock.wcs = 4;
	assert_int_equal(rdma_qp_poll(&qp, got, 2), 2);
	mock.fail_at = mock.calls + 1;
	c = capture_start(stderr);
	assert_int_equal(rdma_qp_poll(&qp, got, 4), -EIO);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "ibv_poll_cq"));
	close_qp();
}

static void wait__ends_at_its_deadline(void **state)
{
	struct rdma_completion got;

	open_qp(QP_RC);
	assert_int_equal(rdma_qp_wait(&qp, &got, 1000), -ETIMEDOUT);
	mock.wc[0] = (struct ibv_wc){ .wr_id = 7 };
	mock.wcs = 1;
	assert_int_equal(rdma_qp_wait(&qp, &got, 1000000000), 0);
	assert_int_equal(got.id, 7);
	close_qp();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(post__each_opcode),
	cmocka_unit_test(post__inline_and_durable),
	cmocka_unit_test(post__the_way_to_the_peer),
	cmocka_unit_test(post__an_error),
	cmocka_unit_test(receive__into_the_queue_that_there_is),
	cmocka_unit_test(poll__translated),
	cmocka_unit_test(wait__ends_at_its_deadline),
};

int main(void)
{
	return cmocka_run_group_tests_name("verbs_post", tests, NULL, NULL);
}
