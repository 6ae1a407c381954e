// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * huge_translations.c - HUGE-02: regions whose translations are of huge pages
 *
 * IBV_ACCESS_HUGETLB asks for them. The kernel keeps a list of such a region's pages by
 * 4 KiB (hmm_pfns in core/umem_odp.c), the device one by 2 MiB.
 */
#include "scenario/scenario.h"

#define HUGE(pages, ...)                             \
	REGION_HUGETLB_2M, MiB(2) * (pages), MR_ODP, \
		.access = MR_READ_WRITE | MR_HUGE_PAGES, ##__VA_ARGS__

static void need_huge_translations(struct test *t)
{
	if (registration_errno(t, HUGE(1)))
		test_skip(t, "the device does not support IBV_ACCESS_HUGETLB");
}

SCENARIO("HUGE-02.pages",
	 "each page of a region registered with IBV_ACCESS_HUGETLB holds its own data",
	 NEEDS(HUGE_PAGES, RC_WRITE, RC_READ))
{
	struct target *memory;

	need_huge_translations(t);
	memory = responder_target(t, HUGE(3));
	for (uint16_t page = 0; page < 3; page++)
		rdma_write(t, memory, MiB(2) * page + KiB(64), KiB(16), page + 1);
	for (uint16_t page = 0; page < 3; page++) {
		rdma_read(t, memory, MiB(2) * page + KiB(64), KiB(16), page + 1);
		check_mapping(t, memory, MiB(2) * page + KiB(64), KiB(16), page + 1);
		check_mapping(t, memory, MiB(2) * page, KiB(64), ZEROS);
	}
	expect_churn(t, memory) {
		target_evict(t, memory, MiB(2), MiB(2));
		rdma_read(t, memory, MiB(2) + KiB(64), KiB(16), ZEROS);
	}
	rdma_read(t, memory, KiB(64), KiB(16), GENERATION(1));
	rdma_read(t, memory, MiB(4) + KiB(64), KiB(16), GENERATION(3));
}

/* Where no translation is found for the page, it must not fault for ever. */
SCENARIO("HUGE-02.last",
	 "an access to the only resident page of a region registered with "
	 "IBV_ACCESS_HUGETLB completes",
	 NEEDS(HUGE_PAGES, RC_WRITE, RC_READ, LONG_RUN))
{
	struct target *memory;

	need_huge_translations(t);
	memory = responder_target(t, HUGE(3));
	rdma_write(t, memory, MiB(4) + KiB(64), KiB(16), GENERATION(1));
	rdma_read(t, memory, MiB(4) + KiB(64), KiB(16), GENERATION(1));
	check_mapping(t, memory, MiB(4) + KiB(64), KiB(16), GENERATION(1));
}

/*
 * All are resident when the region is registered. By 4 KiB the ninth one is entry 8,
 * which lies in the first one. An invalidation of that one clears no entry but its own
 * and those of the same block of eight. The data that is read names its page.
 */
SCENARIO("HUGE-02.freed",
	 "after a huge page is freed no other page of a region registered with "
	 "IBV_ACCESS_HUGETLB leads to it",
	 NEEDS(HUGE_PAGES, RC_READ))
{
	enum { PAGES = 9 };
	struct target *memory;

	need_huge_translations(t);
	memory = responder_target(t, HUGE(PAGES, .unregistered = true));
	for (unsigned int page = 0; page < PAGES; page++)
		target_store(t, memory, MiB(2) * page, KiB(64), GENERATION(page + 1));
	target_register(t, memory);
	target_evict(t, memory, 0, MiB(2));
	rdma_read(t, memory, MiB(2) * (PAGES - 1), KiB(4), GENERATION(PAGES));
}
