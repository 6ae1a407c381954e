// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* indirect_mkey.c - indirect memory keys, over a libmlx5 of the tests' own */
#include "rdma/verbs/indirect_mkey.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fail_each_call.h"
#include "mock_mlx5.h"
#include "rdma/qp.h"

static const struct rdma_address peer = { .qpn = 0x44, .lid = 9, .mtu_bytes = 512 };

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

static void qp__each_call_that_fails(void **state)
{
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8, .indirect_mkeys = true };

	/* CQ, QP, three states */
	fail_each_call(open_connect_close, &spec, false, 5);
	assert_int_equal(mock.calls, 5);
}

static int open_and_close_key(void *data)
{
	struct indirect_mkey key;
	int ret = key_open(&key, &mlx5_device);

	if (!ret) {
		key_close(&key);
		key_close(&key); /* is harmless */
	}
	return ret;
}

static void key__each_call_that_fails(void **state)
{
	fail_each_call(open_and_close_key, NULL, false, 1);
}

static void key__pieces(void **state)
{
	static const struct rdma_sge pieces[KEY_PIECES + 1] = { { 0x1000, 8, 3 },
								{ 0x2000, 16, 4 } };
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8, .indirect_mkeys = true };
	const unsigned int rights = IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE |
				    IBV_ACCESS_REMOTE_READ;
	struct indirect_mkey key;
	struct capture c;
	struct rdma_qp qp;
	char text[512];

	assert_int_equal(rdma_qp_open(&qp, &mlx5_device, &spec), 0);
	assert_int_equal(key_open(&key, &mlx5_device), 0);
	assert_int_equal(key.lkey, 0x700);
	assert_int_equal(key.rkey, 0x701);
	assert_int_equal(key_list(&key, &qp, pieces, 2, 12), 0);
	assert_string_equal(mlx5.request, "list 701");
	assert_int_equal(mlx5.id, 12);
	assert_int_equal(mlx5.flags, IBV_SEND_SIGNALED | IBV_SEND_INLINE);
	assert_int_equal(mlx5.access, rights);
	assert_int_equal(mlx5.pieces, 2);
	assert_int_equal(mlx5.sge[1].addr, 0x2000);
	assert_int_equal(mlx5.sge[1].length, 16);
	assert_int_equal(mlx5.sge[1].lkey, 4);
	assert_int_equal(key_interleave(&key, &qp, pieces, 2, 5, 64, 13), 0);
	assert_string_equal(mlx5.request, "interleaved 701");
	assert_int_equal(mlx5.id, 13);
	assert_int_equal(mlx5.repeat, 5);
	assert_int_equal(mlx5.interleaved[1].addr, 0x2000);
	assert_int_equal(mlx5.interleaved[1].bytes_count, 16);
	assert_int_equal(mlx5.interleaved[1].bytes_skip, 64);
	assert_int_equal(mlx5.interleaved[1].lkey, 4);
	assert_int_equal(key_list(&key, &qp, pieces, KEY_PIECES, 14), 0);
	assert_int_equal(mlx5.pieces, KEY_PIECES);
	c = capture_start(stderr);
	assert_int_equal(key_list(&key, &qp, pieces, KEY_PIECES + 1, 15), -EINVAL);
	assert_int_equal(key_interleave(&key, &qp, pieces, KEY_PIECES + 1, 1, 0, 15),
			 -EINVAL);
	mock.fail_at = mock.calls + 1;
	mock.error = ENOMEM;
	assert_int_equal(key_list(&key, &qp, pieces, 2, 16), -ENOMEM);
	capture_end(&c, text, sizeof(text));
	key_close(&key);
	rdma_qp_close(&qp);
}

static const struct CMUnitTest tests[] = {
	ON_MLX5(qp__each_call_that_fails),
	ON_MLX5(key__each_call_that_fails),
	ON_MLX5(key__pieces),
};

int main(void)
{
	return cmocka_run_group_tests_name("indirect_mkey", tests, NULL, NULL);
}
