// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* find_device.c - a NIC is taken before a device of software, where both suit */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mock_verbs.h"
#include "rdma/device.h"
#include "rdma/verbs/internal.h"

/* Of mock0 and mock1. */
static const char *drivers[MOCK_DEVICES];

void __wrap_verbs_find_driver(struct rdma_device *device);

void __wrap_verbs_find_driver(struct rdma_device *device)
{
	snprintf(device->driver, sizeof(device->driver), "%s",
		 drivers[device->name[strlen("mock")] - '0']);
}

static void expect(const char *name, const char *driver)
{
	static const struct rdma_device_spec any = { .gid_index = -1 };
	struct rdma_device device;

	assert_int_equal(rdma_device_open(&device, &any), 0);
	assert_string_equal(device.name, name);
	assert_string_equal(device.driver, driver);
	rdma_device_close(&device);
	assert_int_equal(mock.open, 0);
}

static int two_that_suit(void **state)
{
	mock_reset();
	mock.odp[0] = true;
	drivers[0] = "rxe";
	drivers[1] = "mlx5";
	return 0;
}

static void nic__before_software(void **state)
{
	expect("mock1", "mlx5");
	drivers[0] = "siw";
	expect("mock1", "mlx5");
	drivers[0] = "irdma";
	expect("mock0", "irdma");
}

static void software__before_a_nic_that_does_not_suit(void **state)
{
	mock.odp[1] = false;
	expect("mock0", "rxe");
	mock.odp[1] = true;
	mock.active[1] = false;
	expect("mock0", "rxe");
}

static void first__where_none_suits(void **state)
{
	mock.odp[0] = mock.odp[1] = false;
	expect("mock0", "rxe");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nic__before_software, two_that_suit),
		cmocka_unit_test_setup(software__before_a_nic_that_does_not_suit,
				       two_that_suit),
		cmocka_unit_test_setup(first__where_none_suits, two_that_suit),
	};

	return cmocka_run_group_tests_name("find_device", tests, NULL, NULL);
}
