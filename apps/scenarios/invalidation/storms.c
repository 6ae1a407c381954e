// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * storms.c - INV: WRITE and READ while the kernel invalidates the pages
 *
 * The initiator writes pages and reads them back, each write with its own generation,
 * while a thread of the responder invalidates random ranges. A page must read as written
 * last, or as zeros where the storm drops data; never as older data, never torn.
 */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "case.h"

void run_under_invalidation(struct test *t, const void *row)
{
	const struct invalidation_case *way = row;
	uint64_t len = way->len ? way->len : KiB(256);
	uint64_t rounds = way->rounds ? way->rounds : ROUNDS;
	struct target *memory = responder_target(t, way->kind, len, MR_ODP);

	expect_churn(t, memory)
		storm(t, memory, way->by)
			traffic(t, memory, rounds, way->harm);
	check_traffic(t, memory, way->harm);
}

#define STORM(word, ...) INVALIDATION("INV-" word, run_under_invalidation, __VA_ARGS__)

static const struct scenario storms[] = {
	STORM("01.anon",
	      "while MADV_DONTNEED drops private memory, READ returns new data or zeros, "
	      "never old data",
	      NEEDS(ODP), REGION_ANON, BY_DONTNEED, LOSES),
	STORM("01.memfd",
	      "WRITE and READ stay coherent while MADV_DONTNEED unmaps shared memory",
	      NEEDS(ODP), REGION_MEMFD, BY_DONTNEED),
	STORM("01.fsdax",
	      "WRITE and READ stay coherent while MADV_DONTNEED unmaps a DAX file",
	      NEEDS(FSDAX), REGION_FSDAX, BY_DONTNEED),
	STORM("01.file",
	      "WRITE and READ stay coherent while MADV_DONTNEED unmaps a page-cache file",
	      NEEDS(FILE), REGION_FILE, BY_DONTNEED),
	STORM("02.anon",
	      "while mmap (MAP_FIXED) replaces private memory, READ returns new data or "
	      "zeros, never old data",
	      NEEDS(ODP), REGION_ANON, BY_REMAP, LOSES),
	STORM("02.memfd",
	      "WRITE and READ stay coherent while shared memory is remapped (MAP_FIXED) "
	      "over itself",
	      NEEDS(ODP), REGION_MEMFD, BY_REMAP),
	STORM("02.fsdax",
	      "WRITE and READ stay coherent while a DAX file is remapped (MAP_FIXED) "
	      "over itself",
	      NEEDS(FSDAX), REGION_FSDAX, BY_REMAP),
	STORM("03.anon",
	      "WRITE and READ stay coherent, or are refused, while mremap moves private "
	      "memory away and back",
	      NEEDS(ODP), REGION_ANON, BY_MREMAP, REFUSES),
	STORM("03.fsdax",
	      "WRITE and READ stay coherent, or are refused, while mremap moves a DAX "
	      "mapping away and back",
	      NEEDS(FSDAX), REGION_FSDAX, BY_MREMAP, REFUSES),
	STORM("04.read-only",
	      "no WRITE changes private memory while mprotect(PROT_READ) is in force",
	      NEEDS(ODP), REGION_ANON, BY_READ_ONLY, REFUSES),
	STORM("04.read-only-fsdax",
	      "no WRITE changes a DAX file while mprotect(PROT_READ) is in force",
	      NEEDS(FSDAX), REGION_FSDAX, BY_READ_ONLY, REFUSES),
	STORM("04.no-access",
	      "WRITE and READ stay coherent, or are refused, while mprotect() denies and "
	      "restores all access",
	      NEEDS(ODP), REGION_ANON, BY_NO_ACCESS, REFUSES),
	STORM("05.fork",
	      "WRITE and READ stay coherent while forks make all private memory "
	      "copy-on-write",
	      NEEDS(ODP), REGION_ANON, BY_FORK),
	STORM("07.collapse",
	      "WRITE and READ stay coherent while MADV_COLLAPSE makes huge pages that "
	      "are split again",
	      NEEDS(COLLAPSE), REGION_THP, BY_COLLAPSE, .len = MiB(2)),
	STORM("08.anon",
	      "WRITE and READ stay coherent while private memory migrates between two "
	      "NUMA nodes",
	      NEEDS(NODES), REGION_ANON, BY_MIGRATION),
	STORM("08.memfd",
	      "WRITE and READ stay coherent while shared memory migrates between two "
	      "NUMA nodes",
	      NEEDS(NODES), REGION_MEMFD, BY_MIGRATION),
	STORM("10.anon",
	      "WRITE and READ stay coherent while MADV_PAGEOUT swaps private memory out",
	      NEEDS(SWAP), REGION_ANON, BY_PAGEOUT),
	STORM("10.memfd",
	      "WRITE and READ stay coherent while MADV_PAGEOUT swaps shared memory out",
	      NEEDS(SWAP), REGION_MEMFD, BY_PAGEOUT),
	STORM("12.free",
	      "while MADV_FREE releases private memory, READ returns new data or zeros, "
	      "never old data",
	      NEEDS(ODP), REGION_ANON, BY_FREE, LOSES),
	STORM("14.guard",
	      "while MADV_GUARD_INSTALL closes pages, access is refused, or returns new "
	      "data or zeros",
	      NEEDS(GUARD), REGION_ANON, BY_GUARD, LOSES | REFUSES),
};
SCENARIO_FAMILY(storms);

