// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* verbs.c - the verbs transport leaves nothing open, whichever call of the library fails */
#include "rdma/device.h"

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
#include "rdma/mr.h"
#include "rdma/qp.h"
#include "rdma/verbs/gid.h"
#include "rdma/window.h"

static const struct rdma_device_spec any = { .name = "mock1", .gid_index = -1 };

static int reset(void **state)
{
	mock_reset();
	return 0;
}

static int open_and_close_device(void *data)
{
	struct rdma_device device;
	int ret = rdma_device_open(&device, data);

	if (!ret)
		rdma_device_close(&device);
	return ret;
}

static void device__each_call_that_fails(void **state)
{
	struct rdma_device_spec spec = any;
	struct capture c;
	char text[512];
	int ret;

	/* list, open, protection domain, device, capabilities, port; the GID's error is ours */
	for (unsigned int n = 1; n <= 6; n++) {
		mock_reset();
		mock.fail_at = n;
		mock.error = ENOMEM;
		c = capture_start(stderr);
		ret = open_and_close_device(&spec);
		capture_end(&c, text, sizeof(text));
		/* the device file, which is missing here, has the reason why open failed */
		assert_int_equal(ret, n == 2 ? -ENOENT : -ENOMEM);
		assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
		assert_int_equal(mock.open, 0);
	}
	mock_reset();
	assert_int_equal(open_and_close_device(&spec), 0);
	assert_int_equal(mock.open, 0);
	assert_int_equal(mock.calls, 7);
}

static void device__facts(void **state)
{
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_string_equal(device.name, "mock1");
	assert_string_equal(device.driver, "unknown");
	assert_string_equal(device.firmware, "1.2.3");
	assert_false(device.emulated);
	assert_false(device.windows_1);
	assert_true(device.windows_2);
	assert_int_equal(device.max_sge, 30);
	assert_int_equal(device.port.number, 1);
	assert_int_equal(device.port.mtu_bytes, 1024);
	assert_int_equal(device.port.max_mtu_bytes, 4096);
	assert_int_equal(device.port.lid, 7);
	assert_int_equal(device.caps.general, IBV_ODP_SUPPORT);
	assert_int_equal(device.caps.per_transport[QP_RC], IBV_ODP_SUPPORT_WRITE);
	assert_int_equal(device.caps.per_transport[QP_UC], IBV_ODP_SUPPORT_SEND);
	assert_int_equal(device.caps.per_transport[QP_UD], IBV_ODP_SUPPORT_RECV);
	assert_int_equal(device.caps.per_transport[QP_XRC], IBV_ODP_SUPPORT_READ);
	assert_false(device.caps.dc_known);
	rdma_device_close(&device);
	rdma_device_close(&device); /* is harmless */
	assert_int_equal(mock.open, 0);
}

/* The first with ODP and an active port; failing that, the first. */
static void device__the_first_that_suits(void **state)
{
	static const struct rdma_device_spec first = { .gid_index = -1 };
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &first), 0);
	assert_string_equal(device.name, "mock1");
	rdma_device_close(&device);
	mock.odp[1] = false;
	assert_int_equal(rdma_device_open(&device, &first), 0);
	assert_string_equal(device.name, "mock0");
	rdma_device_close(&device);
	mock.odp[1] = true;
	mock.active[1] = false;
	assert_int_equal(rdma_device_open(&device, &first), 0);
	assert_string_equal(device.name, "mock0");
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static void refused(const struct rdma_device_spec *spec, int error, const char *says)
{
	struct capture c = capture_start(stderr);
	struct rdma_device device;
	char text[512];
	int ret = rdma_device_open(&device, spec);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	if (!strstr(text, says))
		fail_msg("expected \"%s\", got: %s", says, text);
	assert_int_equal(mock.open, 0);
}

static void device__refused(void **state)
{
	struct rdma_device_spec spec = any;

	spec.port = 2;
	refused(&spec, -EINVAL, "mock1 has 1 ports, no port 2");
	spec.port = 0;
	spec.gid_index = 3;
	refused(&spec, -EINVAL, "no GID 3");
	spec.gid_index = -1;
	mock.active[1] = false;
	refused(&spec, -ENETDOWN, "no active port");
	spec.name = "absent";
	refused(&spec, -ENODEV, "absent");
	mock.devices = 0;
	spec.name = NULL;
	refused(&spec, -ENODEV, "no RDMA device");
}

