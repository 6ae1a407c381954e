// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * huge.c - HMM-10: a huge page in memory that only the second mirror's device can access
 *
 * It migrates as a whole (MIGRATE_VMA_SELECT_COMPOUND, since Linux 6.19), and comes back
 * as one or is split, as the kernel finds memory. What counts is the data.
 */
#include "steps.h"

#define HUGE MiB(2)

/* What brings some of its pages back. */
typedef void access_fn(struct test *t, struct target *memory);

static void by_read(struct test *t, struct target *memory)
{
	rdma_read(t, memory, MiB(1), KiB(16), GENERATION(1));
}

static void by_write(struct test *t, struct target *memory)
{
	rdma_write(t, memory, MiB(1) + KiB(2), KiB(8), GENERATION(2));
}

static void by_prefetch(struct test *t, struct target *memory)
{
	target_prefetch(t, memory, MiB(1), KiB(16), MR_PREFETCH_WRITE);
}

/* The CPU's access splits it, or brings it back, before the NIC's. */
static void by_cpu_and_read(struct test *t, struct target *memory)
{
	check_mapping(t, memory, KiB(512), KiB(4), GENERATION(1));
	rdma_read(t, memory, MiB(1), KiB(16), GENERATION(1));
}

struct access {
	access_fn *access;
	bool writes;
};

static void reach_huge_page(struct test *t, const void *row)
{
	const struct access *access = row;
	struct target *memory = responder_target(t, REGION_THP, MiB(4), MR_ODP);

	rdma_write(t, memory, 0, MiB(4), GENERATION(1));
	migrate_to_device(t, memory, 0, HUGE, MIRROR_PRIVATE);
	access->access(t, memory);
	test_note(t, "%llu of 512 pages stay in device memory",
		  (unsigned long long)pages_in_device(t, memory, 0, HUGE,
						      MIRROR_PRIVATE));
	expect(t, pages_in_device(t, memory, MiB(1), KiB(12), MIRROR_PRIVATE) == 0,
	       "pages that were reached are in device memory still");
	if (access->writes) {
		check_mapping(t, memory, 0, MiB(1) + KiB(2), GENERATION(1));
		check_mapping(t, memory, MiB(1) + KiB(2), KiB(8), GENERATION(2));
		check_mapping(t, memory, MiB(1) + KiB(10), MiB(3) - KiB(10),
			      GENERATION(1));
	} else {
		check_mapping(t, memory, 0, MiB(4), GENERATION(1));
	}
	rdma_read(t, memory, 0, MiB(1), GENERATION(1));
}

#define NEEDED NEEDS(MIRROR, ODP, RC_WRITE, RC_READ)

static const struct scenario huge_pages[] = {
	{ "HMM-10.read",
	  "READ of 16 KiB of a huge page in device memory returns their data, and the "
	  "rest of the page keeps its own",
	  NEEDED, reach_huge_page, &(const struct access){ by_read } },
	{ "HMM-10.write",
	  "WRITE across pages within a huge page in device memory keeps the rest of the "
	  "page",
	  NEEDED, reach_huge_page, &(const struct access){ by_write, .writes = true } },
	{ "HMM-10.prefetch",
	  "a prefetch of 16 KiB of a huge page in device memory brings them back with "
	  "their data",
	  NEEDS(MIRROR, ODP, PREFETCH, RC_WRITE, RC_READ), reach_huge_page,
	  &(const struct access){ by_prefetch } },
	{ "HMM-10.touched",
	  "READ of a huge page in device memory of which the CPU touched one page "
	  "returns its data",
	  NEEDED, reach_huge_page, &(const struct access){ by_cpu_and_read } },
};
SCENARIO_FAMILY(huge_pages);
