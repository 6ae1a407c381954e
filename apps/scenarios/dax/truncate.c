// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* truncate.c - DAX: a file is truncated under a region */
#include "scenario/scenario.h"

SCENARIO("DAX-06",
	 "access beyond the end of a truncated file fails; after the file grows again it "
	 "reads zeros",
	 NEEDS(DEVICE, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	target_truncate(t, file, KiB(32));
	status = rdma_read_status(t, file, KiB(32), KiB(4));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	status = rdma_write_status(t, file, KiB(32), KiB(4), GENERATION(2));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	rdma_read(t, file, 0, KiB(32), GENERATION(1));
	target_truncate(t, file, KiB(64));
	expect_faults(t, file, AT_LEAST(1))
		rdma_read(t, file, KiB(32), KiB(32), ZEROS);
}

/*
 * A filesystem that takes blocks from a DAX file waits until no page is referenced:
 * fs/dax.c, dax_break_layout(). ODP holds no reference. A pinned region does, and would
 * block the truncate until it is deregistered.
 */
SCENARIO("DAX-08", "truncate of a file with ODP translations returns at once",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(4), MR_ODP);

	expect_faults(t, file, EXACTLY(1024))
		rdma_write(t, file, 0, MiB(4), GENERATION(1));
	expect_within(t, NSEC_PER_SEC)
		target_truncate(t, file, 0);
	expect(t, target_allocated(t, file) == 0, "%llu bytes are still allocated",
	       (unsigned long long)target_allocated(t, file));
}

SCENARIO("DAX-08.busy",
	 "truncate does not wait for traffic to the part of the file that stays",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(1), MR_ODP);
	uint16_t last;

	rdma_write(t, file, 0, MiB(1), GENERATION(1));
	background_begin(t, file, 0, KiB(64));
	for (int turn = 0; turn < 20; turn++) {
		background_wait(t);
		expect_within(t, NSEC_PER_SEC)
			target_truncate(t, file, KiB(64));
		target_truncate(t, file, MiB(1));
	}
	last = background_end(t);
	check_file(t, file, 0, KiB(64), last);
	rdma_read(t, file, KiB(64), KiB(64), ZEROS);
}

SCENARIO("DAX-08.hit",
	 "truncate does not wait for traffic to the part that is cut off; that traffic "
	 "fails",
	 NEEDS(DEVICE, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(1), MR_ODP);
	enum op_status status;

	rdma_write(t, file, 0, MiB(1), GENERATION(1));
	background_begin(t, file, KiB(512), KiB(64));
	background_wait(t);
	expect_within(t, NSEC_PER_SEC)
		target_truncate(t, file, KiB(64));
	background_wait(t);
	status = background_end_status(t);
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	check_file(t, file, 0, KiB(64), GENERATION(1));
	target_truncate(t, file, MiB(1));
	rdma_read(t, file, KiB(512), KiB(64), ZEROS);
}
