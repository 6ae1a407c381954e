// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data_path.c - DP: data arrives at its place, and cold pages are faulted in */
#include "scenario/scenario.h"

SCENARIO("DP-01.write", "RDMA WRITE to an untouched page faults it in once",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, KiB(4), KiB(60), ZEROS);
}

SCENARIO("DP-01.read", "RDMA READ of cold file data faults the page in once",
	 NEEDS(FSDAX, RC_READ))
{
	struct target *cold = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill(t, cold, 0, KiB(64), GENERATION(1));
	expect_faults(t, cold, EXACTLY(1))
		rdma_read(t, cold, 0, KiB(4), GENERATION(1));
}

SCENARIO("DP-01.pages", "one RDMA WRITE over 256 cold pages faults each page in once",
	 NEEDS(REGION, RC_WRITE, RC_READ))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, MiB(2), MR_ODP);

	expect_faults(t, cold, EXACTLY(256))
		rdma_write(t, cold, 0, MiB(1), GENERATION(1));
	check_mapping(t, cold, 0, MiB(1), GENERATION(1));
	check_mapping(t, cold, MiB(1), MiB(1), ZEROS);
}

SCENARIO("DP-02", "a page that was faulted in does not fault again",
	 NEEDS(REGION, RC_WRITE, RC_READ))
{
	struct target *warm = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, warm, EXACTLY(4))
		rdma_write(t, warm, 0, KiB(16), GENERATION(1));
	expect_faults(t, warm, NONE)
		rdma_write(t, warm, 0, KiB(16), GENERATION(2));
	expect_faults(t, warm, NONE)
		rdma_read(t, warm, 0, KiB(16), GENERATION(2));
	check_mapping(t, warm, 0, KiB(16), GENERATION(2));
}

SCENARIO("DP-02.evict", "evicted pages fault in again, with their data",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect_faults(t, file, EXACTLY(2))
		rdma_write(t, file, 0, KiB(8), GENERATION(1));
	target_evict(t, file, 0, KiB(8));
	expect_faults(t, file, EXACTLY(2))
		rdma_read(t, file, 0, KiB(8), GENERATION(1));
}

/*
 * The initiator's own memory faults. Its source is a file, written by write() and never
 * mapped before: anonymous memory would be warm from the filling.
 */
SCENARIO("DP-03.write", "RDMA WRITE from cold memory of the initiator faults it in once",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill_for(t, source, 0, sink, 0, KiB(16), GENERATION(1));
	expect_faults(t, source, EXACTLY(4))
		rdma_write_from(t, source, 0, sink, 0, KiB(16));
	check_mapping(t, sink, 0, KiB(16), GENERATION(1));
}

SCENARIO("DP-03.read", "RDMA READ into cold memory of the initiator faults it in once",
	 NEEDS(REGION, RC_READ))
{
	struct target *source = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *sink = initiator_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	target_store(t, source, 0, KiB(16), GENERATION(1));
	expect_faults(t, sink, EXACTLY(4))
		rdma_read_into(t, sink, 0, source, 0, KiB(16));
	check_mapping_for(t, sink, 0, source, 0, KiB(16), GENERATION(1));
	check_mapping(t, sink, KiB(16), KiB(48), ZEROS);
}

SCENARIO("DP-03.send", "SEND from cold memory into a cold receive buffer faults both in",
	 NEEDS(FSDAX, RC_SEND, RC_RECV))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill_for(t, source, 0, sink, 0, KiB(16), GENERATION(1));
	expect_faults(t, source, EXACTLY(4))
		expect_faults(t, sink, EXACTLY(4))
			rdma_send_from(t, source, 0, sink, 0, KiB(16));
	check_mapping(t, sink, 0, KiB(16), GENERATION(1));
	check_mapping(t, sink, KiB(16), KiB(48), ZEROS);
}

SCENARIO("DP-04", "RDMA WRITE from one cold DAX file to another faults both in",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *sink = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill_for(t, source, 0, sink, 0, KiB(64), GENERATION(1));
	expect_faults(t, source, EXACTLY(16))
		expect_faults(t, sink, EXACTLY(16))
			rdma_write_from(t, source, 0, sink, 0, KiB(64));
	check_file(t, sink, 0, KiB(64), GENERATION(1));
	check_mapping(t, sink, 0, KiB(64), GENERATION(1));
}
