// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * invalidation.c - INV: once the system call has returned, nothing old is read or written
 *
 * One change at a time, and then the next operation, which must see what is there now.
 */
#include "scenario/scenario.h"

/*
 * The device has all of the memory; then it is taken away, and the CPU writes other data:
 * a translation that is used after its invalidation reads the old page, or writes to it.
 */
struct step {
	enum region_kind kind;
	enum invalidator by;
	bool loses; /* the data */
};

static void comes_back(struct test *t, struct target *memory, const struct step *step,
		       uint16_t generation)
{
	invalidate(t, memory, 0, KiB(64), step->by);
	rdma_read(t, memory, 0, KiB(64), step->loses ? ZEROS : generation);
}

static void stay_coherent(struct test *t, const void *row)
{
	enum { PROVEN = 2 }; /* of the many rounds; data are proof enough of the rest */
	const struct step *step = row;
	struct target *memory = responder_target(t, step->kind, KiB(64), MR_ODP);
	uint16_t generation = 0;

	rdma_write(t, memory, 0, KiB(64), ++generation);
	each_round(t, i, PROVEN, 10000) {
		if (i >= PROVEN)
			comes_back(t, memory, step, generation);
		else
			expect_churn(t, memory)
				comes_back(t, memory, step, generation);
		target_store(t, memory, 0, KiB(64), generation + 1);
		rdma_read(t, memory, 0, KiB(64), generation + 1);
		rdma_write(t, memory, 0, KiB(64), generation + 2);
		check_mapping(t, memory, 0, KiB(64), generation + 2);
		generation = (generation + 2) % 60000;
	}
}

/* clang-format off */
#define COHERENT(id_, about_, needs_, ...)                              \
	{ .id = "INV-21." id_,                                          \
	  .about = "after " about_ ", RDMA and the CPU see the same data", \
	  .needs = (needs_) | NEEDS(ODP, RC_WRITE, RC_READ),                 \
	  .run = stay_coherent,                                         \
	  .row = &(const struct step){ __VA_ARGS__ } }

static const struct scenario steps[] = {
	COHERENT("dontneed", "MADV_DONTNEED of private memory, which then reads as zeros",
		 NEEDS(ODP), REGION_ANON, BY_DONTNEED, true),
	COHERENT("remap", "mmap of new memory in the same place",
		 NEEDS(ODP), REGION_ANON, BY_REMAP, true),
	COHERENT("mremap", "mremap to another place and back",
		 NEEDS(ODP), REGION_ANON, BY_MREMAP),
	COHERENT("protect", "mprotect to read-only and back",
		 NEEDS(ODP), REGION_ANON, BY_READ_ONLY),
	COHERENT("fork", "fork and the end of the child",
		 NEEDS(ODP), REGION_ANON, BY_FORK),
	COHERENT("pageout", "MADV_PAGEOUT and swap-in by the device",
		 NEEDS(SWAP), REGION_ANON, BY_PAGEOUT),
	COHERENT("migration", "a move to another NUMA node",
		 NEEDS(NODES), REGION_ANON, BY_MIGRATION),
	COHERENT("guard", "guard pages that came and went",
		 NEEDS(GUARD), REGION_ANON, BY_GUARD, true),
};
/* clang-format on */
SCENARIO_FAMILY(steps);

SCENARIO("INV-11",
	 "what RDMA writes to a page that was read in from swap survives the next "
	 "swap-out",
	 NEEDS(SWAP, ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
	await_swap_written(t);
	/* the CPU reads, so that the page is there, writable, and as clean as on disk */
	check_mapping(t, memory, 0, KiB(64), GENERATION(1));
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	expect_churn(t, memory) {
		target_madvise(t, memory, 0, KiB(64), REGION_PAGE_OUT);
		rdma_read(t, memory, 0, KiB(64), GENERATION(2));
	}
}

SCENARIO("INV-12", "what RDMA writes after MADV_FREE is not forgotten",
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

/* One page between others refuses both, and the others do not. */
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

SCENARIO("INV-14", "a guard page refuses access, and its neighbours do not",
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

SCENARIO("INV-16", "a page whose memory failed refuses access, and its neighbours do not",
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
