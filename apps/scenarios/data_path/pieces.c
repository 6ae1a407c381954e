// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pieces.c - DP: local memory in pieces, in the request, or none at all */
#include "scenario/scenario.h"

SCENARIO("DP-08", "one WRITE gathers pinned and cold ODP memory in order",
	 NEEDS(FSDAX, RC_WRITE, PIECES))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *pinned = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *cold = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct local_piece pieces[] = {
		{ pinned, 0, KiB(4) },
		{ cold, 0, KiB(8) },
		{ pinned, KiB(4), KiB(4) },
	};

	target_fill_for(t, pinned, 0, sink, 0, KiB(4), GENERATION(1));
	target_fill_for(t, cold, 0, sink, KiB(4), KiB(8), GENERATION(1));
	target_fill_for(t, pinned, KiB(4), sink, KiB(12), KiB(4), GENERATION(1));
	expect_faults(t, cold, EXACTLY(2))
		expect_faults(t, sink, EXACTLY(4))
			rdma_write_gather(t, pieces, ARRAY_SIZE(pieces), sink, 0);
	check_mapping(t, sink, 0, KiB(16), GENERATION(1));
}

SCENARIO("DP-08.scatter", "one READ scatters into pinned and cold ODP memory in order",
	 NEEDS(FSDAX, RC_READ, PIECES))
{
	struct target *source = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *pinned = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *cold = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct local_piece pieces[] = {
		{ cold, 0, KiB(4) },
		{ pinned, 0, KiB(8) },
		{ cold, KiB(8), KiB(4) },
	};

	target_fill(t, source, 0, KiB(16), GENERATION(1));
	expect_faults(t, cold, EXACTLY(2))
		expect_faults(t, source, EXACTLY(4))
			rdma_read_scatter(t, pieces, ARRAY_SIZE(pieces), source, 0);
	check_mapping_for(t, cold, 0, source, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, KiB(4), KiB(4), ZEROS);
	check_mapping_for(t, cold, KiB(8), source, KiB(12), KiB(4), GENERATION(1));
	check_mapping_for(t, pinned, 0, source, KiB(4), KiB(8), GENERATION(1));
	check_mapping(t, pinned, KiB(8), KiB(56), ZEROS);
}

SCENARIO("DP-08.odd", "one WRITE gathers pieces that begin and end inside pages",
	 NEEDS(FSDAX, RC_WRITE, PIECES))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *pinned = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *cold = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct local_piece pieces[] = {
		{ cold, 100, 5000 },
		{ pinned, 77, 1 },
		{ cold, KiB(12) + 4000, 3000 },
		{ pinned, 1000, 191 },
	};

	target_fill_for(t, cold, 100, sink, 0, 5000, GENERATION(1));
	target_fill_for(t, pinned, 77, sink, 5000, 1, GENERATION(1));
	target_fill_for(t, cold, KiB(12) + 4000, sink, 5001, 3000, GENERATION(1));
	target_fill_for(t, pinned, 1000, sink, 8001, 191, GENERATION(1));
	expect_faults(t, cold, BETWEEN(4, 8))
		expect_faults(t, sink, EXACTLY(2))
			rdma_write_gather(t, pieces, ARRAY_SIZE(pieces), sink, 0);
	check_mapping(t, sink, 0, 8192, GENERATION(1));
	check_mapping(t, sink, 8192, KiB(64) - 8192, ZEROS);
}

/*
 * The CPU touches the page first, as the post of an inline WRITE does. The device has no
 * translation of it then: the second WRITE, which is not inline, faults.
 */
SCENARIO(
	"DP-13",
	"a WRITE with inline data never faults its source: the CPU copies it at the post",
	NEEDS(VERBS, FSDAX, RC_WRITE, INLINE))
{
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill_for(t, source, 0, sink, 0, 64, GENERATION(1));
	check_mapping_for(t, source, 0, sink, 0, 64, GENERATION(1));
	expect_faults(t, source, NONE)
		rdma_write_inline(t, source, 0, sink, 0, 64);
	check_mapping(t, sink, 0, 64, GENERATION(1));
	check_mapping(t, sink, 64, KiB(4), ZEROS);
	target_fill_for(t, source, 0, sink, 64, 64, GENERATION(1));
	expect_faults(t, source, EXACTLY(1))
		rdma_write_from(t, source, 0, sink, 64, 64);
	check_mapping(t, sink, 0, 128, GENERATION(1));
}

struct empty {
	enum rdma_opcode opcode;
};

static void transfer_nothing(struct test *t, const void *row)
{
	struct target *near = initiator_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *far = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct empty *empty = row;

	expect_faults(t, near, NONE)
		expect_faults(t, far, NONE)
			rdma_transfer(t, empty->opcode, near, 0, far, 0, 0);
	check_mapping(t, near, 0, KiB(64), ZEROS);
	check_mapping(t, far, 0, KiB(64), ZEROS);
}

static const struct scenario nothing[] = {
	{ "DP-15.write", "a WRITE of no bytes completes and faults nothing in",
	  NEEDS(REGION, RC_WRITE), transfer_nothing,
	  &(const struct empty){ RDMA_WRITE } },
	{ "DP-15.write-imm",
	  "a WRITE of immediate data only is received and faults nothing in",
	  NEEDS(VERBS, REGION, RC_WRITE), transfer_nothing,
	  &(const struct empty){ RDMA_WRITE_IMMEDIATE } },
	{ "DP-15.read", "a READ of no bytes completes and faults nothing in",
	  NEEDS(REGION, RC_READ), transfer_nothing, &(const struct empty){ RDMA_READ } },
	{ "DP-15.send", "a SEND of no bytes is received and faults nothing in",
	  NEEDS(REGION, RC_SEND), transfer_nothing, &(const struct empty){ RDMA_SEND } },
};
SCENARIO_FAMILY(nothing);
