// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hca_caps.c - MLX: HCA capabilities of ODP against those that verbs report */
#include "scenario/scenario.h"

/*
 * The operations that mlx5_ib_internal_fill_odp_caps() (drivers/infiniband/hw/mlx5/odp.c)
 * reports for the scheme in use, and libmlx5 for DC. Verbs have no bits for other
 * operations.
 */
struct reported {
	enum qp_type type;
	uint32_t operations;
};

static void compare(struct test *t, const void *row)
{
	const struct reported *reported = row;

	expect_hca_caps(t, reported->type, reported->operations);
}

#define ALL (ODP_SEND | ODP_RECV | ODP_WRITE | ODP_READ | ODP_ATOMIC | ODP_SRQ_RECV)

#define REPORTED(word, name, ...)                                                       \
	{                                                                               \
		.id = "MLX-05." word,                                                   \
		.about = "ibv_query_device_ex() and the HCA capabilities agree on the " \
			 "ODP operations for " name,                                    \
		.needs = NEEDS(DEVX),                                                   \
		.run = compare,                                                         \
		.row = &(const struct reported){ __VA_ARGS__ },                         \
	}

static const struct scenario hca[] = {
	REPORTED("rc", "RC", QP_RC, ALL),
	REPORTED("ud", "UD", QP_UD, ODP_SEND | ODP_SRQ_RECV),
	REPORTED("xrc", "XRC", QP_XRC, ALL),
	REPORTED("dc", "DC", QP_DC, ALL),
};
SCENARIO_FAMILY(hca);
