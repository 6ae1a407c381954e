// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* many.c - DP: many operations in flight */
#include "scenario/scenario.h"

SCENARIO("DP-16.read",
	 "concurrent READs of 64 queue pairs of one cold page all return its data",
	 NEEDS(FSDAX, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	use_pairs(t, 64);
	target_fill(t, file, 0, KiB(64), GENERATION(1));
	expect_faults(t, file, BETWEEN(1, 64))
		rdma_read_at_once(t, file, KiB(4), 0, KiB(4), GENERATION(1));
}

SCENARIO("DP-16.write",
	 "concurrent WRITEs of 64 queue pairs, each to its 64 bytes of one cold page, "
	 "all arrive",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	use_pairs(t, 64);
	expect_faults(t, cold, BETWEEN(1, 64))
		rdma_write_at_once(t, cold, KiB(4), 64, 64, GENERATION(1));
	check_mapping(t, cold, 0, KiB(4), ZEROS);
	check_mapping(t, cold, KiB(4), KiB(4), GENERATION(1));
	check_mapping(t, cold, KiB(8), KiB(56), ZEROS);
}

SCENARIO("DP-16.pages",
	 "concurrent WRITEs of 64 queue pairs, each to its own cold page, all arrive",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(512), MR_ODP);

	use_pairs(t, 64);
	expect_faults(t, cold, EXACTLY(64))
		rdma_write_at_once(t, cold, 0, KiB(8), KiB(4), GENERATION(1));
	for (uint64_t page = 0; page < 64; page++) {
		check_mapping(t, cold, page * KiB(8), KiB(4), GENERATION(1));
		check_mapping(t, cold, page * KiB(8) + KiB(4), KiB(4), ZEROS);
	}
}

SCENARIO("DP-16.row",
	 "16 WRITEs in flight on one queue pair, each to a cold page, complete in order",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(128), MR_ODP);

	expect_faults(t, cold, EXACTLY(16))
		rdma_write_in_a_row(t, 16, cold, KiB(4), KiB(4), GENERATION(1));
	check_mapping(t, cold, 0, KiB(4), ZEROS);
	check_mapping(t, cold, KiB(4), KiB(64), GENERATION(1));
	check_mapping(t, cold, KiB(68), KiB(60), ZEROS);
}
