// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* told.c - MLX: what the device says of itself, and what verbs make of it */
#include "scenario/scenario.h"

/*
 * What mlx5_ib_internal_fill_odp_caps() (drivers/infiniband/hw/mlx5/odp.c) hands on of the
 * scheme in force, and libmlx5 of DC; the rest has no name in verbs, or is not asked for.
 */
struct handed_on {
	enum qp_type transport;
	uint32_t operations;
};

static void compare(struct test *t, const void *row)
{
	const struct handed_on *handed_on = row;

	expect_hca_caps(t, handed_on->transport, handed_on->operations);
}

#define ALL (ODP_SEND | ODP_RECV | ODP_WRITE | ODP_READ | ODP_ATOMIC | ODP_SRQ_RECV)

#define TOLD(word, name, ...)                                     \
	{                                                         \
		.id = "MLX-05." word,                             \
		.about = "what verbs say of page faults on " name \
			 " is what the device says",              \
		.needs = NEEDS(DEVX),                             \
		.run = compare,                                   \
		.row = &(const struct handed_on){ __VA_ARGS__ },  \
	}

static const struct scenario hca[] = {
	TOLD("rc", "RC", QP_RC, ALL),
	TOLD("ud", "UD", QP_UD, ODP_SEND | ODP_SRQ_RECV),
	TOLD("xrc", "XRC", QP_XRC, ALL),
	TOLD("dc", "DC", QP_DC, ALL),
};
SCENARIO_FAMILY(hca);
