// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* reflink.c - DAX: files that share their blocks */
#include "scenario/scenario.h"

/*
 * A clone shares the blocks of its file, so the writable translations of the device must
 * be invalidated: a WRITE through one that survived would change both files.
 */
struct sharing {
	bool write_clone;
};

static void write_shared(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *clone = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	bool write_clone = ((const struct sharing *)row)->write_clone;
	struct target *written = write_clone ? clone : file;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	target_clone(t, clone, file);
	expect_faults(t, written, EXACTLY(4))
		rdma_write(t, written, 0, KiB(16), GENERATION(2));
	check_file(t, written, 0, KiB(16), GENERATION(2));
	/* the other file, and the rest of the written one, are unchanged */
	check_file_for(t, write_clone ? file : clone, 0, file, 0, KiB(64), GENERATION(1));
	check_file_for(t, written, KiB(16), file, KiB(16), KiB(48), GENERATION(1));
}

static const struct scenario writes_to_shared[] = {
	{ "DAX-09.source", "RDMA WRITE to a cloned file leaves the clone unchanged",
	  NEEDS(FSDAX, REFLINK, RC_WRITE), write_shared,
	  &(const struct sharing){ false } },
	{ "DAX-09.clone", "RDMA WRITE to a clone leaves the source file unchanged",
	  NEEDS(FSDAX, REFLINK, RC_WRITE), write_shared,
	  &(const struct sharing){ true } },
};
SCENARIO_FAMILY(writes_to_shared);

SCENARIO("DAX-09.read",
	 "RDMA READ of a file and of its clone returns equal data and copies no block",
	 NEEDS(FSDAX, REFLINK, RC_READ))
{
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
					       .access = MR_READ_ONLY);
	struct target *clone = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
						.access = MR_READ_ONLY);

	target_fill(t, file, 0, KiB(64), GENERATION(1));
	target_clone(t, clone, file);
	expect_faults(t, file, AT_LEAST(16))
		rdma_read(t, file, 0, KiB(64), GENERATION(1));
	expect_faults(t, clone, AT_LEAST(16))
		rdma_read_into(t, local, 0, clone, 0, KiB(64));
	check_mapping_for(t, local, 0, file, 0, KiB(64), GENERATION(1));
	expect(t, target_extents(t, file).shared && target_extents(t, clone).shared,
	       "the two files no longer share their blocks");
}

SCENARIO("DAX-09.busy",
	 "FICLONE works while RDMA writes the file, and the last clone keeps its content",
	 NEEDS(FSDAX, REFLINK, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *clone = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint16_t frozen, last;

	background_begin(t, file, 0, KiB(16));
	for (int turn = 0; turn < 20; turn++) {
		background_wait(t);
		expect_within(t, NSEC_PER_SEC)
			target_clone(t, clone, file);
	}
	frozen = background_end(t);
	target_clone(t, clone, file);
	background_begin(t, file, 0, KiB(16));
	background_wait(t);
	last = background_end(t);
	check_file(t, file, 0, KiB(16), last);
	check_file_for(t, clone, 0, file, 0, KiB(16), frozen);
}
