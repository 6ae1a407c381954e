// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* changes.c - REG-11: rights and domain of a region, changed by ibv_rereg_mr() */
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
	target_change(t, target, MR_CHANGE_ACCESS, MR_READ_ONLY, MR_ODP);
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
	expect_errno(t,
		     reregistration_errno(t, target, MR_CHANGE_ACCESS, MR_READ_WRITE,
					  MR_ODP),
		     EACCES);
	status = attempt(t, RDMA_WRITE, target, .len = KiB(16),
			 .generation = GENERATION(1));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	reconnect(t);
	rdma_read(t, target, 0, KiB(16), ZEROS);
}

SCENARIO("REG-11.domain",
	 "a region that moves to another protection domain refuses its old queue pair "
	 "until it is back",
	 NEEDS(KERNEL_DRIVER, VERBS, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_change(t, target, MR_CHANGE_DOMAIN, .other_domain = true);
	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
	reconnect(t);
	target_change(t, target, MR_CHANGE_DOMAIN);
	rdma_write(t, target, 0, KiB(64), GENERATION(3));
	check_mapping(t, target, 0, KiB(64), GENERATION(3));
}

/* The children that an implicit region has keep what it was, unless they change too. */
static void change_implicit(struct test *t, struct region_change change)
{
	struct target *wide = responder_target(t, REGION_ANON, GiB(2), MR_ODP_IMPLICIT);
	int ret;

	rdma_write(t, wide, 0, KiB(16), GENERATION(1));
	rdma_write(t, wide, GiB(1), KiB(16), GENERATION(2));
	ret = (reregistration_errno)(t, wide, change);
	for (unsigned int i = 0; i < 2; i++) {
		enum op_status status =
			rdma_write_status(t, wide, GiB(i), KiB(16), GENERATION(3));

		expect_status(t, status,
			      ret ? &(const struct per_driver)EVERY_DRIVER(OP_SUCCESS) :
				    &(const struct per_driver)REFUSED);
		if (status != OP_SUCCESS)
			reconnect(t);
		check_mapping(t, wide, GiB(i), KiB(16),
			      ret ? GENERATION(3) : GENERATION(i + 1));
	}
	test_note(t, "ibv_rereg_mr() of an implicit region: %s",
		  ret ? "refused, and nothing has changed" : "done");
}

SCENARIO("REG-11.implicit-narrow",
	 "an implicit region that loses remote write refuses WRITE to pages that the "
	 "device has",
	 NEEDS(KERNEL_DRIVER, VERBS, IMPLICIT, RC_WRITE))
{
	change_implicit(t, (struct region_change){ MR_CHANGE_ACCESS, MR_READ_ONLY,
						   MR_ODP_IMPLICIT });
}

SCENARIO("REG-11.implicit-domain",
	 "an implicit region that moves to another protection domain refuses WRITE to "
	 "pages that the device has",
	 NEEDS(KERNEL_DRIVER, VERBS, IMPLICIT, RC_WRITE))
{
	change_implicit(t,
			(struct region_change){ MR_CHANGE_DOMAIN, .other_domain = true });
}

/* A change that must be refused, and leaves the region as it is. */
static void refuse_change(struct test *t, const void *row)
{
	const struct region_change *change = row;
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	expect_errno(t, (reregistration_errno)(t, target, *change), EINVAL);
	expect_faults(t, target, NONE)
		rdma_read(t, target, 0, KiB(16), GENERATION(1));
	rdma_write(t, target, 0, KiB(64), GENERATION(2));
	check_mapping(t, target, 0, KiB(64), GENERATION(2));
}

static const struct scenario bad_changes[] = {
	{ "REG-11.nothing",
	  "a change of nothing is refused with EINVAL and leaves the region as it is",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, RC_WRITE, RC_READ), refuse_change,
	  &(const struct region_change){ 0 } },
	{ "REG-11.empty",
	  "a change to a range of no bytes is refused with EINVAL and leaves the region "
	  "as "
	  "it is",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, RC_WRITE, RC_READ), refuse_change,
	  &(const struct region_change){ MR_CHANGE_RANGE } },
};
SCENARIO_FAMILY(bad_changes);
