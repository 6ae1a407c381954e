// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* changes.c - REG-11: registrations that are changed in place */
#include <errno.h>

#include "scenario/scenario.h"

#define REFUSED EVERY_DRIVER(OP_REM_ACCESS_ERR)

SCENARIO("REG-11.narrow",
	 "a region that loses remote write by ibv_rereg_mr() refuses WRITE",
	 NEEDS(KERNEL_DRIVER, VERBS, RC_WRITE, RC_READ))
{
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	expect_errno(t, reregistration_errno(t, target, MR_READ_ONLY), 0);
	rdma_read(t, target, 0, KiB(16), GENERATION(1));
	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}

/* The memory may be mapped read-only: ib_umem_check_rereg() in core/umem.c. */
SCENARIO("REG-11.widen",
	 "a region of memory that was registered for reading cannot be made writable",
	 NEEDS(KERNEL_DRIVER, VERBS, RC_WRITE, RC_READ))
{
	struct target *target =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP, .access = MR_READ_ONLY);
	enum op_status status;

	rdma_read(t, target, 0, KiB(16), ZEROS);
	expect_errno(t, reregistration_errno(t, target, MR_READ_WRITE), EACCES);
	status = attempt(t, RDMA_WRITE, target, .len = KiB(16),
			 .generation = GENERATION(1));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	reconnect(t);
	rdma_read(t, target, 0, KiB(16), ZEROS);
}
