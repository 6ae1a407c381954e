// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* prefetch.c - PF: ibv_advise_mr(), proven by the faults that do not come afterwards */
#include <errno.h>

#include "run/scenario.h"

SCENARIO("PF-03",
	 "after a synchronous prefetch for writing, RDMA WRITE and READ fault no more",
	 NEEDS(REGION, PREFETCH, RC_WRITE, RC_READ))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(8))
		target_prefetch(t, cold, 0, KiB(32), MR_PREFETCH_WRITE);
	expect_faults(t, cold, NONE)
		rdma_write(t, cold, 0, KiB(32), GENERATION(1));
	expect_faults(t, cold, NONE)
		rdma_read(t, cold, 0, KiB(32), GENERATION(1));
	check_mapping(t, cold, 0, KiB(32), GENERATION(1));
	expect_faults(t, cold, EXACTLY(8))
		rdma_write(t, cold, KiB(32), KiB(32), GENERATION(1));
}

SCENARIO("PF-07", "a prefetch without faults takes what is resident and leaves the rest",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *half = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	target_store(t, half, 0, KiB(32), GENERATION(1));
	expect_faults(t, half, NONE)
		target_prefetch(t, half, 0, KiB(64), MR_PREFETCH_NO_FAULT);
	expect_faults(t, half, NONE)
		rdma_write(t, half, 0, KiB(32), GENERATION(2));
	expect_faults(t, half, EXACTLY(8))
		rdma_write(t, half, KiB(32), KiB(32), GENERATION(2));
	check_mapping(t, half, 0, KiB(64), GENERATION(2));
}

SCENARIO("PF-08.unmapped", "a prefetch of memory that is not mapped is refused",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *hole = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	target_unmap(t, hole, KiB(32), KiB(32));
	expect_errno(t,
		     target_prefetch_errno(t, hole, KiB(32), KiB(4), MR_PREFETCH_WRITE),
		     EFAULT);
	expect_faults(t, hole, EXACTLY(8))
		rdma_write(t, hole, 0, KiB(32), GENERATION(1));
	check_mapping(t, hole, 0, KiB(32), GENERATION(1));
}
