// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dax_mapping.c - DAX: pages and huge pages */
#include "run/scenario.h"

SCENARIO("DAX-04", "a fault in an allocated, 2 MiB aligned file maps all of the 2 MiB",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(4), MR_ODP);
	uint64_t resident;

	target_allocate(t, file, 0, MiB(4));
	expect(t, target_allocated(t, file) >= MiB(4), "only %llu bytes allocated",
	       (unsigned long long)target_allocated(t, file));
	expect_faults(t, file, EXACTLY(1))
		rdma_write(t, file, 0, KiB(4), GENERATION(1));
	resident = target_resident(t, file, 0, MiB(4));
	if (resident == 1)
		test_skip(t, "the filesystem gave no 2 MiB extent that is aligned on the "
			     "media");
	expect(t, resident == MiB(2) / PAGE_BYTES, "%llu pages are mapped, expected 512",
	       (unsigned long long)resident);
	rdma_write(t, file, MiB(1), KiB(256), GENERATION(1));
	check_mapping(t, file, MiB(1), KiB(256), GENERATION(1));
	check_file(t, file, 0, KiB(4), GENERATION(1));
}
