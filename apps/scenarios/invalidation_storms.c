// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * invalidation_storms.c - INV: traffic goes on while the kernel takes its pages away
 *
 * The initiator writes pages and reads them back, each write with a generation of its
 * own, while a thread of the responder invalidates ranges at random. What is read must be
 * what was written last, or zeros where the storm drops data; never older, never torn.
 */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "ordeal.h"

void endure(struct test *t, const void *row)
{
	const struct ordeal *ordeal = row;
	uint64_t len = ordeal->len ? ordeal->len : KiB(256);
	struct target *memory = responder_target(t, ordeal->kind, len, MR_ODP);

	expect_churn(t, memory)
		storm(t, memory, ordeal->by)
			traffic(t, memory, ordeal->rounds ? ordeal->rounds : ROUNDS,
				ordeal->harm);
	check_traffic(t, memory, ordeal->harm);
}

/* clang-format off */
#define STORM(id_, about_, needs_, ...)                 \
	{ .id = "INV-" id_,                             \
	  .about = "traffic while " about_,             \
	  .needs = (needs_) | NEEDS(ODP, RC_WRITE, RC_READ), \
	  .run = endure,                                \
	  .row = &(const struct ordeal){ __VA_ARGS__ } }

static const struct scenario storms[] = {
	STORM("01.anon", "MADV_DONTNEED drops private memory: new data or zeros, never old",
	      NEEDS(ODP), REGION_ANON, BY_DONTNEED, LOSES),
	STORM("01.memfd", "MADV_DONTNEED unmaps shared memory, whose data stays",
	      NEEDS(ODP), REGION_MEMFD, BY_DONTNEED),
	STORM("01.fsdax", "MADV_DONTNEED unmaps a DAX file, whose data stays",
	      NEEDS(FSDAX), REGION_FSDAX, BY_DONTNEED),
	STORM("01.file", "MADV_DONTNEED unmaps a page-cache file, whose data stays",
	      NEEDS(FILE), REGION_FILE, BY_DONTNEED),
	STORM("02.anon", "mmap puts new private memory in the same place",
	      NEEDS(ODP), REGION_ANON, BY_REMAP, LOSES),
	STORM("02.memfd", "mmap puts the same shared memory in the same place",
	      NEEDS(ODP), REGION_MEMFD, BY_REMAP),
	STORM("02.fsdax", "mmap puts the same DAX file in the same place",
	      NEEDS(FSDAX), REGION_FSDAX, BY_REMAP),
	STORM("03.anon", "mremap moves private memory away and back",
	      NEEDS(ODP), REGION_ANON, BY_MREMAP, REFUSES),
	STORM("03.fsdax", "mremap moves the mapping of a DAX file away and back",
	      NEEDS(FSDAX), REGION_FSDAX, BY_MREMAP, REFUSES),
	STORM("04.read-only", "mprotect makes pages read-only: no write lands then",
	      NEEDS(ODP), REGION_ANON, BY_READ_ONLY, REFUSES),
	STORM("04.read-only-fsdax", "mprotect makes a DAX file read-only: no write lands then",
	      NEEDS(FSDAX), REGION_FSDAX, BY_READ_ONLY, REFUSES),
	STORM("04.no-access", "mprotect takes all access away and gives it back",
	      NEEDS(ODP), REGION_ANON, BY_NO_ACCESS, REFUSES),
	STORM("05.fork", "children are forked, so that all private memory is to be copied",
	      NEEDS(ODP), REGION_ANON, BY_FORK),
	STORM("07.collapse", "private memory is made huge pages and taken apart again",
	      NEEDS(COLLAPSE), REGION_THP, BY_COLLAPSE, .len = MiB(2)),
	STORM("08.anon", "private memory moves between two NUMA nodes",
	      NEEDS(NODES), REGION_ANON, BY_MIGRATION),
	STORM("08.memfd", "shared memory moves between two NUMA nodes",
	      NEEDS(NODES), REGION_MEMFD, BY_MIGRATION),
	STORM("10.anon", "MADV_PAGEOUT swaps private memory out",
	      NEEDS(SWAP), REGION_ANON, BY_PAGEOUT),
	STORM("10.memfd", "MADV_PAGEOUT swaps shared memory out",
	      NEEDS(SWAP), REGION_MEMFD, BY_PAGEOUT),
	STORM("12.free", "MADV_FREE lets the kernel forget private memory",
	      NEEDS(ODP), REGION_ANON, BY_FREE, LOSES),
	STORM("14.guard", "MADV_GUARD_INSTALL closes pages, which open again as new",
	      NEEDS(GUARD), REGION_ANON, BY_GUARD, LOSES | REFUSES),
};
/* clang-format on */
SCENARIO_FAMILY(storms);

