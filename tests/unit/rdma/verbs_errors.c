// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * verbs_errors.c - what the verbs transport makes of errors that are not simply returned
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"
#include "fail_each_call.h"
#include "mock_verbs.h"
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "rdma/transport.h"
#include "rdma/window.h"

static struct rdma_device device;
static char text[1024];

static int setup(void **state)
{
	mock_reset();
	return rdma_device_open(&device, &mock_spec);
}

static int teardown(void **state)
{
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	return 0;
}

static void next_fails(int error)
{
	mock.fail_at = mock.calls + 1;
	mock.error = error;
}

/* ---- devices ---- */

/* Call @n of the library fails with @error as any device is opened. */
static int open_any(unsigned int n, int error)
{
	struct capture c = capture_start(stderr);
	int ret;

	mock.fail_at = n;
	mock.error = error;
	ret = rdma_device_open_portless(&device, NULL);
	capture_end(&c, text, sizeof(text));
	return ret;
}

/* Without uverbs the library has no list, which is no other error than an empty one. */
static void device__no_uverbs(void **state)
{
	assert_int_equal(open_any(1, ENOSYS), -ENODEV);
	assert_non_null(strstr(text, "no RDMA device; load its driver"));
	mock_reset();
	assert_int_equal(open_any(1, EMFILE), -EMFILE);
	assert_non_null(strstr(text, "list RDMA devices"));
}

/* One that cannot be opened is passed over, unless it was asked for. */
static void device__that_cannot_be_opened(void **state)
{
	mock.odp[0] = mock.odp[1] = true;
	assert_int_equal(open_any(2, EACCES), 0);
	assert_string_equal(device.name, "mock1");
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	mock_reset();
	assert_int_equal(open_any(4, EACCES), 0);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	mock_reset();
	mock.devices = 1;
	mock.active[0] = false;
	assert_int_equal(open_any(0, 0), 0); /* which needs no port */
	assert_string_equal(device.name, "mock0");
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

/* ---- regions ---- */

static int register_at(void *data)
{
	struct rdma_mr mr = { 0 };
	int ret = rdma_mr_reg_at(&mr, &device, data, 64, 0x9000, MR_LOCAL_WRITE);

	if (!ret)
		rdma_mr_dereg(&mr);
	return ret;
}

static void mr__at_another_address(void **state)
{
	struct rdma_device other = device;
	struct rdma_mr mr = { 0 };
	char memory[64];

	fail_each_call(register_at, memory, true, 1);
	other.ops = &ofi_transport;
	assert_int_equal(rdma_mr_reg_at(&mr, &other, memory, 64, 0x9000, 0), -EOPNOTSUPP);
	assert_null(mr.private);
}

/* Some paths of the library leave errno alone, also one that was set before. */
static void mr__error_without_errno(void **state)
{
	static const struct mr_change change = { MR_CHANGE_ACCESS, MR_LOCAL_WRITE,
						 MR_ODP };
	struct rdma_mr mr = { .private = &mr };
	char memory[64];

	next_fails(0);
	errno = EBUSY;
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, 0), -EINVAL);
	assert_null(mr.private);
	rdma_mr_dereg(&mr); /* is harmless */
	next_fails(0);
	errno = EBUSY;
	assert_int_equal(rdma_mr_reg_at(&mr, &device, memory, 64, 0x9000, 0), -EINVAL);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, 0), 0);
	next_fails(0);
	errno = EBUSY;
	assert_int_equal(rdma_mr_rereg(&mr, &device, &change), -EINVAL);
	rdma_mr_dereg(&mr);
}

/* ---- windows ---- */

struct window_case {
	enum window_type type;
	struct rdma_window window;
	struct rdma_mr mr;
	struct rdma_qp qp;
};

static int open_window(void *data)
{
	struct window_case *w = data;
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 4 };
	int ret = rdma_qp_open(&w->qp, &device, &spec);

	if (ret)
		return ret;
	ret = rdma_window_open(&w->window, &device, w->type);
	if (ret)
		rdma_qp_close(&w->qp);
	return ret;
}

static void close_window(struct window_case *w)
{
	rdma_window_close(&w->window);
	rdma_qp_close(&w->qp);
}

static int open_and_close_window(void *data)
{
	int ret = open_window(data);

	if (!ret)
		close_window(data);
	return ret;
}

/* The caller knows what it asked for. */
static int bind_and_invalidate(void *data)
{
	struct window_case *w = data;
	int ret = rdma_window_bind(&w->window, &w->qp, &w->mr, 0x1000, 64, 1);

	return ret ? ret : rdma_window_invalidate(&w->window, &w->qp, &w->mr, 2);
}

static void window__each_call_that_fails(void **state)
{
	struct window_case w = { 0 };
	char memory[64];

	assert_int_equal(rdma_mr_reg(&w.mr, &device, memory, 64, MR_ODP, MR_BIND), 0);
	for (unsigned int type = WINDOW_TYPE_1; type <= WINDOW_TYPE_2; type++) {
		w.type = (enum window_type)type;
		/* both queues, INIT, window */
		fail_each_call(open_and_close_window, &w, false, 4);
		assert_int_equal(open_window(&w), 0);
		fail_each_call(bind_and_invalidate, &w, true, 2);
		close_window(&w);
	}
	rdma_mr_dereg(&w.mr);
}

/* A bind that was refused has not taken a key. */
static void window__keeps_its_key(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 4 };
	struct rdma_window window = { 0 };
	struct rdma_mr mr = { 0 };
	struct rdma_qp qp;
	struct capture c;
	int ret;

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_window_open(&window, &device, WINDOW_TYPE_2), 0);
	next_fails(EINVAL);
	c = capture_start(stderr);
	ret = rdma_window_bind(&window, &qp, &mr, 0x1000, 64, 1);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	assert_int_equal(window.rkey, 0x500);
	rdma_window_close(&window);
	rdma_qp_close(&qp);
}

