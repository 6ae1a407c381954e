// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* implicit_children.c - IMP-05, IMP-06: what an implicit region keeps, and its end */
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

#define ROUNDS	24
#define STEP_NS (200 * 1000ull)

SCENARIO("IMP-06",
	 "an implicit region can be deregistered while faults under it are served",
	 NEEDS(IMPLICIT, RC_WRITE))
{
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(256), MR_ODP_IMPLICIT);
	uint64_t rounds = test_iterations(t, ROUNDS, 1000), done = 0;
	enum op_status status;

	for (uint64_t round = 0; round < rounds; round++) {
		target_evict(t, memory, 0, KiB(256));
		attempt_begin(t, RDMA_WRITE, memory, .len = KiB(256),
			      .generation = GENERATION(1));
		clock_sleep_ns(round % ROUNDS * STEP_NS);
		target_deregister(t, memory);
		status = attempt_end(t);
		done += status == OP_SUCCESS;
		expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
		       "completed with %s", op_status_name(status));
		check_either(t, memory, 0, KiB(256), GENERATION(1), ZEROS);
		target_register(t, memory);
		reconnect(t);
	}
	test_note(t,
		  "%" PRIu64 " of %" PRIu64
		  " operations were through before the region was gone",
		  done, rounds);
	rdma_write(t, memory, 0, KiB(256), GENERATION(2));
	check_mapping(t, memory, 0, KiB(256), GENERATION(2));
}
