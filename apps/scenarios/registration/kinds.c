// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* kinds.c - REG-08, REG-14: registration of every kind of memory */
#include <errno.h>

#include "scenario/scenario.h"
#include "testcase/test.h"

/* Kinds differ in how pages are allocated, not in how the device faults. */
static void reach_kind(struct test *t, const void *row)
{
	const enum region_kind *kind = row;
	struct target *memory = responder_target(t, *kind, MiB(2), MR_ODP);

	expect_faults(t, memory, EXACTLY(4))
		rdma_write(t, memory, KiB(16), KiB(16), GENERATION(1));
	expect_faults(t, memory, NONE)
		rdma_write(t, memory, KiB(16), KiB(16), GENERATION(2));
	expect_faults(t, memory, NONE)
		rdma_read(t, memory, KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, memory, KiB(16), KiB(16), GENERATION(2));
	check_mapping(t, memory, 0, KiB(16), ZEROS);
	check_mapping(t, memory, KiB(32), KiB(16), ZEROS);
}

#define KIND(word, about_, needs_, kind)                  \
	{                                                 \
		.id = "REG-14." word,                     \
		.about = about_,                          \
		.needs = needs_,                          \
		.run = reach_kind,                        \
		.row = &(const enum region_kind){ kind }, \
	}

static const struct scenario kinds[] = {
	KIND("anon", "anonymous memory can be registered, and faults page by page",
	     NEEDS(RC_WRITE, RC_READ), REGION_ANON),
	KIND("thp",
	     "memory of transparent huge pages can be registered, and faults page by "
	     "page",
	     NEEDS(RC_WRITE, RC_READ), REGION_THP),
	KIND("hugetlb",
	     "hugetlb memory without IBV_ACCESS_HUGETLB faults in units of 4 KiB",
	     NEEDS(HUGE_PAGES, RC_WRITE, RC_READ), REGION_HUGETLB_2M),
	KIND("memfd", "a memfd can be registered, and faults page by page",
	     NEEDS(RC_WRITE, RC_READ), REGION_MEMFD),
	KIND("tmpfs", "a file on tmpfs can be registered, and faults page by page",
	     NEEDS(RC_WRITE, RC_READ), REGION_TMPFS),
	KIND("file", "a page-cache file can be registered, and faults page by page",
	     NEEDS(FILE, RC_WRITE, RC_READ), REGION_FILE),
	KIND("fsdax",
	     "a file on a DAX filesystem can be registered, and faults page by page",
	     NEEDS(FSDAX, RC_WRITE, RC_READ), REGION_FSDAX),
	KIND("fsdax-private",
	     "a private mapping of a DAX file can be registered, and faults page by page",
	     NEEDS(FSDAX, RC_WRITE, RC_READ), REGION_FSDAX_PRIVATE),
	KIND("devdax", "a DAX device can be registered, and faults page by page",
	     NEEDS(DEVDAX, RC_WRITE, RC_READ), REGION_DEVDAX),
};
SCENARIO_FAMILY(kinds);

#define WITHOUT_REASON                                                            \
	"soft-RoCE has neither implicit regions nor translations by huge pages; " \
	"mlx5 has no call of its own for what a device lacks"

SCENARIO("REG-08.implicit",
	 "an implicit region can be registered if the device reports implicit ODP, and "
	 "only then",
	 NEEDS(KERNEL_DRIVER, ODP))
{
	static const struct errno_per_driver refused = { .rxe = EOPNOTSUPP,
							 .mlx5 = EINVAL,
							 .reason = WITHOUT_REASON };
	int error = registration_errno(t, REGION_ANON, KiB(64), MR_ODP_IMPLICIT);

	if (t->env->device.caps.general & ODP_IMPLICIT)
		expect_errno(t, error, 0);
	else
		expect_errno_here(t, error, &refused);
}

SCENARIO("REG-08.huge-pages",
	 "two huge pages can be registered with IBV_ACCESS_HUGETLB on mlx5, not on "
	 "soft-RoCE",
	 NEEDS(VERBS, ODP, HUGE_PAGES))
{
	static const struct errno_per_driver due = { .rxe = EOPNOTSUPP,
						     .mlx5 = 0,
						     .reason = WITHOUT_REASON };

	expect_errno_here(t,
			  registration_errno(t, REGION_HUGETLB_2M, MiB(4), MR_ODP,
					     .access = MR_READ_WRITE | MR_HUGE_PAGES),
			  &due);
}

SCENARIO("REG-08.relaxed", "a region with relaxed ordering faults page by page",
	 NEEDS(REGION, RC_WRITE, RC_READ))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
						 .access = MR_READ_WRITE | MR_RELAXED);

	expect_faults(t, target, EXACTLY(4))
		rdma_write(t, target, 0, KiB(16), GENERATION(1));
	rdma_read(t, target, 0, KiB(16), GENERATION(1));
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}

SCENARIO("REG-08.no-remote", "a region without remote rights can be a cold source",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_MEMFD, KiB(64), MR_ODP,
						 .access = MR_LOCAL_WRITE);

	target_fill_for(t, source, 0, target, 0, KiB(16), GENERATION(1));
	expect_faults(t, source, EXACTLY(4))
		rdma_write_from(t, source, 0, target, 0, KiB(16));
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}

SCENARIO("REG-06.beyond-memory",
	 "a region whose page list exceeds memory is refused without a kernel warning",
	 NEEDS(LARGE_ODP, KERNEL_DRIVER, ODP))
{
	expect_errno(t,
		     registration_errno(t, REGION_ANON, KiB(64), MR_ODP,
					.mr_len = 1ull << 46),
		     ENOMEM);
}