/* RoCE: the RoCE v2 entry with an IPv4 address; elsewhere, or where there is none, entry 0. */
static void device__gid(void **state)
{
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(device.gid_index, 0);
	rdma_device_close(&device);
	mock.ethernet = true;
	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(device.gid_index, 2);
	assert_int_equal(device.gid[0], 2);
	rdma_device_close(&device);
	mock.gid_type = IBV_GID_TYPE_ROCE_V1;
	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(device.gid_index, 0);
	rdma_device_close(&device);
}

/* ---- queue pairs ---- */

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

	assert_int_equal(rdma_device_open(&qp_case.device, &any), 0);
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

	assert_int_equal(rdma_device_open(&device, &any), 0);
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

	assert_int_equal(rdma_device_open(&device, &any), 0);
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

/* Each side's sender goes to the peer's receiver. */
static void qp__xrc_goes_one_way(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_XRC,
						  .depth = 8,
						  .path_mtu = 256 };
	struct rdma_address address;
	struct rdma_device device;
	struct rdma_qp qp;

	assert_int_equal(rdma_device_open(&device, &any), 0);
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

/* ---- regions and windows ---- */

static int register_and_deregister(void *data)
{
	struct rdma_mr mr = { 0 };
	char memory[64];
	int ret = rdma_mr_reg(&mr, data, memory, sizeof(memory), MR_ODP, MR_LOCAL_WRITE);

	if (!ret)
		rdma_mr_dereg(&mr);
	return ret;
}

static void mr__each_call_that_fails(void **state)
{
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &any), 0);
	fail_each_call(register_and_deregister, &device, true, 1);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static void mr__mode_and_rights(void **state)
{
	static const struct {
		enum mr_mode mode;
		unsigned int access;
		int flags;
	} rows[] = {
		{ MR_PINNED, MR_LOCAL_WRITE, IBV_ACCESS_LOCAL_WRITE },
		{ MR_ODP, MR_REMOTE_READ, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_READ },
		{ MR_ODP, MR_REMOTE_WRITE | MR_LOCAL_WRITE,
		  IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_WRITE |
			  IBV_ACCESS_LOCAL_WRITE },
		{ MR_ODP, MR_REMOTE_ATOMIC,
		  IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_ATOMIC },
		{ MR_ODP, MR_BIND, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_MW_BIND },
		{ MR_ODP, MR_RELAXED,
		  IBV_ACCESS_ON_DEMAND | IBV_ACCESS_RELAXED_ORDERING },
		{ MR_ODP, MR_HUGE_PAGES, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_HUGETLB },
	};
	struct rdma_device device;
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &any), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdma_mr mr = { 0 };

		assert_int_equal(rdma_mr_reg(&mr, &device, memory, sizeof(memory),
					     rows[i].mode, rows[i].access),
				 0);
		assert_int_equal(mock.access, rows[i].flags);
		assert_int_equal(mock.length, sizeof(memory));
		assert_int_equal(mr.lkey, 0x100);
		assert_int_equal(mr.rkey, 0x200);
		assert_int_equal(mr.mode, rows[i].mode);
		rdma_mr_dereg(&mr);
	}
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static void mr__implicit_covers_the_address_space(void **state)
{
	struct rdma_device device;
	struct rdma_mr mr = { 0 };
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, sizeof(memory),
				     MR_ODP_IMPLICIT, MR_LOCAL_WRITE),
			 0);
	assert_true(mock.length == SIZE_MAX);
	assert_true(mr.remote_addr == (uintptr_t)memory);
	rdma_mr_dereg(&mr);
	assert_int_equal(rdma_mr_reg_at(&mr, &device, memory, sizeof(memory), 0x9000,
					MR_LOCAL_WRITE),
			 0);
	assert_true(mock.iova == 0x9000 && mr.remote_addr == 0x9000);
	rdma_mr_dereg(&mr);
	rdma_device_close(&device);
}

static void mr__reregistered(void **state)
{
	struct rdma_device device;
	struct rdma_mr mr = { 0 };
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, MR_LOCAL_WRITE),
			 0);
	assert_int_equal(rdma_mr_rereg(&mr, MR_REMOTE_READ), 0);
	assert_int_equal(mock.access, IBV_ACCESS_ON_DEMAND | IBV_ACCESS_REMOTE_READ);
	assert_int_equal(mr.rkey, 0x201);
	mock.fail_at = mock.calls + 1;
	mock.error = EPERM;
	assert_int_equal(rdma_mr_rereg(&mr, MR_LOCAL_WRITE), -EPERM);
	assert_int_equal(mr.rkey, 0x201);
	rdma_mr_dereg(&mr);
	rdma_device_close(&device);
}

