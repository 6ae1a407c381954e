// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hmm.c - HMM: rows of one form; the scenarios that tell a story of their own are in hmm/
 *
 * mlx5 is one user of HMM, a GPU is the other. Here the kernel's test driver acts for the
 * GPU: it reads and writes by page tables of its own, and pages migrate into its memory,
 * where no NIC can reach them. An access of the NIC must bring them back:
 * ib_umem_odp_map_dma_and_lock() sets no dev_private_owner, so that hmm_range_fault()
 * migrates every device-private page to system memory (mm/hmm.c hmm_vma_handle_pte()).
 */
#include "base/util.h"
#include "invalidation/case.h"

/* NIC, second mirror and CPU each write once, and the others must read that. */
static void agree(struct test *t, const void *row)
{
	const struct invalidation_case *way = row;
	struct target *memory = responder_target(t, way->kind, KiB(64), MR_ODP);
	uint16_t generation = 0;

	each_round(t, i, 4, 10000) {
		rdma_write(t, memory, 0, KiB(64), generation + 1);
		check_mirror(t, memory, 0, KiB(64), generation + 1);
		mirror_stores(t, memory, 0, KiB(64), generation + 2);
		rdma_read(t, memory, 0, KiB(64), generation + 2);
		check_mapping(t, memory, 0, KiB(64), generation + 2);
		target_store(t, memory, 0, KiB(64), generation + 3);
		check_mirror(t, memory, 0, KiB(64), generation + 3);
		rdma_read(t, memory, 0, KiB(64), generation + 3);
		generation = (generation + 3) % 60000;
	}
}

static const struct scenario views[] = {
	INVALIDATION("HMM-01.anon", agree,
		     "NIC, second HMM mirror and CPU agree on private memory, whichever "
		     "wrote it",
		     NEEDS(MIRROR), REGION_ANON),
	INVALIDATION("HMM-01.memfd", agree,
		     "NIC, second HMM mirror and CPU agree on shared memory, whichever "
		     "wrote it",
		     NEEDS(MIRROR), REGION_MEMFD),
	INVALIDATION(
		"HMM-01.fsdax", agree,
		"NIC, second HMM mirror and CPU agree on a DAX file, whichever wrote it",
		NEEDS(MIRROR, FSDAX), REGION_FSDAX),
	INVALIDATION("HMM-02.traffic", run_under_invalidation,
		     "WRITE and READ stay coherent while pages migrate to device memory",
		     NEEDS(MIRROR), REGION_ANON, BY_DEVICE_MEMORY),
	INVALIDATION("HMM-04.traffic", run_under_invalidation,
		     "WRITE and READ stay coherent while a DAX file that a second mirror "
		     "reads is mapped anew",
		     NEEDS(MIRROR, FSDAX), REGION_FSDAX, BY_MIRRORED_REMAP),
	INVALIDATION("HMM-04.traffic-memfd", run_under_invalidation,
		     "WRITE and READ stay coherent while shared memory that a second "
		     "mirror reads is mapped anew",
		     NEEDS(MIRROR), REGION_MEMFD, BY_MIRRORED_REMAP),
	INVALIDATION(
		"HMM-05.traffic", run_under_invalidation,
		"WRITE and READ stay coherent while pages migrate to coherent memory",
		NEEDS(COHERENT_MIRROR), REGION_ANON, BY_COHERENT_MEMORY),
	INVALIDATION("HMM-06.traffic", run_under_invalidation,
		     "WRITE and READ stay coherent while a device takes pages for "
		     "exclusive access",
		     NEEDS(MIRROR), REGION_ANON, BY_EXCLUSIVE_ACCESS),
};
SCENARIO_FAMILY(views);
