// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * invalidation.c - INV: after the system call returns, no old data is read or written
 *
 * Each change is followed by an operation, which must reach the new state.
 */
#include "case.h"

/*
 * The device has translations of all the memory, which is then invalidated. The CPU
 * writes other data. A translation that is used after its invalidation reads or writes
 * the old page. The fault of one page renews the translations of all that follow in the
 * message: so every second time the pages are read one by one, the last one first.
 */
static void invalidate_and_read(struct test *t, struct target *memory,
				const struct invalidation_case *way, uint16_t generation,
				bool backwards)
{
	uint16_t due = way->harm & LOSES ? ZEROS : generation;

	invalidate(t, memory, 0, KiB(64), way->by);
	if (!backwards)
		rdma_read(t, memory, 0, KiB(64), due);
	else
		for (uint64_t page = KiB(64); page; page -= KiB(4))
			rdma_read(t, memory, page - KiB(4), KiB(4), due);
}

static void stay_coherent(struct test *t, const void *row)
{
	enum { PROVEN = 2 }; /* rounds with reported faults; data prove the others */
	const struct invalidation_case *way = row;
	struct target *memory = responder_target(t, way->kind, KiB(64), MR_ODP);
	uint16_t generation = 0;

	rdma_write(t, memory, 0, KiB(64), ++generation);
	each_round(t, i, PROVEN, 10000) {
		if (i >= PROVEN)
			invalidate_and_read(t, memory, way, generation, i % 2);
		else
			expect_churn(t, memory)
				invalidate_and_read(t, memory, way, generation, i % 2);
		target_store(t, memory, 0, KiB(64), generation + 1);
		rdma_read(t, memory, 0, KiB(64), generation + 1);
		rdma_write(t, memory, 0, KiB(64), generation + 2);
		check_mapping(t, memory, 0, KiB(64), generation + 2);
		generation = (generation + 2) % 60000;
	}
}

#define COHERENT(word, ...) INVALIDATION("INV-21." word, stay_coherent, __VA_ARGS__)

/*
 * Storms of these ways, and of the others, are in storms.c and
 * kernel.c.
 */
static const struct scenario coherent[] = {
	COHERENT("dontneed",
		 "after MADV_DONTNEED of private memory RDMA reads zeros, then agrees "
		 "with the CPU on all data",
		 NEEDS(ODP), REGION_ANON, BY_DONTNEED, LOSES),
	COHERENT("remap",
		 "after mmap of new memory in its place RDMA reads zeros, then agrees "
		 "with the CPU on all data",
		 NEEDS(ODP), REGION_ANON, BY_REMAP, LOSES),
	COHERENT("mremap",
		 "after mremap away and back RDMA and the CPU agree on all data",
		 NEEDS(ODP), REGION_ANON, BY_MREMAP),
	COHERENT(
		"protect",
		"after mprotect to read-only and back RDMA and the CPU agree on all data",
		NEEDS(ODP), REGION_ANON, BY_READ_ONLY),
	COHERENT(
		"fork",
		"after fork and the exit of the child RDMA and the CPU agree on all data",
		NEEDS(ODP), REGION_ANON, BY_FORK),
	COHERENT("pageout",
		 "after MADV_PAGEOUT and a swap-in by the device RDMA and the CPU agree "
		 "on all data",
		 NEEDS(SWAP), REGION_ANON, BY_PAGEOUT),
	COHERENT(
		"migration",
		"after migration to another NUMA node RDMA and the CPU agree on all data",
		NEEDS(NODES), REGION_ANON, BY_MIGRATION),
	COHERENT("guard",
		 "after guard pages are set and removed RDMA reads zeros, then agrees "
		 "with the CPU on all data",
		 NEEDS(GUARD), REGION_ANON, BY_GUARD, LOSES),
};
SCENARIO_FAMILY(coherent);

SCENARIO("INV-11",
	 "RDMA WRITE to a page that was read in from swap survives the next swap-out",
	 NEEDS(SWAP, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
	await_swap_written(t);
	/* a read by the CPU makes the page resident, writable and clean */
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	expect_churn(t, memory) {
		target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
		rdma_read(t, memory, 0, KiB(64), GENERATION(2));
	}
}

SCENARIO("INV-12", "RDMA WRITE after MADV_FREE cancels the free: the data is kept",
	 NEEDS(SWAP, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	target_madvise(t, memory, 0, KiB(64), REGION_FREE);
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	expect_churn(t, memory) {
		target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
		rdma_read(t, memory, 0, KiB(64), GENERATION(2));
	}
}

#define REFUSED                                                \
	(&(const struct per_driver){ .rxe = OP_REM_ACCESS_ERR, \
				     .mlx5 = OP_REM_ACCESS_ERR })

/* The page at @page refuses READ and WRITE; the pages around it do not. */
static void expect_page_refused(struct test *t, struct target *memory, uint64_t page)
{
	enum op_status status = rdma_read_status(t, memory, page, KiB(4));

	expect_status(t, status, REFUSED);
	reconnect(t);
	status = rdma_write_status(t, memory, page, KiB(4), GENERATION(2));
	expect_status(t, status, REFUSED);
	reconnect(t);
	rdma_read(t, memory, 0, page, GENERATION(1));
	rdma_read(t, memory, page + KiB(4), KiB(60) - page, GENERATION(1));
}

SCENARIO("INV-14", "a guard page refuses access; the pages around it do not",
	 NEEDS(GUARD, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	target_madvise(t, memory, KiB(16), KiB(4), REGION_GUARD);
	expect_page_refused(t, memory, KiB(16));
	target_madvise(t, memory, KiB(16), KiB(4), REGION_UNGUARD);
	rdma_read(t, memory, KiB(16), KiB(4), ZEROS);
	rdma_write(t, memory, KiB(16), KiB(4), GENERATION(3));
	check_mapping(t, memory, KiB(16), KiB(4), GENERATION(3));
}

SCENARIO("INV-16", "a page with MADV_HWPOISON refuses access; the pages around it do not",
	 NEEDS(POISON, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	target_madvise(t, memory, KiB(16), KiB(4), REGION_POISON);
	expect_page_refused(t, memory, KiB(16));
	target_remap(t, memory, KiB(16), KiB(4));
	rdma_write(t, memory, KiB(16), KiB(4), GENERATION(3));
	check_mapping(t, memory, KiB(16), KiB(4), GENERATION(3));
}