static void mr__advice(void **state)
{
	static const enum ibv_advise_mr_advice advices[] = {
		[MR_PREFETCH] = IBV_ADVISE_MR_ADVICE_PREFETCH,
		[MR_PREFETCH_WRITE] = IBV_ADVISE_MR_ADVICE_PREFETCH_WRITE,
		[MR_PREFETCH_NO_FAULT] = IBV_ADVISE_MR_ADVICE_PREFETCH_NO_FAULT,
	};
	const struct rdma_sge ranges[] = { { 0x1000, 0x2000, 3 }, { 0x4000, 0x5000, 6 } };
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &any), 0);
	for (unsigned int i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		bool sync = i % 2;

		assert_int_equal(
			rdma_mr_advise(&device, (enum mr_advice)i, sync, ranges, 2), 0);
		assert_int_equal(mock.advice, advices[i]);
		assert_int_equal(mock.advise_flags, sync ? IBV_ADVISE_MR_FLAG_FLUSH : 0);
		assert_int_equal(mock.advised, 2);
		assert_int_equal(mock.sge[1].addr, 0x4000);
		assert_int_equal(mock.sge[1].length, 0x5000);
		assert_int_equal(mock.sge[1].lkey, 6);
	}
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, true, ranges, 1000),
			 -E2BIG);
	mock.fail_at = mock.calls + 1;
	mock.error = EBUSY;
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, true, ranges, 1), -EBUSY);
	rdma_device_close(&device);
}

static void window__keys(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 8 };
	struct rdma_device device;
	struct rdma_window window;
	struct rdma_mr mr = { 0 };
	struct rdma_qp qp;
	char memory[64];

	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, MR_LOCAL_WRITE),
			 0);
	assert_int_equal(rdma_window_open(&window, &device, WINDOW_TYPE_2), 0);
	/* each bind of type 2 takes the next key of 256 */
	assert_int_equal(rdma_window_bind(&window, &qp, &mr, 0x1000, 16, 5), 0);
	assert_int_equal(mock.send.opcode, IBV_WR_BIND_MW);
	assert_int_equal(mock.send.wr_id, 5);
	assert_int_equal(mock.send.bind_mw.bind_info.addr, 0x1000);
	assert_int_equal(mock.send.bind_mw.bind_info.length, 16);
	assert_int_equal(window.rkey, 0x501);
	assert_int_equal(rdma_window_invalidate(&window, &qp, &mr, 6), 0);
	assert_int_equal(mock.send.opcode, IBV_WR_LOCAL_INV);
	assert_int_equal(mock.send.invalidate_rkey, 0x501);
	rdma_window_close(&window);
	assert_int_equal(rdma_window_open(&window, &device, WINDOW_TYPE_1), 0);
	assert_int_equal(rdma_window_bind(&window, &qp, &mr, 0x2000, 32, 7), 0);
	assert_int_equal(mock.bind.wr_id, 7);
	assert_int_equal(mock.bind.bind_info.length, 32);
	assert_int_equal(window.rkey, 0x501);
	/* invalidated by a bind to nothing */
	assert_int_equal(rdma_window_invalidate(&window, &qp, &mr, 8), 0);
	assert_int_equal(mock.bind.bind_info.length, 0);
	rdma_window_close(&window);
	rdma_mr_dereg(&mr);
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(device__each_call_that_fails, reset),
	cmocka_unit_test_setup(device__facts, reset),
	cmocka_unit_test_setup(device__the_first_that_suits, reset),
	cmocka_unit_test_setup(device__refused, reset),
	cmocka_unit_test_setup(device__gid, reset),
	cmocka_unit_test_setup(qp__each_call_that_fails, reset),
	cmocka_unit_test_setup(qp__rc_states, reset),
	cmocka_unit_test_setup(qp__reset, reset),
	cmocka_unit_test_setup(qp__xrc_goes_one_way, reset),
	cmocka_unit_test_setup(mr__each_call_that_fails, reset),
	cmocka_unit_test_setup(mr__mode_and_rights, reset),
	cmocka_unit_test_setup(mr__implicit_covers_the_address_space, reset),
	cmocka_unit_test_setup(mr__reregistered, reset),
	cmocka_unit_test_setup(mr__advice, reset),
	cmocka_unit_test_setup(window__keys, reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("verbs", tests, NULL, NULL);
}