/*
 * HMM gives up on a range that is invalidated for longer than a second without getting
 * anywhere (mm/hmm.c HMM_RANGE_DEFAULT_TIMEOUT): an error then, but never a hang.
 */
SCENARIO("INV-18",
	 "pages that are taken away at once, again and again, end in bounded time",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	static const uint64_t most_ns = 8 * NSEC_PER_SEC;
	struct target *memory = responder_target(t, REGION_ANON, MiB(4), MR_ODP);
	uint64_t begin, worst = 0, refused = 0;

	expect_churn(t, memory)
		relentless_storm(t, memory, BY_DONTNEED)
			each_round(t, i, 4, 10000) {
				enum op_status status;

				begin = clock_ns();
				status = rdma_write_status(t, memory, 0, KiB(128),
							   GENERATION(1));
				if (clock_ns() - begin > worst)
					worst = clock_ns() - begin;
				expect(t,
				       status == OP_SUCCESS ||
					       status == OP_REM_ACCESS_ERR,
				       "completed with %s", op_status_name(status));
				if (status != OP_SUCCESS)
					reconnect(t);
				refused += status != OP_SUCCESS;
				/* one in 16 takes all pages: four rounds have seen that happen */
				await_cycles(t, 64);
			}
	expect(t, worst < most_ns, "one took %llu ms",
	       (unsigned long long)(worst / NSEC_PER_MSEC));
	test_note(t, "the longest took %llu ms, %llu were refused",
		  (unsigned long long)(worst / NSEC_PER_MSEC),
		  (unsigned long long)refused);
	rdma_write(t, memory, 0, KiB(128), GENERATION(2));
	check_mapping(t, memory, 0, KiB(128), GENERATION(2));
}

SCENARIO("INV-18.prefetch",
	 "a prefetch that gets nowhere, as its pages are taken away, gives up in bounded "
	 "time",
	 NEEDS(ODP, PREFETCH, RC_WRITE))
{
	static const uint64_t most_ns = 8 * NSEC_PER_SEC;
	struct target *memory = responder_target(t, REGION_ANON, MiB(16), MR_ODP);
	unsigned long long rounds = test_iterations(t, 2, 100), gave_up = 0, worst = 0;

	relentless_storm(t, memory, BY_DONTNEED)
		for (unsigned long long i = 0; i < rounds; i++) {
			uint64_t begin = clock_ns();
			int error =
				advise_errno(t, memory, 0, MiB(16), MR_PREFETCH_WRITE);
			uint64_t took = clock_ns() - begin;

			worst = took > worst ? took : worst;
			gave_up += error == EBUSY;
			expect(t, !error || error == EBUSY, "ended with %s",
			       strerror(error));
		}
	expect(t, worst < most_ns, "one took %llu ms", worst / NSEC_PER_MSEC);
	test_note(t, "%llu of %llu gave up, the longest took %llu ms", gave_up, rounds,
		  worst / NSEC_PER_MSEC);
	rdma_write(t, memory, 0, KiB(128), GENERATION(1));
	check_mapping(t, memory, 0, KiB(128), GENERATION(1));
}

/* ---- at the other end: memory that is sent from, and received into ---- */

static void endure_locally(struct test *t, const void *row)
{
	const struct ordeal *ordeal = row;
	struct target *local = initiator_target(t, ordeal->kind, MiB(1), MR_ODP);
	struct target *remote = responder_target(t, REGION_ANON, KiB(256), MR_PINNED);

	use_local(t, local);
	expect_churn(t, local)
		storm(t, local, ordeal->by)
			traffic(t, remote, ROUNDS, ordeal->harm);
	check_traffic(t, remote, ordeal->harm);
}

/* clang-format off */
static const struct scenario local_storms[] = {
	{ "INV-22.dontneed", "traffic from and to shared memory that MADV_DONTNEED unmaps",
	  NEEDS(ODP, RC_WRITE, RC_READ), endure_locally,
	  &(const struct ordeal){ REGION_MEMFD, BY_DONTNEED } },
	{ "INV-22.remap", "traffic from and to shared memory that is mapped anew in place",
	  NEEDS(ODP, RC_WRITE, RC_READ), endure_locally,
	  &(const struct ordeal){ REGION_MEMFD, BY_REMAP } },
	{ "INV-22.fsdax", "traffic from and to a DAX file that MADV_DONTNEED unmaps",
	  NEEDS(FSDAX, ODP, RC_WRITE, RC_READ), endure_locally,
	  &(const struct ordeal){ REGION_FSDAX, BY_DONTNEED } },
	{ "INV-22.migration", "traffic from and to memory that moves between NUMA nodes",
	  NEEDS(NODES, ODP, RC_WRITE, RC_READ), endure_locally,
	  &(const struct ordeal){ REGION_ANON, BY_MIGRATION } },
};
/* clang-format on */
SCENARIO_FAMILY(local_storms);
