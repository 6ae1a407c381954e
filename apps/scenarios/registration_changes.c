// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* registration_changes.c - REG-11: registrations that are changed in place */
#include <errno.h>

#include "run/scenario.h"

#define REFUSED { OP_REM_ACCESS_ERR, OP_REM_ACCESS_ERR, NULL }

SCENARIO("REG-11.narrow",
	 "a region that loses its right to be written refuses WRITE then",
	 NEEDS(KERNEL_DRIVER, VERBS, RC_WRITE, RC_READ))
{
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	expect_errno(t, reregistration_errno(t, target, .access = MR_READ_ONLY), 0);
	rdma_read(t, target, 0, KiB(16), GENERATION(1));
	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}

#define WIDEN_REASON \
	"soft-RoCE keeps what the memory was registered for, mlx5 registers it anew"

SCENARIO("REG-11.widen",
	 "a region that was for reading only can be made writable on mlx5",
	 NEEDS(KERNEL_DRIVER, VERBS, RC_WRITE, RC_READ))
{
	static const struct errno_per_driver due = { EACCES, 0, WIDEN_REASON };
	static const struct per_driver writing = { OP_REM_ACCESS_ERR, OP_SUCCESS, NULL };
	struct target *target =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP, .access = MR_READ_ONLY);
	enum op_status status;

	rdma_read(t, target, 0, KiB(16), ZEROS);
	expect_errno(t, reregistration_errno(t, target, .access = MR_READ_WRITE),
		     errno_here(t, &due));
	status = attempt(t, RDMA_WRITE, target, .len = KiB(16),
			 .generation = GENERATION(1));
	expect_status(t, status, &writing);
}

#define MOVE_REASON "soft-RoCE changes rights and protection domain, nothing else"

SCENARIO("REG-11.move", "a region can be moved to other memory on mlx5",
	 NEEDS(KERNEL_DRIVER, VERBS, RC_WRITE))
{
	static const struct errno_per_driver due = { EOPNOTSUPP, 0, MOVE_REASON };
	static const struct per_driver there = { OP_REM_ACCESS_ERR, OP_SUCCESS, NULL };
	static const struct per_driver here = { OP_SUCCESS, OP_REM_ACCESS_ERR, NULL };
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP,
						 .mr_offset = 0, .mr_len = KiB(16));
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	expect_errno(t,
		     reregistration_errno(t, target, .mr_offset = KiB(32),
					  .mr_len = KiB(16)),
		     errno_here(t, &due));
	status = attempt(t, RDMA_WRITE, target, .offset = KiB(32), .len = KiB(16),
			 .generation = GENERATION(2));
	expect_status(t, status, &there);
	reconnect(t);
	status = attempt(t, RDMA_WRITE, target, .len = KiB(16),
			 .generation = GENERATION(3));
	expect_status(t, status, &here);
}
