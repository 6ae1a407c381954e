// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* implicit.c - IMP: one region that is the whole address space */
#include "run/scenario.h"

SCENARIO("IMP-01",
	 "an implicit region reaches memory that was mapped after it was registered",
	 NEEDS(IMPLICIT, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, MiB(2), MR_ODP_IMPLICIT, .hole = true);

	target_map(t, file);
	expect_faults(t, file, AT_LEAST(1))
		rdma_write(t, file, 0, KiB(16), GENERATION(1));
	check_mapping(t, file, 0, KiB(16), GENERATION(1));
	target_evict(t, file, 0, MiB(2));
	expect_faults(t, file, AT_LEAST(1))
		rdma_read(t, file, 0, KiB(16), GENERATION(1));
}
