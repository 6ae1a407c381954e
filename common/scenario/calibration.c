// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * calibration.c - what a device asks for when pages are missing, before the first
 * scenario
 */
#include "scenario/calibration.h"

#include "scenario/scenario.h"

/*
 * As many pages on either side as one event of mlx5 can ask for before or after (odp.c).
 */
#define AROUND MiB(2)

static void calibrate(struct test *t, const void *row)
{
	uint64_t len = CALIBRATION_PAGES * PAGE_BYTES;
	struct target *memory =
		responder_target(t, REGION_ANON, 3 * AROUND + len, MR_ODP);

	expect_faults(t, memory, ANYTHING)
		rdma_write(t, memory, AROUND, PAGE_BYTES, GENERATION(1));
	target_evict(t, memory, 0, target_len(memory));
	expect_faults(t, memory, ANYTHING)
		rdma_write(t, memory, 2 * AROUND, len, GENERATION(2));
}

const struct scenario calibration = {
	.id = "calibration",
	.about = "the device resolves page faults on 1 page and on 16",
	.needs = NEEDS(ODP, RC_WRITE),
	.run = calibrate,
};