/* ---- queue pairs ---- */

/* Path MTUs are powers of two from 256: the largest that is not above either side's. */
static void qp__path_mtu(void **state)
{
	static const struct {
		uint32_t bytes;
		enum ibv_mtu mtu;
	} rows[] = {
		{ 0, IBV_MTU_256 },	{ 256, IBV_MTU_256 },  { 511, IBV_MTU_256 },
		{ 512, IBV_MTU_512 },	{ 1023, IBV_MTU_512 }, { 1024, IBV_MTU_1024 },
		{ 4096, IBV_MTU_1024 }, /* ours is 1024 */
	};
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 4 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct rdma_address peer = { .mtu_bytes = rows[i].bytes };
		struct rdma_qp qp;

		mock.modified = 0;
		device.port.mtu_bytes = 1024;
		assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
		assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
		assert_int_equal(mock.attr[1].path_mtu, rows[i].mtu);
		rdma_qp_close(&qp);
	}
}

/* RoCE is addressed by GID, from the entry that was chosen. */
static void qp__way_over_ethernet(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 4 };
	const struct rdma_address peer = { .mtu_bytes = 1024, .gid = { 1, 2, 3 } };
	struct rdma_qp qp;

	device.port.ethernet = true;
	device.gid_index = 2;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &peer), 0);
	assert_int_equal(mock.attr[1].ah_attr.is_global, 1);
	assert_int_equal(mock.attr[1].ah_attr.port_num, 1);
	assert_int_equal(mock.attr[1].ah_attr.grh.sgid_index, 2);
	assert_int_equal(mock.attr[1].ah_attr.grh.hop_limit, 64);
	assert_memory_equal(mock.attr[1].ah_attr.grh.dgid.raw, peer.gid,
			    sizeof(peer.gid));
	rdma_qp_close(&qp);
}

/*
 * What the device has, and what a queue pair of each type gets after so many were
 * refused.
 */
static void qp__of_a_device_that_has_less(void **state)
{
	static const struct {
		uint32_t sges, inline_bytes, refused, gets_sges;
	} rows[] = {
		{ 30, 124, 0, QP_SGES },
		{ 30, QP_INLINE, 0, QP_SGES },
		{ 30, 60, 1, QP_SGES },
		{ 30, 0, 1, QP_SGES },
		{ QP_SGES, 0, 1, QP_SGES },
		{ 2, QP_INLINE, 0, 2 },
		{ 2, 0, 1, 2 },
	};
	static const enum qp_type types[] = { QP_RC, QP_UD, QP_XRC };

	for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(types); i++) {
		const struct rdma_qp_spec spec = { .type = types[i % ARRAY_SIZE(types)],
						   .depth = 4 };
		const size_t row = i / ARRAY_SIZE(types);
		struct rdma_qp qp;

		device.max_sge = mock.sges = rows[row].sges;
		/* mlx5: one piece fewer than a receive queue */
		device.max_srq_sge = device.max_sge - 1;
		mock.inline_bytes = rows[row].inline_bytes;
		mock.qps_asked = 0;
		assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
		/* a queue pair of XRC that receives is one more */
		assert_int_equal(mock.qps_asked,
				 rows[row].refused + 1 + (spec.type == QP_XRC));
		assert_int_equal(qp.sges, rows[row].gets_sges);
		assert_int_equal(qp.inline_bytes, rows[row].inline_bytes);
		if (spec.type == QP_XRC)
			assert_int_equal(mock.srq_sges,
					 size_min(QP_SGES, device.max_srq_sge));
		rdma_qp_close(&qp);
	}
}

/*
 * libmlx5 takes fewer pieces than the driver says where a request has much else to hold.
 */
static void qp__of_one_piece(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 4 };
	struct capture c;
	struct rdma_qp qp;
	int ret;

	mock.sges = 3;
	mock.inline_bytes = 60;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(mock.qps_asked, 3);
	assert_int_equal(qp.sges, 1);
	assert_int_equal(qp.inline_bytes, 60);
	assert_int_equal(mock.made.cap.max_send_wr, 4);
	assert_int_equal(mock.made.cap.max_recv_wr, 4);
	assert_int_equal(mock.made.cap.max_recv_sge, 1);
	rdma_qp_close(&qp);
	mock.sges = 0;
	c = capture_start(stderr);
	ret = rdma_qp_open(&qp, &device, &spec);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -EINVAL);
	assert_non_null(strstr(text, "RC queue pair of depth 4: Invalid argument"));
}

/* More inline data than usual, for a request that is itself long */
static void qp__with_much_inline_data(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC,
						  .depth = 4,
						  .inline_bytes = 100 };
	struct rdma_qp qp;

	for (unsigned int refused = 0; refused < 2; refused++) {
		mock.inline_bytes = 100 - refused;
		mock.qps_asked = 0;
		assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
		assert_int_equal(mock.qps_asked, 1 + refused);
		assert_int_equal(qp.inline_bytes, 100 - refused);
		rdma_qp_close(&qp);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(device__no_uverbs, mock_setup),
	cmocka_unit_test_setup(device__that_cannot_be_opened, mock_setup),
	TEST(mr__at_another_address),
	TEST(mr__error_without_errno),
	TEST(window__each_call_that_fails),
	TEST(window__keeps_its_key),
	TEST(qp__path_mtu),
	TEST(qp__way_over_ethernet),
	TEST(qp__of_a_device_that_has_less),
	TEST(qp__of_one_piece),
	TEST(qp__with_much_inline_data),
};

int main(void)
{
	return cmocka_run_group_tests_name("verbs_errors", tests, NULL, NULL);
}
