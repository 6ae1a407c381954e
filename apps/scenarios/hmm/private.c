// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * private.c - HMM: pages in memory that only the second mirror's device can access, and
 * the NIC
 */
#include "steps.h"

SCENARIO("HMM-02.read",
	 "READ of four pages in device memory returns their data and brings back those "
	 "four",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);

	expect_faults(t, memory, EXACTLY(4))
		rdma_read(t, memory, KiB(16), KiB(16), GENERATION(1));
	expect(t, pages_in_device(t, memory, 0, KiB(64), MIRROR_PRIVATE) == 12,
	       "other pages than the four that were read came back");
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
}

SCENARIO("HMM-02.write",
	 "WRITE to a part of a page in device memory keeps the rest of the page",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);

	hmm_write_inside(t, memory);
	hmm_check_inside(t, memory);
}

SCENARIO("HMM-02.device-wrote",
	 "READ returns what the device wrote to pages in its own memory",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);

	mirror_stores(t, memory, 0, KiB(64), GENERATION(2));
	expect(t, pages_in_device(t, memory, 0, KiB(64), MIRROR_PRIVATE) == 16,
	       "pages left device memory when the device wrote to them");
	expect_faults(t, memory, EXACTLY(16))
		rdma_read(t, memory, 0, KiB(64), GENERATION(2));
}

SCENARIO("HMM-03.prefetch",
	 "a prefetch brings pages back from device memory, and READ does not fault",
	 NEEDS(MIRROR, ODP, PREFETCH, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);

	target_prefetch(t, memory, 0, KiB(64), MR_PREFETCH_WRITE);
	expect(t, pages_in_device(t, memory, 0, KiB(64), MIRROR_PRIVATE) == 0,
	       "pages are still in device memory after the prefetch");
	expect_faults(t, memory, NONE)
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
}

SCENARIO("HMM-03.no-fault", "a no-fault prefetch leaves pages in device memory",
	 NEEDS(MIRROR, ODP, PREFETCH, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);

	expect_faults(t, memory, NONE)
		target_prefetch(t, memory, 0, KiB(64), MR_PREFETCH_NO_FAULT);
	expect(t, pages_in_device(t, memory, 0, KiB(64), MIRROR_PRIVATE) == 16,
	       "a no-fault prefetch brought pages back from device memory");
	expect_faults(t, memory, EXACTLY(16))
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
}

/* mlx5 may ask twice for the page: a range first, then what is missing of it. */
SCENARIO("HMM-07",
	 "READ of a page that its device cannot give back fails or returns its data; the "
	 "next READ returns it",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);
	enum op_status status;

	fail_return_from_device(t);
	status = rdma_read_status(t, memory, 0, KiB(4));
	expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
	       "READ neither succeeded nor was refused");
	reconnect(t);
	rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
}

SCENARIO("HMM-08",
	 "after a fork WRITE to pages in device memory changes the parent's, not the "
	 "child's",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_PRIVATE);

	fork_child(t);
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
	check_child(t, memory, 0, KiB(64), GENERATION(1));
	child_ends(t);
	rdma_read(t, memory, 0, KiB(64), GENERATION(2));
}
