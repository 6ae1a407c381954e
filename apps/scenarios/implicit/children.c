// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* children.c - IMP-04, IMP-05, IMP-12: the children of an implicit region */
#include <inttypes.h>

#include "base/clock.h"
#include "scenario/scenario.h"

/*
 * The driver makes a child for each GiB that was touched, with a list of its pages (8
 * bytes each, drivers/infiniband/hw/mlx5/odp.c), and frees a child when all of its pages
 * are invalidated (destroy_unused_implicit_child_mr()).
 */
#define CHILDREN    8
#define CHILD_BYTES MiB(2)
#define RELEASE_NS  (2 * NSEC_PER_SEC)

static uint64_t grown(struct test *t, uint64_t before)
{
	uint64_t now = kernel_memory(t);

	return now > before ? now - before : 0;
}

static void touch_once(struct test *t, struct target *wide, uint64_t offset)
{
	rdma_write(t, wide, offset, KiB(4), GENERATION(1));
}

/* The prefetch maps the resident page again. */
static void touch_twice(struct test *t, struct target *wide, uint64_t offset)
{
	rdma_write(t, wide, offset, KiB(4), GENERATION(1));
	target_prefetch(t, wide, offset, KiB(4), MR_PREFETCH_WRITE);
}

/* Fails where the kernel keeps more than a quarter of @bytes above @before. */
static void expect_freed(struct test *t, uint64_t before, uint64_t bytes)
{
	struct deadline deadline = deadline_for(t, RELEASE_NS);
	uint64_t left;

	do
		left = grown(t, before);
	while (left > bytes / 4 && !deadline_passed(&deadline));
	test_note(t, "%" PRIu64 " KiB for %u children, %" PRIu64 " KiB left",
		  bytes / 1024, CHILDREN, left / 1024);
	expect(t, left <= bytes / 4,
	       "the kernel still holds %" PRIu64
	       " bytes for children without pages, expected %" PRIu64 " at most",
	       left, bytes / 4);
}

struct touch {
	void (*touch)(struct test *t, struct target *wide, uint64_t offset);
};

static void free_children(struct test *t, const void *row)
{
	const struct touch *how = row;
	struct target *wide =
		responder_target(t, REGION_ANON, GiB(CHILDREN), MR_ODP_IMPLICIT);
	uint64_t before = kernel_memory(t), children;

	for (uint64_t i = 0; i < CHILDREN; i++)
		how->touch(t, wide, GiB(i) + MiB(4));
	children = grown(t, before);
	/* the rest of kernel memory varies by less than the list of one child */
	expect(t, children > (CHILDREN - 1) * CHILD_BYTES,
	       "%" PRIu64 " bytes for %u children, expected more than %" PRIu64, children,
	       CHILDREN, (uint64_t)((CHILDREN - 1) * CHILD_BYTES));
	target_unmap(t, wide, 0, GiB(CHILDREN));
	expect_freed(t, before, children);
}

/* No page of them was ever mapped, so that no invalidation has a page to take. */
static void free_empty_children(struct test *t, const void *row)
{
	const struct touch *how = row;
	struct target *wide =
		responder_target(t, REGION_ANON, GiB(CHILDREN), MR_ODP_IMPLICIT);
	uint64_t before = kernel_memory(t);

	for (uint64_t i = 0; i < CHILDREN; i++)
		how->touch(t, wide, GiB(i) + MiB(4));
	target_unmap(t, wide, 0, GiB(CHILDREN));
	expect_freed(t, before, CHILDREN * CHILD_BYTES);
}

static void read_a_hole(struct test *t, struct target *wide, uint64_t offset)
{
	target_unmap(t, wide, offset, KiB(4));
	expect_status(t, rdma_read_status(t, wide, offset, KiB(4)),
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
}

static void prefetch_untouched(struct test *t, struct target *wide, uint64_t offset)
{
	target_prefetch(t, wide, offset, KiB(4), MR_PREFETCH_NO_FAULT);
}

static const struct scenario child_releases[] = {
	{ "IMP-05",
	  "the children of an implicit region are freed when their memory is unmapped",
	  NEEDS(IMPLICIT, KERNEL_DRIVER, RC_WRITE), free_children,
	  &(const struct touch){ touch_once } },
	{ "IMP-05.twice",
	  "the children of an implicit region are freed also if a page of them was "
	  "mapped twice",
	  NEEDS(IMPLICIT, PREFETCH, KERNEL_DRIVER, RC_WRITE), free_children,
	  &(const struct touch){ touch_twice } },
	{ "IMP-05.refused",
	  "a READ of unmapped memory, which an implicit region refuses, leaves no child",
	  NEEDS(IMPLICIT, KERNEL_DRIVER, RC_READ), free_empty_children,
	  &(const struct touch){ read_a_hole } },
	{ "IMP-05.untouched",
	  "a no-fault prefetch of untouched memory leaves no child of an implicit region "
	  "after munmap",
	  NEEDS(IMPLICIT, PREFETCH, KERNEL_DRIVER), free_empty_children,
	  &(const struct touch){ prefetch_untouched } },
};
SCENARIO_FAMILY(child_releases);

/* fork() invalidates all pages of the child of the region at once. */
SCENARIO("IMP-04",
	 "after fork RDMA by an implicit region writes the parent's pages, and the child "
	 "keeps the old data",
	 NEEDS(IMPLICIT, RC_WRITE, RC_READ))
{
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP_IMPLICIT);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	fork_child(t);
	expect_faults(t, memory, EXACTLY(16))
		rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_child(t, memory, 0, KiB(64), GENERATION(1));
	child_stores(t, memory, 0, KiB(64), GENERATION(3));
	rdma_read(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
	child_ends(t);
	rdma_write(t, memory, 0, KiB(64), GENERATION(4));
	check_mapping(t, memory, 0, KiB(64), GENERATION(4));
}

/*
 * The driver's work queue frees a child whose last page is invalidated, and the next
 * access makes a new one: a WRITE or READ may fault while its child is being freed.
 */
static void invalidate_children(struct test *t, const void *row)
{
	const uint64_t *len = row;
	struct target *memory = responder_target(t, REGION_MEMFD, *len, MR_ODP_IMPLICIT);

	expect_churn(t, memory)
		storm(t, memory, BY_DONTNEED)
			traffic(t, memory, test_iterations(t, 50, 10000), KEEPS);
	check_traffic(t, memory, KEEPS);
}

static const struct scenario child_storms[] = {
	{ "IMP-12.page",
	  "WRITE and READ stay coherent while a child of an implicit region loses and "
	  "regains its only page",
	  NEEDS(IMPLICIT, RC_WRITE, RC_READ), invalidate_children,
	  &(const uint64_t){ KiB(4) } },
	{ "IMP-12.pages",
	  "WRITE and READ stay coherent while a child of an implicit region loses and "
	  "regains pages",
	  NEEDS(IMPLICIT, RC_WRITE, RC_READ), invalidate_children,
	  &(const uint64_t){ KiB(256) } },
};
SCENARIO_FAMILY(child_storms);
