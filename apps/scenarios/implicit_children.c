// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* implicit_children.c - IMP-05: what an implicit region keeps */
#include <inttypes.h>

#include "base/clock.h"
#include "run/scenario.h"

/*
 * The driver makes a child for each GiB that was touched, with a list of its pages (8
 * bytes each, drivers/infiniband/hw/mlx5/odp.c), and lets go of one whose pages are all
 * gone (destroy_unused_implicit_child_mr()).
 */
#define CHILDREN    8
#define CHILD_BYTES MiB(2)
#define RELEASE_NS  (2 * NSEC_PER_SEC)

static uint64_t grown(struct test *t, uint64_t before)
{
	uint64_t now = kernel_memory(t);

	return now > before ? now - before : 0;
}

SCENARIO("IMP-05", "the children of an implicit region go when their memory is unmapped",
	 NEEDS(IMPLICIT, KERNEL_DRIVER, RC_WRITE))
{
	struct target *wide =
		responder_target(t, REGION_ANON, GiB(CHILDREN), MR_ODP_IMPLICIT);
	uint64_t before = kernel_memory(t), children, left, deadline;

	for (uint64_t i = 0; i < CHILDREN; i++)
		rdma_write(t, wide, GiB(i) + MiB(4), KiB(4), GENERATION(1));
	children = grown(t, before);
	expect(t, children >= CHILDREN * CHILD_BYTES,
	       "%" PRIu64 " bytes for %u children, expected %" PRIu64 " or more",
	       children, CHILDREN, (uint64_t)(CHILDREN * CHILD_BYTES));
	target_unmap(t, wide, 0, GiB(CHILDREN));
	deadline = clock_ns() + RELEASE_NS;
	do
		left = grown(t, before);
	while (left > children / 4 && !clock_passed(deadline));
	test_note(t, "%" PRIu64 " KiB for %u children, %" PRIu64 " KiB left",
		  children / 1024, CHILDREN, left / 1024);
	expect(t, left <= children / 4,
	       "the kernel still holds %" PRIu64 " of the %" PRIu64
	       " bytes of unmapped children",
	       left, children);
}
