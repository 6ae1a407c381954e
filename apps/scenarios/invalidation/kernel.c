// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * kernel.c - INV: invalidation that the kernel starts itself
 *
 * KSM, soft-offlining, compaction, reclaim.
 */
#include "case.h"

SCENARIO("INV-06",
	 "RDMA WRITE to one of several pages merged by KSM leaves the others unchanged",
	 NEEDS(MERGING, ODP, RC_WRITE, RC_READ))
{
	enum { PAGES = 16 };
	struct target *memory =
		responder_target(t, REGION_ANON, PAGE_BYTES * PAGES, MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	/* all pages have the content of the first */
	target_fill_for(t, local, 0, memory, 0, PAGE_BYTES, GENERATION(1));
	for (uint64_t page = 0; page < PAGES; page++)
		rdma_write_from(t, local, 0, memory, page * PAGE_BYTES, PAGE_BYTES);
	expect_churn(t, memory) {
		await_ksm_merged(t, memory, PAGES - 1);
		rdma_write(t, memory, PAGE_BYTES * 3, PAGE_BYTES, GENERATION(2));
	}
	for (uint64_t page = 0; page < PAGES; page++)
		if (page != 3)
			check_mapping_for(t, memory, page * PAGE_BYTES, memory, 0,
					  PAGE_BYTES, GENERATION(1));
	check_mapping(t, memory, PAGE_BYTES * 3, PAGE_BYTES, GENERATION(2));
	target_madvise(t, memory, 0, PAGE_BYTES * PAGES, REGION_UNMERGE);
	for (uint64_t page = 4; page < PAGES; page++) {
		rdma_read_into(t, local, 0, memory, page * PAGE_BYTES, PAGE_BYTES);
		check_mapping_for(t, local, 0, memory, 0, PAGE_BYTES, GENERATION(1));
	}
}

SCENARIO("INV-06.traffic",
	 "WRITE and READ stay coherent while KSM merges pages and writes unmerge them",
	 NEEDS(MERGING, ODP, RC_WRITE, RC_READ))
{
	start_ksm(t);
	/* a page must stay unchanged for a few scans before it is merged */
	run_under_invalidation(t, &(const struct invalidation_case){
					  REGION_ANON, BY_MERGING,
					  .rounds = test_iterations(t, 5, 10000) });
}

SCENARIO("INV-09", "soft-offlining a page moves it with its data",
	 NEEDS(POISON, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	expect_churn(t, memory) {
		target_madvise(t, memory, KiB(16), KiB(4), REGION_SOFT_OFFLINE);
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	}
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}

SCENARIO("INV-09.traffic",
	 "WRITE and READ stay coherent while pages are soft-offlined one by one",
	 NEEDS(UNPOISON, ODP, RC_WRITE, RC_READ))
{
	run_under_invalidation(t, &(const struct invalidation_case){ REGION_ANON,
								     BY_SOFT_OFFLINE });
}

SCENARIO("INV-23", "compaction moves pages with their data",
	 NEEDS(LONG_RUN, COMPACTION, ODP, RC_WRITE, RC_READ))
{
	enum { TURNS = 5 };
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	bool moved = false;

	for (unsigned int turn = 0; !moved && turn < TURNS; turn++) {
		/* allocates new frames, which the kernel chooses */
		target_evict(t, memory, 0, KiB(64));
		rdma_write(t, memory, 0, KiB(64), GENERATION(1));
		moved = compact_memory(t, memory);
	}
	if (!moved)
		test_skip(t, "compaction migrated none of the pages");
	expect_faults(t, memory, AT_LEAST(1))
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}

SCENARIO("INV-23.traffic",
	 "WRITE and READ stay coherent while the kernel compacts all memory",
	 NEEDS(LONG_RUN, COMPACTION, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	uint64_t moved = 0;

	each_round(t, n, 5, 10000) {
		uint16_t last;

		/* new frames: compaction does not move a page again that it has moved */
		target_evict(t, memory, 0, KiB(64));
		background_begin(t, memory, 0, KiB(64));
		background_wait(t);
		moved += compact_memory(t, memory);
		background_wait(t);
		last = background_end(t);
		check_mapping(t, memory, 0, KiB(64), last);
	}
	test_note(t, "the pages were migrated %" PRIu64 " times", moved);
	if (!moved)
		test_skip(t, "compaction migrated none of the pages");
}

SCENARIO("INV-13",
	 "WRITE and READ stay coherent while memory.reclaim takes pages of the cgroup",
	 NEEDS(RECLAIM, SWAP, ODP, RC_WRITE, RC_READ))
{
	join_cgroup(t);
	/* one memory.reclaim takes 0.1 s on an emulated processor */
	run_under_invalidation(t, &(const struct invalidation_case){
					  REGION_ANON, BY_RECLAIM,
					  .rounds = test_iterations(t, 5, 10000) });
}

SCENARIO(
	"INV-26",
	"pages that reclaim demotes to slower memory fault again and are read there with "
	"their data",
	NEEDS(DEMOTION, ODP, RC_WRITE, RC_READ))
{
	enum { TURNS = 20 }; /* reclaim takes what was not used for longest */
	struct target *memory;
	int node, now;

	join_cgroup(t);
	start_demotion(t);
	memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	node = now = target_node(t, memory, 0, KiB(64));
	for (unsigned int i = 0; i < TURNS && now == node; i++) {
		invalidate(t, memory, 0, KiB(64), BY_RECLAIM);
		now = target_node(t, memory, 0, KiB(64));
	}
	if (now < 0)
		test_skip(t, "reclaim has swapped the pages out");
	expect(t, now != node, "the pages are still on node %d", node);
	expect_faults(t, memory, AT_LEAST(1))
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}

SCENARIO("INV-26.traffic",
	 "WRITE and READ stay coherent while reclaim demotes pages to slower memory",
	 NEEDS(DEMOTION, ODP, RC_WRITE, RC_READ))
{
	join_cgroup(t);
	start_demotion(t);
	run_under_invalidation(t, &(const struct invalidation_case){
					  REGION_ANON, BY_DEMOTION,
					  .rounds = test_iterations(t, 5, 10000) });
}
