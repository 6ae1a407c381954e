// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hazards.c - scenarios whose failure crashes the kernel, or that damage the host
 *
 * They run only with odp_test --hazards, on a host that can be rebooted.
 */
#include <errno.h>

#include "scenario/scenario.h"

/*
 * The iova differs by more than the length of the region: a driver that uses it as a user
 * address reads beyond the end of its tables.
 */
SCENARIO("REG-12.far", "a region can be registered with an iova far from its address",
	 NEEDS(FSDAX, RC_WRITE, VERBS, HAZARD_ON_RXE))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, KiB(64), MR_ODP, .mr_shift = GiB(1));

	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, KiB(16), KiB(16), GENERATION(1));
	check_file(t, file, KiB(16), KiB(16), GENERATION(1));
	check_file(t, file, 0, KiB(16), ZEROS);
}

/*
 * Such memory is not in the kernel's direct map, and no device may reach it. A pinned
 * registration is refused by mm/gup.c, check_vma_flags(). HMM has no such check.
 */
SCENARIO("ERR-14",
	 "memfd_secret() memory cannot be pinned, and RDMA WRITE to it with ODP is "
	 "refused",
	 NEEDS(RC_WRITE, VERBS, SECRET, HAZARD_ON_RXE))
{
	struct target *secret;
	enum op_status status;

	expect_errno(t, registration_errno(t, REGION_SECRET, KiB(64), MR_PINNED), EFAULT);
	secret = responder_target(t, REGION_SECRET, KiB(64), MR_ODP);
	status = rdma_write_status(t, secret, 0, KiB(4), GENERATION(1));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
}

/*
 * The fork invalidates the mirror's entries. What it asks for then is in the memory of
 * its own device.
 */
SCENARIO("HMM-08.mirror",
	 "after a fork the second mirror reads pages that are in its own device's memory",
	 NEEDS(MIRROR, ODP, RC_WRITE, HAZARD))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	migrate_to_device(t, memory, 0, KiB(64), MIRROR_PRIVATE);
	fork_child(t);
	check_mirror(t, memory, 0, KiB(64), GENERATION(1));
	child_ends(t);
}

SCENARIO("PF-08.pinned", "a prefetch of a pinned region is refused",
	 NEEDS(PREFETCH, VERBS, PINNED, HAZARD_ON_RXE))
{
	struct target *pinned = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	int error = advise_errno(t, pinned, 0, KiB(4), MR_PREFETCH);

	expect(t, error, "the prefetch of a pinned region was accepted");
	rdma_write(t, pinned, 0, KiB(64), GENERATION(1));
	check_mapping(t, pinned, 0, KiB(64), GENERATION(1));
}

SCENARIO("DAX-17.detach",
	 "a region keeps working after its filesystem is detached (MNT_DETACH)",
	 NEEDS(FSDAX, ROOT, RC_WRITE, RC_READ, HAZARD))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint16_t last;

	background_begin(t, file, 0, KiB(16));
	background_wait(t);
	detach_filesystem(t, file);
	background_wait(t);
	background_wait(t);
	last = background_end(t);
	check_file(t, file, 0, KiB(16), last);
	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, KiB(32), KiB(16), GENERATION(1));
	check_file(t, file, KiB(32), KiB(16), GENERATION(1));
}

/* The memory is removed during a WRITE to it: each operation must end. */
struct removal {
	enum region_kind kind;
};

static void remove_during_traffic(struct test *t, const void *row)
{
	const struct removal *removal = row;
	struct target *memory = responder_target(t, removal->kind, MiB(2), MR_ODP);
	enum op_status status;

	background_begin(t, memory, 0, KiB(16));
	background_wait(t);
	expect_within(t, 10 * NSEC_PER_SEC)
		unbind_nvdimm(t, memory);
	status = background_end_status(t);
	test_note(t, "the WRITE under way ended with %s", op_status_name(status));
	reconnect(t);
	expect_within(t, 5 * NSEC_PER_SEC)
		status = rdma_write_status(t, memory, MiB(1), KiB(4), GENERATION(1));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
}

static const struct scenario removals[] = {
	{ "DAX-17.fsdax-removed",
	  "after an NVDIMM is unbound under a filesystem, WRITE to a region on it is "
	  "refused within 5 s",
	  NEEDS(FSDAX, ROOT, RC_WRITE, HAZARD), remove_during_traffic,
	  &(const struct removal){ REGION_FSDAX } },
	{ "DAX-17.devdax-removed",
	  "after a DAX device is unbound, WRITE to a region on it is refused within 5 s",
	  NEEDS(DEVDAX, ROOT, RC_WRITE, HAZARD), remove_during_traffic,
	  &(const struct removal){ REGION_DEVDAX } },
};
SCENARIO_FAMILY(removals);

/*
 * The page must have been written: a hole is backed by the kernel's one page of zeros.
 * The other pages share the file, the region and the huge page.
 */
SCENARIO("DAX-20",
	 "after a memory failure in one page of a DAX file the other pages stay writable",
	 NEEDS(FSDAX, ROOT, POISON, RC_WRITE, HAZARD))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	enum op_status status = OP_NO_COMPLETION;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	target_madvise(t, file, KiB(16), KiB(4), REGION_POISON);
	expect_within(t, 5 * NSEC_PER_SEC)
		status = rdma_read_status(t, file, KiB(16), KiB(4));
	test_note(t, "RDMA READ of the failed page ended with %s",
		  op_status_name(status));
	reconnect(t);
	rdma_write(t, file, 0, KiB(16), GENERATION(2));
	rdma_write(t, file, KiB(20), KiB(44), GENERATION(2));
	check_file(t, file, 0, KiB(16), GENERATION(2));
	check_file(t, file, KiB(20), KiB(44), GENERATION(2));
}
