// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dax.c - HMM: a DAX file that both the NIC and the second mirror have mapped */
#include <errno.h>

#include "scenario/scenario.h"

#define REFUSED                                                \
	(&(const struct per_driver){ .rxe = OP_REM_ACCESS_ERR, \
				     .mlx5 = OP_REM_ACCESS_ERR })

SCENARIO("HMM-04.truncate",
	 "beyond the end of a truncated DAX file both NIC and second mirror are refused",
	 NEEDS(MIRROR, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	check_mirror(t, file, 0, KiB(64), GENERATION(1));
	target_truncate(t, file, KiB(32));
	expect(t, mirror_read_errno(t, file, KiB(32), KiB(32)) == EFAULT,
	       "the second mirror reads beyond the end of the file");
	status = rdma_read_status(t, file, KiB(32), KiB(4));
	expect_status(t, status, REFUSED);
	reconnect(t);
	rdma_read(t, file, 0, KiB(32), GENERATION(1));
	check_mirror(t, file, 0, KiB(32), GENERATION(1));
}

SCENARIO("HMM-04.punch",
	 "in a punched hole of a DAX file both NIC and second mirror read zeros",
	 NEEDS(MIRROR, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	check_mirror(t, file, 0, KiB(64), GENERATION(1));
	target_punch(t, file, KiB(16), KiB(16));
	check_mirror(t, file, KiB(16), KiB(16), ZEROS);
	rdma_read(t, file, KiB(16), KiB(16), ZEROS);
	mirror_stores(t, file, KiB(16), KiB(16), GENERATION(2));
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
	rdma_read(t, file, KiB(16), KiB(16), GENERATION(2));
	rdma_read(t, file, KiB(32), KiB(32), GENERATION(1));
}

SCENARIO("HMM-04.migration",
	 "pages of a DAX file do not migrate to device memory, and NIC and mirror go on",
	 NEEDS(MIRROR, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	expect_errno(t, migration_errno(t, file, 0, KiB(64)), EINVAL);
	rdma_read(t, file, 0, KiB(64), GENERATION(1));
	mirror_stores(t, file, 0, KiB(64), GENERATION(2));
	rdma_read(t, file, 0, KiB(64), GENERATION(2));
	check_file(t, file, 0, KiB(64), GENERATION(2));
}
