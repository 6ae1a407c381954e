// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * ofi.c - the transport over libfabric: its choice of a provider, and what failures leave
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fail_each_call.h"
#include "mock_ofi.h"
#include "rdma/device.h"
#include "rdma/mr.h"
#include "rdma/ofi/internal.h"
#include "rdma/qp.h"

static const struct rdma_device_spec any = { .transport = "ofi", .gid_index = -1 };
static struct rdma_device device;

static int reset(void **state)
{
	mock_ofi_reset();
	return 0;
}

static int setup(void **state)
{
	mock_ofi_reset();
	return rdma_device_open(&device, &any);
}

static int teardown(void **state)
{
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
	return 0;
}

/* ---- devices ---- */

static int open_and_close_device(void *data)
{
	int ret = rdma_device_open(&device, data);

	if (!ret)
		rdma_device_close(&device);
	else
		assert_null(device.ops);
	return ret;
}

static void device__each_call_that_fails(void **state)
{
	struct rdma_device_spec spec = any;

	fail_each_call(open_and_close_device, &spec, false, 2); /* fabric, domain */
}

static void device__of_the_host(void **state)
{
	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_string_equal(device.name, "domain0");
	assert_string_equal(device.driver, "mock"); /* without the layer above it */
	assert_true(device.cpu_faults);
	assert_true(device.commits);
	assert_int_equal(device.modes, 1 << MR_ODP);
	assert_int_equal(device.caps.per_transport[QP_RC],
			 ODP_SEND | ODP_RECV | ODP_WRITE | ODP_READ | ODP_ATOMIC);
	rdma_device_close(&device);
	rdma_device_close(&device); /* is harmless */
	assert_int_equal(mock.open, 0);
}

/*
 * A provider is asked for the most first, and what it lacks is given up, piece by piece.
 */
