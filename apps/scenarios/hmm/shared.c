// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * shared.c - HMM: pages that the second mirror's device uses where they are, as the NIC
 * does
 */
#include "steps.h"

/* MEMORY_DEVICE_COHERENT: the NIC needs no page of it elsewhere. */
SCENARIO("HMM-05.read", "READ of pages in coherent memory leaves them there",
	 NEEDS(COHERENT_MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_COHERENT);

	expect_faults(t, memory, EXACTLY(16))
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	expect(t, pages_in_device(t, memory, 0, KiB(64), MIRROR_COHERENT) == 16,
	       "pages left coherent memory when the NIC read them");
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
}

SCENARIO("HMM-05.write",
	 "WRITE to pages in coherent memory leaves them there, and the CPU reads it",
	 NEEDS(COHERENT_MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_in_device(t, MIRROR_COHERENT);

	hmm_write_inside(t, memory);
	expect(t, pages_in_device(t, memory, 0, KiB(64), MIRROR_COHERENT) == 16,
	       "pages left coherent memory when the NIC wrote to them");
	hmm_check_inside(t, memory);
}

/* make_device_exclusive(): what a GPU's atomic operations need. */
SCENARIO(
	"HMM-06.write",
	"WRITE ends a device's exclusive access to the pages, and keeps the rest of them",
	NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_written(t);

	reserve_for_device(t, memory, 0, KiB(64));
	hmm_write_inside(t, memory);
	expect(t, !is_reserved_for_device(t, memory, KiB(16), KiB(8)),
	       "the device has exclusive access still");
	expect(t, is_reserved_for_device(t, memory, KiB(24), KiB(40)),
	       "exclusive access to pages that were not written ended");
	hmm_check_inside(t, memory);
}

SCENARIO("HMM-06.read", "READ ends a device's exclusive access to the pages",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_written(t);

	reserve_for_device(t, memory, 0, KiB(64));
	expect_faults(t, memory, EXACTLY(16))
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	expect(t, !is_reserved_for_device(t, memory, 0, KiB(64)),
	       "the device has exclusive access still");
}

/* As INV-11 for the NIC: read in from swap by a read, a page is writable and clean. */
SCENARIO("HMM-09",
	 "what the second mirror wrote to a page that was read in from swap survives the "
	 "next swap-out",
	 NEEDS(MIRROR, SWAP, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = hmm_written(t);

	target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
	await_swap_written(t);
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
	mirror_stores(t, memory, 0, KiB(64), GENERATION(2));
	target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
	rdma_read(t, memory, 0, KiB(64), GENERATION(2));
}
