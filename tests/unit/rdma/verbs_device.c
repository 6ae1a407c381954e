// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * verbs_device.c - the device that the verbs transport opens, what it reports, and what
 * it refuses
 */
#include "rdma/device.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "mock_verbs.h"

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
	struct rdma_device_spec spec = mock_spec;
	struct capture c;
	char text[512];
	int ret;

	/*
	 * list, open, protection domain, device, capabilities, port; the GID's error is
	 * ours
	 */
	for (unsigned int n = 1; n <= 6; n++) {
		mock_reset();
		mock.fail_at = n;
		mock.error = ENOMEM;
		c = capture_start(stderr);
		ret = open_and_close_device(&spec);
		capture_end(&c, text, sizeof(text));
		/*
		 * the device file, which is missing here, has the reason why open failed
		 */
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

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_string_equal(device.name, "mock1");
	assert_string_equal(device.driver, "unknown");
	assert_string_equal(device.firmware, "1.2.3");
	assert_false(device.emulated);
	assert_false(device.windows_1);
	assert_true(device.windows_2);
	assert_int_equal(device.max_sge, 30);
	assert_int_equal(device.max_srq_sge, 29);
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
	struct rdma_device_spec spec = mock_spec;

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

/*
 * RoCE: the RoCE v2 entry with an IPv4 address; elsewhere, or where there is none, entry
 * 0.
 */
static void device__gid(void **state)
{
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(device.gid_index, 0);
	rdma_device_close(&device);
	mock.ethernet = true;
	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(device.gid_index, 2);
	assert_int_equal(device.gid[0], 2);
	rdma_device_close(&device);
	mock.gid_type = IBV_GID_TYPE_ROCE_V1;
	assert_int_equal(rdma_device_open(&device, &mock_spec), 0);
	assert_int_equal(device.gid_index, 0);
	rdma_device_close(&device);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(device__each_call_that_fails, mock_setup),
	cmocka_unit_test_setup(device__facts, mock_setup),
	cmocka_unit_test_setup(device__the_first_that_suits, mock_setup),
	cmocka_unit_test_setup(device__refused, mock_setup),
	cmocka_unit_test_setup(device__gid, mock_setup),
};

int main(void)
{
	return cmocka_run_group_tests_name("verbs_device", tests, NULL, NULL);
}