static void device__of_a_provider_with_less(void **state)
{
	static const struct {
		uint64_t caps, complete;
		enum fi_ep_type type;
		uint64_t completes;
	} rows[] = {
		{ FI_ATOMIC, FI_DELIVERY_COMPLETE, FI_EP_MSG, FI_DELIVERY_COMPLETE },
		{ FI_ATOMIC, FI_TRANSMIT_COMPLETE, FI_EP_MSG, FI_TRANSMIT_COMPLETE },
		{ 0, FI_DELIVERY_COMPLETE, FI_EP_MSG, FI_DELIVERY_COMPLETE },
		{ 0, FI_TRANSMIT_COMPLETE, FI_EP_MSG, FI_TRANSMIT_COMPLETE },
		{ FI_ATOMIC, FI_DELIVERY_COMPLETE, FI_EP_RDM, FI_DELIVERY_COMPLETE },
		{ 0, FI_DELIVERY_COMPLETE, FI_EP_RDM, FI_DELIVERY_COMPLETE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ofi_device *own;

		ofi.caps = FI_MSG | FI_RMA | rows[i].caps;
		ofi.complete = rows[i].complete;
		ofi.type = rows[i].type;
		assert_int_equal(rdma_device_open(&device, &any), 0);
		own = device.private;
		assert_true(own->complete == rows[i].completes);
		assert_false(device.commits);
		assert_int_equal(device.caps.per_transport[QP_RC] & ODP_ATOMIC,
				 rows[i].caps ? ODP_ATOMIC : 0);
		rdma_device_close(&device);
	}
	assert_int_equal(mock.open, 0);
}

static void device__of_a_domain(void **state)
{
	const struct rdma_device_spec spec = { .transport = "ofi:tcp",
					       .name = "domain1",
					       .gid_index = -1 };

	assert_int_equal(rdma_device_open(&device, &spec), 0);
	assert_string_equal(device.name, "domain1");
	assert_string_equal(ofi.provider, "tcp");
	rdma_device_close(&device);
}

static void refused(const struct rdma_device_spec *spec, int error, const char *says)
{
	struct capture c = capture_start(stderr);
	char text[512];
	int ret = rdma_device_open(&device, spec);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	if (!strstr(text, says))
		fail_msg("expected \"%s\", got: %s", says, text);
	assert_int_equal(mock.open, 0);
	assert_null(device.ops);
}

static void device__refused(void **state)
{
	struct rdma_device_spec spec = any;

	spec.port = 1;
	refused(&spec, -EINVAL, "--ib-port and --gid-index");
	spec.port = 0;
	spec.gid_index = 0;
	refused(&spec, -EINVAL, "--ib-port and --gid-index");
	spec.gid_index = -1;
	spec.name = "domain2";
	refused(&spec, -ENOENT, "--device domain2");
	spec.name = NULL;
	ofi.infos = 0;
	refused(&spec, -ENODEV, "provider of its choice is unknown here");
	spec.transport = "ofi:tcp";
	refused(&spec, -ENOENT, "provider tcp is unknown here");
	ofi.getinfo_error = EPERM;
	refused(&spec, -EIO, "fi_getinfo: Operation not permitted");
	ofi.getinfo_error = 0;
	ofi.infos = 1;
	ofi.key_size = 5;
	refused(&spec, -EOPNOTSUPP, "chooses keys of 5 bytes");
	ofi.mr_mode = FI_MR_VIRT_ADDR; /* which chooses none */
	assert_int_equal(open_and_close_device(&spec), 0);
}

/* ---- queue pairs ---- */

struct qp_case {
	enum fi_ep_type type;
	bool listens;
	unsigned int calls;
};

static int open_and_close_qp(void *data)
{
	static const struct rdma_address peer = { .name = "there", .name_len = 6 };
	const struct qp_case *qp_case = data;
	struct rdma_qp_spec spec = { .type = QP_RC,
				     .depth = 4,
				     .listens = qp_case->listens };
	struct rdma_qp qp;
	int ret = rdma_qp_open(&qp, &device, &spec);

	if (ret) {
		assert_false(rdma_qp_is_open(&qp));
		return ret;
	}
	ret = rdma_qp_connect(&qp, &peer);
	rdma_qp_close(&qp);
	return ret;
}

static void qp__each_call_that_fails(void **state)
{
	static const struct qp_case rows[] = {
		/* both queues, endpoint, two binds, enable, connect, event */
		{ FI_EP_MSG, false, 8 },
		/*
		 * both queues, endpoint, bind, listen;
		 * event, endpoint, two binds, enable, accept, event
		 */
		{ FI_EP_MSG, true, 12 },
		/* queue, vector, endpoint, two binds, enable, insert */
		{ FI_EP_RDM, false, 7 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct qp_case qp_case = rows[i];

		mock_ofi_reset();
		ofi.type = rows[i].type;
		assert_int_equal(rdma_device_open(&device, &any), 0);
		fail_each_call(open_and_close_qp, &qp_case, false, rows[i].calls);
		assert_int_equal(mock.calls, rows[i].calls);
		if (!rows[i].listens)
			assert_string_equal((char *)ofi.peer, "there");
		rdma_device_close(&device);
		assert_int_equal(mock.open, 0);
	}
}

static void qp__is_not_connected(void **state)
{
	static const struct rdma_address nameless,
		there = { .name_len = 6 }, long_name = { .name_len = ADDRESS_NAME + 1 };
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 2 };
	struct rdma_address address;
	struct capture c;
	struct rdma_qp qp;
	char text[2048];
	int ret[4];

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	ofi.refused_by = FI_SHUTDOWN;
	c = capture_start(stderr);
	assert_int_equal(rdma_qp_post(&qp, &(struct rdma_op){ .opcode = RDMA_WRITE }),
			 -ENOTCONN);
	ret[0] = rdma_qp_connect(&qp, &nameless);
	ret[1] = rdma_qp_connect(&qp, &long_name);
	for (int i = 0; i < 9; i++) /* more than there are receives */
		ret[2] = rdma_qp_post_recv(&qp, NULL, 0, 0);
	rdma_qp_address(&qp, &address);
	ret[3] = rdma_qp_connect(&qp, &there);
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret[0], -EADDRNOTAVAIL);
	assert_int_equal(ret[1], -EADDRNOTAVAIL);
	assert_int_equal(ret[2], -ENOTCONN);
	assert_int_equal(address.name_len, 0);
	assert_int_equal(ret[3], -ECONNREFUSED);
	assert_non_null(strstr(text, "libfabric's connection: event 3"));
	rdma_qp_close(&qp);
}

static void qp__of_a_provider_with_less(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 2 };
	struct rdma_qp qp;

	ofi.iov_limit = 3;
	ofi.inject_size = 60;
	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(qp.sges, 3);
	assert_int_equal(qp.inline_bytes, 60);
	rdma_qp_close(&qp);
	rdma_device_close(&device);
	ofi.iov_limit = 30;
	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(qp.sges, QP_SGES);
	rdma_qp_close(&qp);
	rdma_device_close(&device);
}

static void qp__of_the_side_that_listens(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC,
						  .depth = 2,
						  .listens = true };
	struct rdma_address address = { .name_len = 77 };
	struct rdma_qp qp;

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	assert_int_equal(rdma_qp_connect(&qp, &address), 0);
	rdma_qp_address(&qp, &address);
	assert_int_equal(address.name_len, 5);
	assert_string_equal((char *)address.name, "name");
	rdma_qp_close(&qp);
}

/* A signal is no event; a request that comes too late is given back. */
static void qp__connected_in_spite_of_signals(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC, .depth = 2 };
	static const struct rdma_address there = { .name_len = 5, .name = "there" };
	struct rdma_qp qp;

	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	ofi.signals = 2;
	assert_int_equal(rdma_qp_connect(&qp, &there), 0);
	assert_int_equal(ofi.signals, 0);
	ofi.late_request = true;
	rdma_qp_close(&qp);
	assert_false(ofi.late_request);
}

