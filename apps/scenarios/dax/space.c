// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* space.c - DAX: files larger than the media, a full filesystem, umount */
#include <errno.h>

#include "scenario/scenario.h"

SCENARIO("DAX-12",
	 "a fault without space on the media fails the operation; with space again it "
	 "succeeds",
	 NEEDS(FSDAX, ROOT, FILLABLE, RC_WRITE))
{
	/* far apart, as the first fault may give blocks to pages around it */
	struct target *file = responder_target(t, REGION_FSDAX, MiB(16), MR_ODP);
	const uint64_t far = MiB(8);
	enum op_status status = OP_SUCCESS;

	rdma_write(t, file, 0, KiB(16), GENERATION(1));
	fill_filesystem(t, file);
	expect_within(t, 5 * NSEC_PER_SEC)
		status = rdma_write_status(t, file, far, KiB(16), GENERATION(2));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	/* pages with blocks need no space */
	rdma_write(t, file, 0, KiB(16), GENERATION(3));
	free_filesystem(t, file);
	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, far, KiB(16), GENERATION(4));
	check_file(t, file, 0, KiB(16), GENERATION(3));
	check_file(t, file, KiB(16), far - KiB(16), ZEROS);
	check_file(t, file, far, KiB(16), GENERATION(4));
}

SCENARIO("DAX-14",
	 "RDMA reaches the start, middle and end of a sparse 4 GiB file, which stays "
	 "sparse",
	 NEEDS(FSDAX, LARGE_ODP, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, GiB(4), MR_ODP);
	const uint64_t places[] = { 0, GiB(2) - KiB(32), GiB(4) - KiB(64) };

	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++)
		expect_faults(t, file, EXACTLY(16))
			rdma_write(t, file, places[i], KiB(64), GENERATION(i + 1));
	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++)
		check_file(t, file, places[i], KiB(64), GENERATION(i + 1));
	rdma_read(t, file, GiB(1), KiB(64), ZEROS);
	rdma_read(t, file, GiB(3) + KiB(4), KiB(64), ZEROS);
	expect(t, target_allocated(t, file) < MiB(64), "%llu bytes are allocated",
	       (unsigned long long)target_allocated(t, file));
}

SCENARIO("DAX-17",
	 "umount fails with EBUSY while a region maps the filesystem, and the region "
	 "keeps working",
	 NEEDS(FSDAX, UNMOUNT, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	rdma_write(t, file, 0, KiB(16), GENERATION(1));
	expect_errno(t, unmount_errno(t, file), EBUSY);
	expect_faults(t, file, NONE)
		rdma_write(t, file, 0, KiB(16), GENERATION(2));
	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, KiB(16), KiB(16), GENERATION(2));
	check_file(t, file, 0, KiB(32), GENERATION(2));
}
