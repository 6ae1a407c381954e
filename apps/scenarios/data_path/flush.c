// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flush.c - DP: ATOMIC_WRITE and FLUSH on memory that faults */
#include "scenario/scenario.h"

SCENARIO("DP-20", "an ATOMIC WRITE to a cold page faults it in and writes 8 bytes",
	 NEEDS(REGION, RC_ATOMIC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		rdma_atomic_write(t, cold, KiB(4) + 1024, 0x1122334455667788);
	check_word(t, cold, KiB(4) + 1024, 0x1122334455667788);
	expect_faults(t, cold, NONE)
		rdma_atomic_write(t, cold, KiB(4) + 1024, 7);
	check_word(t, cold, KiB(4) + 1024, 7);
	check_mapping(t, cold, 0, KiB(4) + 1024, ZEROS);
	check_mapping(t, cold, KiB(4) + 1032, KiB(56), ZEROS);
}

static struct target *flushable(struct test *t)
{
	return responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
				.access = MR_READ_WRITE | MR_FLUSH);
}

SCENARIO("DP-21", "a FLUSH to persistence after a WRITE faults nothing in again",
	 NEEDS(FSDAX, RC_WRITE, RC_FLUSH))
{
	struct target *file = flushable(t);

	expect_faults(t, file, EXACTLY(4))
		rdma_write(t, file, 0, KiB(16), GENERATION(1));
	expect_faults(t, file, NONE)
		rdma_flush(t, file, 0, KiB(16), FLUSH_PERSISTENT);
	check_file(t, file, 0, KiB(16), GENERATION(1));
	check_file(t, file, KiB(16), KiB(48), ZEROS);
}

SCENARIO("DP-21.cold", "a FLUSH to persistence faults the pages of its range in",
	 NEEDS(FSDAX, RC_FLUSH))
{
	struct target *file = flushable(t);

	target_fill(t, file, 0, KiB(64), GENERATION(1));
	expect_faults(t, file, EXACTLY(4))
		rdma_flush(t, file, KiB(8), KiB(16), FLUSH_PERSISTENT);
	check_mapping(t, file, 0, KiB(64), GENERATION(1));
}

SCENARIO("DP-21.region", "a FLUSH of the whole region faults all of its pages in",
	 NEEDS(FSDAX, RC_FLUSH))
{
	struct target *file = flushable(t);

	target_fill(t, file, 0, KiB(64), GENERATION(1));
	expect_faults(t, file, EXACTLY(16))
		rdma_flush(t, file, 0, KiB(4), FLUSH_PERSISTENT | FLUSH_REGION);
	check_mapping(t, file, 0, KiB(64), GENERATION(1));
}

SCENARIO("DP-21.global", "a FLUSH to global visibility faults nothing in",
	 NEEDS(FSDAX, RC_WRITE, RC_FLUSH))
{
	struct target *file = flushable(t);

	rdma_write(t, file, 0, KiB(4), GENERATION(1));
	expect_faults(t, file, NONE)
		rdma_flush(t, file, 0, KiB(64), FLUSH_GLOBAL);
	check_mapping(t, file, 0, KiB(4), GENERATION(1));
}