/* Its thread does not wait for the peer any longer. */
static void qp__closed_before_the_peer_came(void **state)
{
	static const struct rdma_qp_spec spec = { .type = QP_RC,
						  .depth = 2,
						  .listens = true };
	struct rdma_qp qp;

	ofi.silent = true;
	assert_int_equal(rdma_qp_open(&qp, &device, &spec), 0);
	rdma_qp_close(&qp);
}

static void qp__of_another_kind(void **state)
{
	static const struct rdma_qp_spec rows[] = {
		{ .type = QP_UD, .depth = 2 },
		{ .type = QP_RC, .depth = 2, .shared_receive = true },
		{ .type = QP_RC, .depth = 2, .rnr_is_final = true },
		{ .type = QP_RC, .depth = 2, .path_mtu = 256 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capture c = capture_start(stderr);
		struct rdma_qp qp;
		char text[256];
		int ret = rdma_qp_open(&qp, &device, &rows[i]);

		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, -EOPNOTSUPP);
		assert_non_null(strstr(text, "plain RC queue pairs only"));
	}
}

/* ---- regions ---- */

static int register_and_deregister(void *data)
{
	struct rdma_mr mr = { 0 };
	int ret = rdma_mr_reg(&mr, &device, data, 64, MR_ODP, MR_LOCAL_WRITE);

	if (!ret)
		rdma_mr_dereg(&mr);
	return ret;
}

static void mr__each_call_that_fails(void **state)
{
	char memory[64];

	fail_each_call(register_and_deregister, memory, true, 1);
}

/* fi_mr(3): what the device may do to it, and what it may be the source of. */
static void mr__rights_and_keys(void **state)
{
	static const struct {
		unsigned int access;
		uint64_t fi;
	} rows[] = {
		{ 0, FI_SEND | FI_WRITE },
		{ MR_LOCAL_WRITE, FI_SEND | FI_WRITE | FI_RECV | FI_READ },
		{ MR_REMOTE_WRITE, FI_SEND | FI_WRITE | FI_REMOTE_WRITE },
		{ MR_REMOTE_READ, FI_SEND | FI_WRITE | FI_REMOTE_READ },
		{ MR_REMOTE_ATOMIC,
		  FI_SEND | FI_WRITE | FI_REMOTE_WRITE | FI_REMOTE_READ },
	};
	struct rdma_mr mr[5] = { 0 };
	char memory[64];

	for (unsigned int i = 0; i < 5; i++) {
		assert_int_equal(rdma_mr_reg(&mr[i], &device, memory, 64, MR_ODP,
					     rows[i].access),
				 0);
		assert_true(ofi.access == rows[i].fi);
		assert_int_equal(mr[i].lkey, i + 1); /* no two are the same */
		assert_int_equal(mr[i].rkey, i + 1);
		assert_true(mr[i].remote_addr == (uintptr_t)memory);
	}
	/* in any order */
	for (unsigned int i = 0; i < 5; i++)
		rdma_mr_dereg(&mr[(i + 2) % 5]);
	assert_null(((struct ofi_device *)device.private)->mrs);
}

static void mr__of_another_mode(void **state)
{
	struct ofi_device *own = device.private;
	struct rdma_mr mr = { 0 };
	char memory[64];

	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP_IMPLICIT, 0),
			 -EOPNOTSUPP);
	own->on_demand = false;
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_ODP, 0), -EOPNOTSUPP);
	own->info->domain_attr->mr_mode = 0;
	assert_int_equal(rdma_mr_reg(&mr, &device, memory, 64, MR_PINNED, 0), 0);
	assert_int_equal(mr.remote_addr, 0); /* the peer counts from its first byte */
	assert_int_equal(rdma_mr_rereg(&mr, &device, NULL), -EOPNOTSUPP);
	assert_int_equal(rdma_mr_advise(&device, MR_PREFETCH, true, NULL, 0),
			 -EOPNOTSUPP);
	rdma_mr_dereg(&mr);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(device__each_call_that_fails, reset),
	cmocka_unit_test_setup(device__of_the_host, reset),
	cmocka_unit_test_setup(device__of_a_provider_with_less, reset),
	cmocka_unit_test_setup(device__of_a_domain, reset),
	cmocka_unit_test_setup(device__refused, reset),
	cmocka_unit_test_setup(qp__each_call_that_fails, reset),
	cmocka_unit_test_setup(qp__of_a_provider_with_less, reset),
	TEST(qp__is_not_connected),
	TEST(qp__of_the_side_that_listens),
	TEST(qp__connected_in_spite_of_signals),
	TEST(qp__closed_before_the_peer_came),
	TEST(qp__of_another_kind),
	TEST(mr__each_call_that_fails),
	TEST(mr__rights_and_keys),
	TEST(mr__of_another_mode),
};

int main(void)
{
	return cmocka_run_group_tests_name("ofi", tests, NULL, NULL);
}
