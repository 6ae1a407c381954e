// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data_path.c - DP: data gets where it should, and pages come when they must */
#include "run/scenario.h"

SCENARIO("DP-01.write", "RDMA WRITE to a page that nobody has touched faults it in, once",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, KiB(4), KiB(60), ZEROS);
}

SCENARIO("DP-01.read",
	 "RDMA READ of a file's data that nobody has mapped faults it in, once",
	 NEEDS(FSDAX, RC_READ))
{
	struct target *cold = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill(t, cold, 0, KiB(64), GENERATION(1));
	expect_faults(t, cold, EXACTLY(1))
		rdma_read(t, cold, 0, KiB(4), GENERATION(1));
}

SCENARIO("DP-01.pages", "one message over 256 cold pages faults each of them in, once",
	 NEEDS(REGION, RC_WRITE, RC_READ))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, MiB(2), MR_ODP);

	expect_faults(t, cold, EXACTLY(256))
		rdma_write(t, cold, 0, MiB(1), GENERATION(1));
	check_mapping(t, cold, 0, MiB(1), GENERATION(1));
	check_mapping(t, cold, MiB(1), MiB(1), ZEROS);
}

SCENARIO("DP-02", "a page that has been faulted in does not fault again",
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

SCENARIO("DP-02.evict", "what is evicted faults in again, with its data",
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
 * The initiator's own memory faults. Its source is a file, filled by the file and never
 * mapped before: anonymous memory would be warm from the filling.
 */
SCENARIO("DP-03.write", "RDMA WRITE from cold memory of the initiator faults it in",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	target_fill_for(t, source, 0, sink, 0, KiB(16), GENERATION(1));
	expect_faults(t, source, EXACTLY(4))
		rdma_write_from(t, source, 0, sink, 0, KiB(16));
	check_mapping(t, sink, 0, KiB(16), GENERATION(1));
}

SCENARIO("DP-03.read", "RDMA READ into cold memory of the initiator faults it in",
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

SCENARIO("DP-04", "from one DAX file to another, cold on both sides",
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

/* Ranges that do not begin or end where pages do. */
struct unaligned {
	uint64_t offset, len, pages;
};

/* A device that faults packet by packet asks twice for a page that two packets share. */
#define PER_PACKET(pages) BETWEEN(pages, 2 * (pages))

static void write_unaligned(struct test *t, const void *row)
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct unaligned *range = row;
	uint64_t end = range->offset + range->len;

	expect_faults(t, cold, PER_PACKET(range->pages))
		rdma_write(t, cold, range->offset, range->len, GENERATION(1));
	check_mapping(t, cold, range->offset, range->len, GENERATION(1));
	check_mapping(t, cold, 0, range->offset, ZEROS);
	check_mapping(t, cold, end, KiB(64) - end, ZEROS);
}

static void read_unaligned(struct test *t, const void *row)
{
	struct target *cold = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct unaligned *range = row;

	target_fill(t, cold, 0, KiB(64), GENERATION(1));
	expect_faults(t, cold, PER_PACKET(range->pages))
		rdma_read(t, cold, range->offset, range->len, GENERATION(1));
}

static const struct scenario unaligned[] = {
	{ "DP-05.inside", "RDMA WRITE inside a page touches nothing beside it",
	  NEEDS(REGION, RC_WRITE), write_unaligned,
	  &(const struct unaligned){ 100, 64, 1 } },
	{ "DP-05.odd",
	  "RDMA WRITE of an odd length at an odd offset across a page border",
	  NEEDS(REGION, RC_WRITE), write_unaligned,
	  &(const struct unaligned){ 4095, 3, 2 } },
	{ "DP-05.across",
	  "RDMA WRITE from the middle of one page to the middle of another",
	  NEEDS(REGION, RC_WRITE), write_unaligned,
	  &(const struct unaligned){ 2048, KiB(8), 3 } },
	{ "DP-05.read", "RDMA READ from the middle of a page", NEEDS(FSDAX, RC_READ),
	  read_unaligned, &(const struct unaligned){ 1024, 512, 1 } },
};
SCENARIO_FAMILY(unaligned);

SCENARIO("DP-07",
	 "a region that begins and ends inside pages: nothing outside it is written",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *part = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
					       .mr_offset = 1000, .mr_len = 5000);

	expect_faults(t, part, PER_PACKET(2))
		rdma_write(t, part, 1000, 5000, GENERATION(1));
	check_mapping(t, part, 0, 1000, ZEROS);
	check_mapping(t, part, 1000, 5000, GENERATION(1));
	check_mapping(t, part, 6000, KiB(64) - 6000, ZEROS);
}

SCENARIO("DP-08", "one WRITE gathers pinned and cold ODP memory", NEEDS(FSDAX, RC_WRITE))
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

SCENARIO("DP-12", "a datagram from cold memory arrives behind its 40 byte header",
	 NEEDS(FSDAX, UD_SEND))
{
	struct target *sink = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *source = initiator_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	use_transport(t, TRANSPORT_UD);
	target_fill_for(t, source, 0, sink, 40, KiB(2), GENERATION(1));
	expect_faults(t, source, EXACTLY(1))
		rdma_send_from(t, source, 0, sink, 40, KiB(2));
	check_mapping(t, sink, 40, KiB(2), GENERATION(1));
}

SCENARIO("DP-12.receive",
	 "a datagram is received into cold memory, behind its 40 byte header",
	 NEEDS(REGION, UD_RECV))
{
	struct target *sink = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	struct target *source = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	use_transport(t, TRANSPORT_UD);
	target_fill_for(t, source, 0, sink, 40, KiB(2), GENERATION(1));
	expect_faults(t, sink, PER_PACKET(1))
		rdma_send_from(t, source, 0, sink, 40, KiB(2));
	check_mapping(t, sink, 40, KiB(2), GENERATION(1));
}
