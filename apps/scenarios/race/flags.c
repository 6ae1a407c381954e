// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * flags.c - RACE-01: the flags of an entry of pfn_list
 *
 * RACE: races of the kernel that are held open. A processor of the guest pauses at a
 * place in the unmodified kernel (kernel/races.def), so that a window of some
 * instructions is milliseconds wide. A scenario whose name ends in .elsewhere pauses
 * at a place where the pause must do no harm.
 */
#include <string.h>

#include "base/file.h"
#include "scenario/scenario.h"
#include "testcase/test.h"

#define ROUNDS	   6
#define PREFETCHES 100

/*
 * Without an IOMMU the device's address is computed from the page, and is right also
 * where the mapping came back: a pass would mean nothing.
 */
static void need_iommu(struct test *t)
{
	char path[128], type[32] = "";

	snprintf(path, sizeof(path), "/sys/class/infiniband/%s/device/iommu_group/type",
		 t->env->device.name);
	if (file_read(path, type, sizeof(type)) || strncmp(type, "DMA", 3) != 0)
		test_skip(t,
			  "no IOMMU translates the addresses of %s; in the testbed: "
			  "--iommu intel",
			  t->env->device.name);
}

/*
 * Prefetches of pages that are mapped, while they are invalidated; then nothing races any
 * more, and each page must be what the CPU wrote last.
 */
static void prefetch_in_a_storm(struct test *t, const void *row)
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(128), MR_ODP);
	const enum kernel_race *race = row;

	need_iommu(t);
	hold_race(t, memory, *race);
	for (unsigned int round = 1; round <= ROUNDS; round++) {
		relentless_storm(t, memory, BY_RENEWAL)
			for (unsigned int i = 0; i < PREFETCHES; i++)
				advise_errno(t, memory, 0, KiB(128), MR_PREFETCH_WRITE);
		target_store(t, memory, 0, KiB(128), GENERATION(round));
		rdma_read(t, memory, 0, KiB(128), GENERATION(round));
	}
	release_race(t, memory);
}

static const struct scenario flags[] = {
	{ "RACE-01.dontneed",
	  "a mapping that an invalidation takes from under a prefetch does not come back",
	  NEEDS(ODP, PREFETCH, RC_READ, PAUSES), prefetch_in_a_storm,
	  &(const enum kernel_race){ RACE_FLAGS_READ } },
	{ "RACE-01.elsewhere",
	  "a processor that pauses after the write does not harm the mapping",
	  NEEDS(ODP, PREFETCH, RC_READ, PAUSES), prefetch_in_a_storm,
	  &(const enum kernel_race){ RACE_FLAGS_WRITTEN } },
};
SCENARIO_FAMILY(flags);
