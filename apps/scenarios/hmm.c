// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * hmm.c - HMM: a second mirror of the memory, beside the NIC's
 *
 * mlx5 is one user of HMM, a GPU is the other. Here the kernel's test driver acts for the GPU: it reads and
 * writes by page tables of its own, and pages migrate into its memory, where no NIC can reach them. An access of
 * the NIC must bring them back: ib_umem_odp_map_dma_and_lock() sets no dev_private_owner, so that
 * hmm_range_fault() migrates every device-private page to system memory (mm/hmm.c hmm_vma_handle_pte()).
 */
#include <errno.h>

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
};
SCENARIO_FAMILY(views);

SCENARIO("HMM-02.read",
	 "READ of four pages in device memory returns their data and brings back those "
	 "four",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	migrate_to_device(t, memory, 0, KiB(64));
	expect_faults(t, memory, EXACTLY(4))
		rdma_read(t, memory, KiB(16), KiB(16), GENERATION(1));
	expect(t, pages_in_device(t, memory, 0, KiB(64)) == 12,
	       "other pages than the four that were read came back");
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
}

SCENARIO("HMM-02.write",
	 "WRITE to a part of a page in device memory keeps the rest of the page",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	migrate_to_device(t, memory, 0, KiB(64));
	expect_faults(t, memory, EXACTLY(2))
		rdma_write(t, memory, KiB(18), KiB(4), GENERATION(2));
	check_mapping(t, memory, 0, KiB(18), GENERATION(1));
	check_mapping(t, memory, KiB(18), KiB(4), GENERATION(2));
	check_mapping(t, memory, KiB(22), KiB(42), GENERATION(1));
}

SCENARIO("HMM-02.device-wrote",
	 "READ returns what the device wrote to pages in its own memory",
	 NEEDS(MIRROR, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	migrate_to_device(t, memory, 0, KiB(64));
	mirror_stores(t, memory, 0, KiB(64), GENERATION(2));
	expect(t, pages_in_device(t, memory, 0, KiB(64)) == 16,
	       "pages left device memory when the device wrote to them");
	expect_faults(t, memory, EXACTLY(16))
		rdma_read(t, memory, 0, KiB(64), GENERATION(2));
}

SCENARIO("HMM-03.prefetch",
	 "a prefetch brings pages back from device memory, and READ does not fault",
	 NEEDS(MIRROR, ODP, PREFETCH, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	migrate_to_device(t, memory, 0, KiB(64));
	target_prefetch(t, memory, 0, KiB(64), MR_PREFETCH_WRITE);
	expect(t, pages_in_device(t, memory, 0, KiB(64)) == 0,
	       "pages are still in device memory after the prefetch");
	expect_faults(t, memory, NONE)
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
}

SCENARIO("HMM-03.no-fault", "a no-fault prefetch leaves pages in device memory",
	 NEEDS(MIRROR, ODP, PREFETCH, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	migrate_to_device(t, memory, 0, KiB(64));
	expect_faults(t, memory, NONE)
		target_prefetch(t, memory, 0, KiB(64), MR_PREFETCH_NO_FAULT);
	expect(t, pages_in_device(t, memory, 0, KiB(64)) == 16,
	       "a no-fault prefetch brought pages back from device memory");
	expect_faults(t, memory, EXACTLY(16))
		rdma_read(t, memory, 0, KiB(64), GENERATION(1));
}

#define REFUSED                                                \
	(&(const struct per_driver){ .rxe = OP_REM_ACCESS_ERR, \
				     .mlx5 = OP_REM_ACCESS_ERR })

SCENARIO("HMM-04.truncate",
	 "beyond the end of a truncated DAX file both NIC and second mirror are refused",
	 NEEDS(MIRROR, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	check_mirror(t, file, 0, KiB(64), GENERATION(1));
	target_truncate(t, file, KiB(32));
	expect(t, mirror_read_errno(t, file, KiB(32), KiB(32)) == EFAULT,
	       "the second mirror reads beyond the end of the file");
	status = rdma_read_status(t, file, KiB(32), KiB(4));
	expect_status(t, status, REFUSED);
	reconnect(t);
	rdma_read(t, file, 0, KiB(32), GENERATION(1));
	check_mirror(t, file, 0, KiB(32), GENERATION(1));
}

SCENARIO("HMM-04.punch",
	 "in a punched hole of a DAX file both NIC and second mirror read zeros",
	 NEEDS(MIRROR, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	check_mirror(t, file, 0, KiB(64), GENERATION(1));
	target_punch(t, file, KiB(16), KiB(16));
	check_mirror(t, file, KiB(16), KiB(16), ZEROS);
	rdma_read(t, file, KiB(16), KiB(16), ZEROS);
	mirror_stores(t, file, KiB(16), KiB(16), GENERATION(2));
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
	rdma_read(t, file, KiB(16), KiB(16), GENERATION(2));
	rdma_read(t, file, KiB(32), KiB(32), GENERATION(1));
}
