// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* atomics.c - DP: atomics on memory that faults */
#include "scenario/scenario.h"

SCENARIO("DP-10", "a FETCH_ADD to a cold page faults it in once and adds once",
	 NEEDS(REGION, RC_ATOMIC))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	uint64_t old = 1;

	expect_faults(t, cold, EXACTLY(1))
		old = rdma_fetch_add(t, cold, 0, 7);
	expect(t, old == 0, "a cold page held %" PRIu64 ", expected 0", old);
	check_word(t, cold, 0, 7);
	check_mapping(t, cold, 8, KiB(64) - 8, ZEROS);
}

SCENARIO("DP-10.swap",
	 "COMPARE_SWAP to a cold page swaps an equal value and leaves another unchanged",
	 NEEDS(REGION, RC_ATOMIC))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	uint64_t old = 1;

	expect_faults(t, cold, EXACTLY(1))
		old = rdma_compare_swap(t, cold, 64, 0, 11);
	expect(t, old == 0, "a cold page held %" PRIu64 ", expected 0", old);
	check_word(t, cold, 64, 11);
	expect_faults(t, cold, NONE)
		old = rdma_compare_swap(t, cold, 64, 5, 13);
	expect(t, old == 11, "the second swap found %" PRIu64 ", expected 11", old);
	check_word(t, cold, 64, 11);
	check_mapping(t, cold, 72, KiB(60), ZEROS);
}

static void result_at(struct test *t, const void *row)
{
	struct target *counter = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *result = initiator_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const uint64_t *offset = row;

	rdma_fetch_add(t, counter, 0, 42);
	expect_faults(t, result, EXACTLY(1))
		rdma_fetch_add_into(t, result, *offset, counter, 0, 1);
	check_word(t, result, *offset, 42);
	check_word(t, counter, 0, 43);
	check_mapping(t, result, 0, *offset, ZEROS);
	check_mapping(t, result, *offset + 8, KiB(56) - *offset, ZEROS);
}

static const struct scenario results[] = {
	{ "DP-10.result", "the result of an atomic is stored at the start of a cold page",
	  NEEDS(REGION, RC_ATOMIC), result_at, &(const uint64_t){ KiB(4) } },
	{ "DP-10.result-inside",
	  "the result of an atomic is stored in the middle of a cold page",
	  NEEDS(REGION, RC_ATOMIC), result_at, &(const uint64_t){ KiB(4) + 1024 } },
};
SCENARIO_FAMILY(results);

SCENARIO("DP-10.offsets",
	 "FETCH_ADD to each of the 512 words of a page adds to that word only",
	 NEEDS(REGION, RC_ATOMIC))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		for (uint64_t word = 0; word < 512; word++)
			rdma_fetch_add(t, cold, KiB(4) + 8 * word, word + 1);
	for (uint64_t word = 0; word < 512; word++)
		check_word(t, cold, KiB(4) + 8 * word, word + 1);
	check_mapping(t, cold, 0, KiB(4), ZEROS);
	check_mapping(t, cold, KiB(8), KiB(56), ZEROS);
}

/* A device that executes an atomic again when it resumes it counts further than we do. */
SCENARIO("DP-10.once",
	 "an atomic that faults is executed exactly once, 16 times in a row",
	 NEEDS(FSDAX, RC_ATOMIC))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	for (uint64_t i = 0; i < 16; i++) {
		uint64_t old = 0;

		target_evict(t, file, 0, KiB(4));
		expect_faults(t, file, EXACTLY(1))
			old = rdma_fetch_add(t, file, 2048, 1);
		expect(t, old == i, "the counter was %" PRIu64 " before atomic %" PRIu64,
		       old, i);
	}
	check_word(t, file, 2048, 16);
}

SCENARIO("DP-10.both", "an atomic that faults at both ends is executed exactly once",
	 NEEDS(FSDAX, RC_ATOMIC))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *result = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	for (uint64_t i = 0; i < 8; i++) {
		target_evict(t, file, 0, KiB(4));
		expect_faults(t, file, EXACTLY(1))
			expect_faults(t, result, EXACTLY(1))
				rdma_fetch_add_into(t, result, i * KiB(4), file, 0, 1);
		check_word(t, result, i * KiB(4), i);
	}
	check_word(t, file, 0, 8);
}

SCENARIO("DP-10.pairs",
	 "atomics of 16 queue pairs on one cold word are all counted, and each returns a "
	 "value of its own",
	 NEEDS(FSDAX, RC_ATOMIC))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	use_pairs(t, 16);
	for (uint64_t round = 1; round <= 4; round++) {
		target_evict(t, file, 0, KiB(4));
		expect_faults(t, file, BETWEEN(1, 16))
			rdma_fetch_add_at_once(t, file, 512, 16 * (round - 1), 1);
		check_word(t, file, 512, 16 * round);
	}
}

/*
 * Devices promise atomicity among their own operations only (IBV_ATOMIC_HCA): the CPU has
 * the next word, in the same cache line.
 */
SCENARIO("DP-10.cpu",
	 "the device's atomics on one word do not disturb the CPU's on the next word",
	 NEEDS(FSDAX, RC_ATOMIC))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	use_pairs(t, 16);
	for (uint64_t round = 1; round <= 16; round++) {
		target_evict(t, file, 0, KiB(4));
		rdma_fetch_add_with_cpu(t, file, 0, 16 * (round - 1), 1, 8, 10000);
		check_word(t, file, 0, 16 * round);
		check_word(t, file, 8, 10000 * round);
	}
}

SCENARIO("DP-10.xrc", "a FETCH_ADD on XRC to a cold page adds once",
	 NEEDS(REGION, XRC_ATOMIC))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	use_queue_pair(t, QUEUE_PAIR(.type = QP_XRC));
	expect_faults(t, cold, EXACTLY(1))
		rdma_fetch_add(t, cold, 8, 3);
	check_word(t, cold, 8, 3);
	check_mapping(t, cold, 16, KiB(60), ZEROS);
}
