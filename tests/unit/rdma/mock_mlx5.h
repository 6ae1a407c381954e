/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mock_mlx5.h - a libmlx5 without a device, beside mock_verbs.h; include it after
 * cmocka.h
 */
#ifndef ODPLAB_TESTS_MOCK_MLX5_H
#define ODPLAB_TESTS_MOCK_MLX5_H

#include <infiniband/mlx5dv.h>

#include "mock_verbs.h"

struct mock_mlx5 {
	bool unsupported;
	uint32_t dc_caps;
	uint8_t caps[512]; /* the device's ODP capabilities, as it answers */
	uint8_t query[16]; /* that query */
	/* the last request, as "NAME rkey remote_addr ..." */
	char request[128];
	uint64_t id, dc_key;
	uint32_t dctn;
	unsigned int flags, started, access, repeat, pieces;
	struct ibv_sge sge[4];
	struct mlx5dv_mr_interleaved interleaved[4];
};

extern struct mock_mlx5 mlx5;

/* Open in each test. */
extern struct rdma_device mlx5_device;

/* Forgets all and opens it; closes it, and fails where something is left open. */
int mock_mlx5_setup(void **state);
int mock_mlx5_teardown(void **state);

#define ON_MLX5(test) \
	cmocka_unit_test_setup_teardown(test, mock_mlx5_setup, mock_mlx5_teardown)

#endif
