// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data_path.c - DP: data gets where it should, and pages come when they must */
#include "run/scenario.h"

SCENARIO("DP-01.write", "RDMA WRITE to a page that nobody has touched faults it in once",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, KiB(4), KiB(60), ZEROS);
}
