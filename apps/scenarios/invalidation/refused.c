// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * refused.c - INV-24: entries that a refused page fault leaves in pfn_list
 *
 * The kernel enters pages in the region's pfn_list as it walks over them, before it finds
 * that the fault cannot be served. Such an entry must not outlive its page. mlx5 writes
 * the translations of eight neighbours at a time (mlx5r_umr_update_xlt() in mlx5/umr.c),
 * and so uses entries of pages that this fault did not ask for.
 */
#include <errno.h>

#include "scenario/scenario.h"

/* The pages that are touched after the first page was freed. */
#define OTHERS	   KiB(8)
#define OTHERS_LEN KiB(56)

/*
 * The first page is resident, the second is a hole: an access to both is refused. Then
 * the first page is freed, the pages after the hole are touched, which may reuse its
 * frame, and the device maps one of them. It only READs: the frame may belong to another
 * process now.
 */
SCENARIO("INV-24", "after a refused access a page that was freed meanwhile is never read",
	 NEEDS(ODP, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	enum op_status status;

	target_store(t, memory, 0, PAGE_BYTES, GENERATION(1));
	target_unmap(t, memory, PAGE_BYTES, PAGE_BYTES);
	status = rdma_read_status(t, memory, 0, 2 * PAGE_BYTES);
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	target_evict(t, memory, 0, PAGE_BYTES);
	target_store(t, memory, OTHERS, OTHERS_LEN, GENERATION(2));
	rdma_read(t, memory, OTHERS, PAGE_BYTES, GENERATION(2));
	rdma_read(t, memory, 0, PAGE_BYTES, ZEROS);
}

/*
 * HMM gives up on a range that is invalidated for longer than a second, without any hole.
 * If entries of freed pages are mapped and unmapped again, the kernel marks those pages
 * dirty. They may be in use elsewhere. If they are free, it reports a bad page state.
 */
SCENARIO("INV-24.gave-up",
	 "after a prefetch gave up no page that was freed meanwhile is mapped",
	 NEEDS(ODP, PREFETCH, RC_WRITE, HAZARD))
{
	struct target *memory = responder_target(t, REGION_ANON, MiB(16), MR_ODP);
	uint64_t gave_up = 0;

	relentless_storm(t, memory, BY_DONTNEED)
		for (unsigned int i = 0; i < 50; i++)
			gave_up += advise_errno(t, memory, 0, i % 25 ? KiB(4) : MiB(16),
						MR_PREFETCH_WRITE) == EBUSY;
	test_note(t, "%" PRIu64 " gave up", gave_up);
	if (!gave_up)
		test_skip(
			t,
			"no prefetch gave up, so pfn_list has no entries of freed pages");
	rdma_write(t, memory, 0, KiB(128), GENERATION(1));
	check_mapping(t, memory, 0, KiB(128), GENERATION(1));
}
