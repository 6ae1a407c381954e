// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * verbs_qp.c - queue pairs of the verbs transport and their states; none stays open after
 * an error
 */
#include "rdma/qp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "capture.h"
#include "fail_each_call.h"
#include "mock_verbs.h"

struct qp_case {
	struct rdma_device device;
	struct rdma_qp_spec spec;
	bool connect;
};

static const struct rdma_address peer = {
	.qpn = 0x44, .receiver_qpn = 0x55, .srqn = 0x66, .lid = 9, .mtu_bytes = 512
};

static int open_and_close_qp(void *data)
{
	struct qp_case *qp_case = data;
	struct rdma_qp qp;
	int ret = rdma_qp_open(&qp, &qp_case->device, &qp_case->spec);

	if (ret) {
		assert_false(rdma_qp_is_open(&qp));
		return ret;
	}
	if (qp_case->connect)
		ret = rdma_qp_connect(&qp, &peer);
	rdma_qp_close(&qp);
	return ret;
}

static void qp__each_call_that_fails(void **state)
{
	static const struct {
		struct rdma_qp_spec spec;
		unsigned int calls;
	} rows[] = {
		{ { .type = QP_RC, .depth = 8 }, 5 }, /* CQ, QP, three states */
		{ { .type = QP_RC, .depth = 8, .shared_receive = true }, 6 },
		{ { .type = QP_UD, .depth = 8 }, 6 }, /* and the address handle */
		{ { .type = QP_XRC, .depth = 8 }, 10 },
	};
	struct qp_case qp_case = { .connect = true };

	assert_int_equal(rdma_device_open(&qp_case.device, &mock_spec), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		qp_case.spec = rows[i].spec;
		fail_each_call(open_and_close_qp, &qp_case, false, rows[i].calls);
		assert_int_equal(mock.calls, rows[i].calls);
	}
	rdma_device_close(&qp_case.device);
	assert_int_equal(mock.open, 0);
}

static void qp__rc_states(void **state)
{
	struct rdma_device device;
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8 };
	struct rdma_qp qp;

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(mock.modified, 3);
	assert_int_equal(mock.attr[0].qp_state, IBV_QPS_INIT);
	assert_int_equal(mock.attr[0].port_num, 1);
	assert_true(mock.mask[0] & IBV_QP_ACCESS_FLAGS);
	assert_int_equal(mock.attr[1].qp_state, IBV_QPS_RTR);
	assert_int_equal(mock.attr[1].dest_qp_num, 0x44);
	assert_int_equal(mock.attr[1].ah_attr.dlid, 9);
	assert_false(mock.attr[1].ah_attr.is_global);
	/* the smaller of the port's 1024 and the peer's 512 */
	assert_int_equal(mock.attr[1].path_mtu, IBV_MTU_512);
	assert_true(mock.mask[1] & IBV_QP_MIN_RNR_TIMER);
	assert_int_equal(mock.attr[2].qp_state, IBV_QPS_RTS);
	assert_int_equal(mock.attr[2].rnr_retry, 7);
	assert_int_equal(mock.attr[2].retry_cnt, 7);
	assert_int_equal(mock.attr[2].timeout, 18);
	rdma_qp_close(&qp);
	mock.modified = 0;
	spec.rnr_is_final = spec.gives_up_soon = true;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(mock.attr[2].rnr_retry, 0);
	assert_int_equal(mock.attr[2].retry_cnt, 3);
	assert_int_equal(mock.attr[2].timeout, 14);
	rdma_qp_close(&qp);
	rdma_device_close(&device);
}