/*
 * HMM gives up on a range whose walk is restarted by invalidations for longer than a
 * second (mm/hmm.c HMM_RANGE_DEFAULT_TIMEOUT): the result is an error, never a hang.
 */
SCENARIO("INV-18",
	 "WRITE under continuous invalidation completes or is refused within 8 s",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	const uint64_t most_ns = patience(t, 8 * NSEC_PER_SEC);
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
				/* one cycle in 16 takes all pages: about four of 64 */
				await_cycles(t, 64);
			}
	expect(t, worst < most_ns, "the longest took %llu ms",
	       (unsigned long long)(worst / NSEC_PER_MSEC));
	test_note(t, "the longest took %llu ms, %llu were refused",
		  (unsigned long long)(worst / NSEC_PER_MSEC),
		  (unsigned long long)refused);
	rdma_write(t, memory, 0, KiB(128), GENERATION(2));
	check_mapping(t, memory, 0, KiB(128), GENERATION(2));
}

SCENARIO("INV-18.prefetch",
	 "a prefetch under continuous invalidation succeeds or fails with EBUSY within 8 "
	 "s",
	 NEEDS(ODP, PREFETCH, RC_WRITE))
{
	const uint64_t most_ns = patience(t, 8 * NSEC_PER_SEC);
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
	expect(t, worst < most_ns, "the longest took %llu ms", worst / NSEC_PER_MSEC);
	test_note(t, "%llu of %llu gave up, the longest took %llu ms", gave_up, rounds,
		  worst / NSEC_PER_MSEC);
	rdma_write(t, memory, 0, KiB(128), GENERATION(1));
	check_mapping(t, memory, 0, KiB(128), GENERATION(1));
}

/* ---- at the initiator: the source of WRITE and the sink of READ are invalidated ---- */

static void run_under_local_invalidation(struct test *t, const void *row)
{
	const struct invalidation_case *way = row;
	struct target *local = initiator_target(t, way->kind, MiB(1), MR_ODP);
	struct target *remote = responder_target(t, REGION_ANON, KiB(256), MR_PINNED);

	use_local(t, local);
	expect_churn(t, local)
		storm(t, local, way->by)
			traffic(t, remote, ROUNDS, way->harm);
	check_traffic(t, remote, way->harm);
}

static const struct scenario local_storms[] = {
	{ "INV-22.dontneed",
	  "with ODP at the initiator WRITE and READ stay coherent while MADV_DONTNEED "
	  "unmaps shared memory",
	  NEEDS(ODP, RC_WRITE, RC_READ), run_under_local_invalidation,
	  &(const struct invalidation_case){ REGION_MEMFD, BY_DONTNEED } },
	{ "INV-22.remap",
	  "with ODP at the initiator WRITE and READ stay coherent while shared memory is "
	  "remapped over itself",
	  NEEDS(ODP, RC_WRITE, RC_READ), run_under_local_invalidation,
	  &(const struct invalidation_case){ REGION_MEMFD, BY_REMAP } },
	{ "INV-22.fsdax",
	  "with ODP at the initiator WRITE and READ stay coherent while MADV_DONTNEED "
	  "unmaps a DAX file",
	  NEEDS(FSDAX, ODP, RC_WRITE, RC_READ), run_under_local_invalidation,
	  &(const struct invalidation_case){ REGION_FSDAX, BY_DONTNEED } },
	{ "INV-22.migration",
	  "with ODP at the initiator WRITE and READ stay coherent while pages migrate "
	  "between NUMA nodes",
	  NEEDS(NODES, ODP, RC_WRITE, RC_READ), run_under_local_invalidation,
	  &(const struct invalidation_case){ REGION_ANON, BY_MIGRATION } },
};
SCENARIO_FAMILY(local_storms);
