// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* prefetch.c - PF: ibv_advise_mr(), proven by the absence of later faults */
#include <errno.h>

#include "base/util.h"
#include "scenario/scenario.h"

SCENARIO("PF-03",
	 "after a synchronous prefetch for writing RDMA WRITE and READ do not fault",
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

SCENARIO("PF-07", "a no-fault prefetch maps the resident pages and leaves the others",
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

SCENARIO("PF-09",
	 "after a prefetch for reading READ does not fault, and a later WRITE does",
	 NEEDS(REGION, PREFETCH, RC_WRITE, RC_READ))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	target_prefetch(t, cold, 0, KiB(32), MR_PREFETCH);
	expect_faults(t, cold, NONE)
		rdma_read(t, cold, 0, KiB(32), ZEROS);
	expect_faults(t, cold, EXACTLY(8))
		rdma_write(t, cold, 0, KiB(32), GENERATION(1));
	expect_faults(t, cold, NONE)
		rdma_write(t, cold, 0, KiB(32), GENERATION(2));
	check_mapping(t, cold, 0, KiB(32), GENERATION(2));
}

SCENARIO("PF-09.twice",
	 "a second prefetch of a range keeps its data, and WRITE still does not fault",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	target_prefetch(t, cold, 0, KiB(32), MR_PREFETCH_WRITE);
	rdma_write(t, cold, 0, KiB(32), GENERATION(1));
	target_prefetch(t, cold, 0, KiB(32), MR_PREFETCH_WRITE);
	expect_faults(t, cold, NONE)
		rdma_write(t, cold, KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, cold, 0, KiB(16), GENERATION(1));
	check_mapping(t, cold, KiB(16), KiB(16), GENERATION(2));
}

SCENARIO("PF-09.evicted", "memory that was prefetched and then evicted faults again",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	target_prefetch(t, cold, 0, KiB(32), MR_PREFETCH_WRITE);
	target_evict(t, cold, KiB(8), KiB(8));
	expect_faults(t, cold, EXACTLY(2))
		rdma_write(t, cold, KiB(8), KiB(8), GENERATION(1));
	expect_faults(t, cold, NONE)
		rdma_write(t, cold, 0, KiB(32), GENERATION(2));
	check_mapping(t, cold, 0, KiB(32), GENERATION(2));
}

SCENARIO("PF-11",
	 "a prefetch beyond 4 GiB of a sparse region maps the pages of its range",
	 NEEDS(LARGE_ODP, PREFETCH, RC_WRITE))
{
	struct target *sparse = responder_target(t, REGION_ANON, GiB(5), MR_ODP);
	uint64_t beyond = GiB(4) + KiB(64);

	target_prefetch(t, sparse, beyond, KiB(32), MR_PREFETCH_WRITE);
	expect_faults(t, sparse, NONE)
		rdma_write(t, sparse, beyond, KiB(32), GENERATION(1));
	expect_faults(t, sparse, EXACTLY(8))
		rdma_write(t, sparse, KiB(64), KiB(32), GENERATION(2));
	check_mapping(t, sparse, beyond, KiB(32), GENERATION(1));
	check_mapping(t, sparse, KiB(64), KiB(32), GENERATION(2));
}

SCENARIO("PF-12", "one ibv_advise_mr() prefetches ranges of two regions",
	 NEEDS(REGION, PREFETCH, ODP, RC_WRITE))
{
	struct target *one = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *other = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	const struct local_piece more[] = {
		{ other, KiB(16), KiB(16) },
		{ one, KiB(48), KiB(8) },
	};

	expect_faults(t, one, EXACTLY(4 + 2))
		expect_faults(t, other, EXACTLY(4))
			expect_errno(t,
				     advise_errno(t, one, 0, KiB(16), MR_PREFETCH_WRITE,
						  .more = more,
						  .pieces = ARRAY_SIZE(more)),
				     0);
	expect_faults(t, one, NONE) {
		rdma_write(t, one, 0, KiB(16), GENERATION(1));
		rdma_write(t, one, KiB(48), KiB(8), GENERATION(1));
	}
	expect_faults(t, other, NONE)
		rdma_write(t, other, KiB(16), KiB(16), GENERATION(1));
	expect_faults(t, other, EXACTLY(12)) {
		rdma_write(t, other, 0, KiB(16), GENERATION(1));
		rdma_write(t, other, KiB(32), KiB(32), GENERATION(1));
	}
	check_mapping(t, one, 0, KiB(16), GENERATION(1));
	check_mapping(t, one, KiB(48), KiB(8), GENERATION(1));
	check_mapping(t, other, 0, KiB(64), GENERATION(1));
}

SCENARIO("PF-12.async",
	 "one asynchronous ibv_advise_mr() prefetches ranges of two regions",
	 NEEDS(REGION, PREFETCH, ODP, RC_WRITE))
{
	struct target *one = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *other = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	const struct local_piece more[] = { { other, KiB(16), KiB(16) } };

	expect_errno(t,
		     advise_errno(t, one, 0, KiB(16), MR_PREFETCH_WRITE, .async = true,
				  .more = more, .pieces = ARRAY_SIZE(more)),
		     0);
	await_resident(t, one, 0, KiB(16), 4);
	await_resident(t, other, KiB(16), KiB(16), 4);
	expect_faults(t, one, NONE)
		rdma_write(t, one, 0, KiB(16), GENERATION(1));
	expect_faults(t, other, NONE)
		rdma_write(t, other, KiB(16), KiB(16), GENERATION(1));
	check_mapping(t, one, 0, KiB(16), GENERATION(1));
	check_mapping(t, other, KiB(16), KiB(16), GENERATION(1));
}

SCENARIO("PF-12.unmapped",
	 "one ibv_advise_mr() over two regions is refused if one of them is unmapped",
	 NEEDS(REGION, PREFETCH, ODP, RC_WRITE))
{
	struct target *one = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *other = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	const struct local_piece more[] = { { other, KiB(16), KiB(16) } };

	target_unmap(t, other, KiB(16), KiB(16));
	expect_errno(t,
		     advise_errno(t, one, 0, KiB(16), MR_PREFETCH_WRITE, .more = more,
				  .pieces = ARRAY_SIZE(more)),
		     EFAULT);
	target_remap(t, other, KiB(16), KiB(16));
	rdma_write(t, one, 0, KiB(64), GENERATION(1));
	rdma_write(t, other, 0, KiB(64), GENERATION(1));
	check_mapping(t, one, 0, KiB(64), GENERATION(1));
	check_mapping(t, other, 0, KiB(64), GENERATION(1));
}

#define ROUNDS 32

SCENARIO("PF-10", "a region can be deregistered during an asynchronous prefetch of it",
	 NEEDS(REGION, PREFETCH, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(256), MR_ODP);

	each_round(t, round, ROUNDS, 1000) {
		target_evict(t, target, 0, KiB(256));
		expect_errno(t,
			     advise_errno(t, target, 0, KiB(256), MR_PREFETCH_WRITE,
					  .async = true),
			     0);
		target_deregister(t, target);
		target_register(t, target);
	}
	rdma_write(t, target, 0, KiB(256), GENERATION(1));
	check_mapping(t, target, 0, KiB(256), GENERATION(1));
}