/* Back to INIT, and what had completed is gone. */
static void qp__reset(void **state)
{
	/* to RESET, two polls of which the first finds a completion, to INIT */
	static const int failures[] = { -ENOMEM, -EIO, -EIO, -ENOMEM };
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8 };
	struct rdma_device device;
	struct capture c;
	struct rdma_qp qp;
	char text[512];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	mock.modified = 0;
	mock.wcs = 2;
	assert_int_equal(rdma_qp_reset(&qp), 0);
	assert_int_equal(mock.wcs, 0);
	assert_int_equal(mock.modified, 2);
	assert_int_equal(mock.attr[0].qp_state, IBV_QPS_RESET);
	assert_int_equal(mock.mask[0], IBV_QP_STATE);
	assert_int_equal(mock.attr[1].qp_state, IBV_QPS_INIT);
	for (unsigned int i = 0; i < ARRAY_SIZE(failures); i++) {
		mock.calls = 0;
		mock.wcs = 1;
		mock.fail_at = i + 1;
		mock.error = ENOMEM;
		c = capture_start(stderr);
		assert_int_equal(rdma_qp_reset(&qp), failures[i]);
		capture_end(&c, text, sizeof(text));
	}
	mock.fail_at = 0;
	qp.spec.type = QP_UD;
	c = capture_start(stderr);
	assert_int_equal(rdma_qp_reset(&qp), -EOPNOTSUPP);
	capture_end(&c, text, sizeof(text));
	assert_non_null(strstr(text, "reset a queue pair of type UD"));
	rdma_qp_close(&qp);
	rdma_device_close(&device);
}

/* One event for each time that it was asked for; it is acknowledged as it is taken. */
static void qp__events(void **state)
{
	struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8, .events = true };
	struct rdma_device device;
	struct capture c;
	struct rdma_qp qp;
	char text[512];

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_arm(&qp, true), 0);
	assert_int_equal(mock.armed, 2);
	assert_int_equal(rdma_qp_wait_event(&qp, 1), -ETIMEDOUT);
	mock_event();
	assert_int_equal(rdma_qp_wait_event(&qp, 1), 0);
	assert_int_equal(mock.events, 1);
	assert_int_equal(rdma_qp_wait_event(&qp, 0), -ETIMEDOUT);
	assert_int_equal(rdma_qp_arm(&qp, false), 0);
	assert_int_equal(mock.armed, 1);
	mock_event();
	mock.fail_at = mock.calls + 1;
	mock.error = EIO;
	c = capture_start(stderr);
	assert_int_equal(rdma_qp_wait_event(&qp, 1), -EIO);
	mock.fail_at = mock.calls + 1;
	assert_int_equal(rdma_qp_arm(&qp, false), -EIO);
	rdma_qp_close(&qp);
	spec.events = false;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_arm(&qp, false), -EINVAL);
	assert_int_equal(rdma_qp_wait_event(&qp, 1), -EINVAL);
	capture_end(&c, text, sizeof(text));
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

/* Each side's sender goes to the peer's receiver. */
static void qp__xrc_goes_one_way(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_XRC,
						  .depth = 8,
						  .path_mtu = 256 };
	struct rdma_address address;
	struct rdma_device device;
	struct rdma_qp qp;

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	rdma_qp_address(&qp, &address);
	assert_int_equal(address.qpn, 0x11);
	assert_int_equal(address.receiver_qpn, 0x22);
	assert_int_equal(address.srqn, 0x33);
	assert_int_equal(address.lid, 7);
	assert_int_equal(address.mtu_bytes, 256);
	mock.modified = 0;
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(mock.modified, 3);
	assert_int_equal(mock.attr[0].dest_qp_num, 0x44); /* our receiver, their sender */
	assert_true(mock.mask[0] & IBV_QP_MAX_DEST_RD_ATOMIC);
	assert_int_equal(mock.attr[1].dest_qp_num, 0x55);
	assert_false(mock.mask[1] & IBV_QP_MAX_DEST_RD_ATOMIC);
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(qp__each_call_that_fails, mock_setup),
	cmocka_unit_test_setup(qp__rc_states, mock_setup),
	cmocka_unit_test_setup(qp__events, mock_setup),
	cmocka_unit_test_setup(qp__reset, mock_setup),
	cmocka_unit_test_setup(qp__xrc_goes_one_way, mock_setup),
};

int main(void)
{
	return cmocka_run_group_tests_name("verbs_qp", tests, NULL, NULL);
}
