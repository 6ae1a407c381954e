// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* devx.c - ODP capabilities that a device reports by DEVX, and those of DC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "mock_mlx5.h"

/* Bits of struct mlx5_ifc_odp_cap_bits, counted from the first of the first byte. */
static void set_bit(unsigned int bit)
{
	mlx5.caps[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

static struct odp_caps query(void)
{
	rdma_device_close(&mlx5_device);
	assert_int_equal(rdma_device_open(&mlx5_device, &mock_spec), 0);
	return mlx5_device.caps;
}

static void caps__of_the_scheme_in_force(void **state)
{
	enum { MEMORY = 0x200, RC = 0x80, UD = 0xc0, DC = 0x100 };
	struct odp_caps caps;

	set_bit(RC);		  /* SEND */
	set_bit(UD + 1);	  /* RECV */
	set_bit(MEMORY + RC + 2); /* WRITE */
	set_bit(MEMORY + DC + 4); /* ATOMIC */
	set_bit(MEMORY + 0x45);
	caps = query();
	assert_int_equal(caps.hca.error, 0);
	assert_int_equal(mlx5.query[0] << 8 | mlx5.query[1], 0x100);
	assert_int_equal(mlx5.query[6] << 8 | mlx5.query[7], 5);
	assert_int_equal(caps.hca.scheme, FAULT_SCHEME_TRANSPORT);
	assert_false(caps.hca.prefetch);
	assert_int_equal(caps.hca.per_transport[QP_RC], ODP_SEND);
	assert_int_equal(caps.hca.per_transport[QP_UD], ODP_RECV);
	assert_int_equal(caps.hca.per_transport[QP_DC], 0);
	set_bit(0x600);
	caps = query();
	assert_int_equal(caps.hca.scheme, FAULT_SCHEME_MEMORY);
	assert_true(caps.hca.prefetch);
	assert_int_equal(caps.hca.per_transport[QP_RC], ODP_WRITE);
	assert_int_equal(caps.hca.per_transport[QP_UD], 0);
	assert_int_equal(caps.hca.per_transport[QP_DC], ODP_ATOMIC);
}

/* The device is opened all the same: it cannot be asked. */
static void caps__unknown(void **state)
{
	mlx5.dc_caps = ODP_WRITE;
	assert_true(query().dc_known);
	assert_int_equal(mlx5_device.caps.per_transport[QP_DC], ODP_WRITE);
	mlx5.dc_caps = 0;
	assert_false(query().dc_known);
	mlx5.unsupported = true;
	assert_int_equal(query().hca.error, -EOPNOTSUPP);
	mlx5.dc_caps = ODP_WRITE;
	assert_false(query().dc_known);
}

static const struct CMUnitTest tests[] = {
	ON_MLX5(caps__of_the_scheme_in_force),
	ON_MLX5(caps__unknown),
};

int main(void)
{
	return cmocka_run_group_tests_name("devx", tests, NULL, NULL);
}
