// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ranges.c - DP: ranges that do not begin or end where pages or packets do */
#include "scenario/scenario.h"

/* Ranges that do not begin or end where pages do. */
struct unaligned {
	uint64_t offset, len, pages;
};

static void write_unaligned(struct test *t, const void *row)
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct unaligned *range = row;
	uint64_t end = range->offset + range->len;

	expect_faults(t, cold, EXACTLY(range->pages))
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
	expect_faults(t, cold, EXACTLY(range->pages))
		rdma_read(t, cold, range->offset, range->len, GENERATION(1));
}

static const struct scenario unaligned[] = {
	{ "DP-05.inside", "RDMA WRITE inside a page changes no byte around it",
	  NEEDS(REGION, RC_WRITE), write_unaligned,
	  &(const struct unaligned){ 100, 64, 1 } },
	{ "DP-05.odd",
	  "RDMA WRITE of odd length at an odd offset across a page border changes only "
	  "its bytes",
	  NEEDS(REGION, RC_WRITE), write_unaligned,
	  &(const struct unaligned){ 4095, 3, 2 } },
	{ "DP-05.across",
	  "RDMA WRITE from the middle of one page to the middle of another changes only "
	  "its bytes",
	  NEEDS(REGION, RC_WRITE), write_unaligned,
	  &(const struct unaligned){ 2048, KiB(8), 3 } },
	{ "DP-05.read", "RDMA READ from the middle of a page returns exactly its bytes",
	  NEEDS(FSDAX, RC_READ), read_unaligned,
	  &(const struct unaligned){ 1024, 512, 1 } },
};
SCENARIO_FAMILY(unaligned);

/*
 * Many lengths at one offset in a page: each range has memory of its own, cold, with a
 * page on either side that must stay as it was.
 */
static void lengths_at(struct test *t, const void *row)
{
	static const uint64_t lengths[] = { 1,	  2,	7,    8,    64,	  100,
					    4095, 4096, 4097, 8192, 12287 };
	const uint64_t *at = row;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		struct target *cold = responder_target(t, REGION_CHOSEN, KiB(32), MR_ODP);
		uint64_t offset = KiB(4) + *at, len = lengths[i], end = offset + len;
		uint64_t pages = pages_spanned(offset, len);

		expect_faults(t, cold, EXACTLY(pages))
			rdma_write(t, cold, offset, len, GENERATION(1));
		expect_faults(t, cold, NONE)
			rdma_read(t, cold, offset, len, GENERATION(1));
		check_mapping(t, cold, 0, offset, ZEROS);
		check_mapping(t, cold, offset, len, GENERATION(1));
		check_mapping(t, cold, end, KiB(32) - end, ZEROS);
	}
}

#define LENGTHS_AT(offset)                                                               \
	{                                                                                \
		"DP-05.at-" #offset,                                                     \
			"WRITE and READ of 11 lengths, 1 byte to 3 pages, are exact at " \
			"offset " #offset " of a page",                                  \
			NEEDS(REGION, RC_WRITE, RC_READ), lengths_at, &(const uint64_t)  \
		{                                                                        \
			offset                                                           \
		}                                                                        \
	}

static const struct scenario lengths[] = {
	LENGTHS_AT(0),	 LENGTHS_AT(1),	   LENGTHS_AT(7),    LENGTHS_AT(64),
	LENGTHS_AT(100), LENGTHS_AT(2048), LENGTHS_AT(4095),
};
SCENARIO_FAMILY(lengths);

/* Packets smaller than pages: a page takes several; one may cross a page border. */
struct packets {
	unsigned int path_mtu;
	uint64_t offset, len, pages;
};

static void in_packets(struct test *t, const void *row)
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	const struct packets *packets = row;
	uint64_t end = packets->offset + packets->len;

	use_queue_pair(t, QUEUE_PAIR(.type = QP_RC, .path_mtu = packets->path_mtu));
	expect_faults(t, cold, EXACTLY(packets->pages))
		rdma_write(t, cold, packets->offset, packets->len, GENERATION(1));
	expect_faults(t, cold, NONE)
		rdma_read(t, cold, packets->offset, packets->len, GENERATION(1));
	check_mapping(t, cold, 0, packets->offset, ZEROS);
	check_mapping(t, cold, packets->offset, packets->len, GENERATION(1));
	check_mapping(t, cold, end, KiB(64) - end, ZEROS);
}

#define MTU(mtu)                                                                      \
	{ "DP-06." #mtu,                                                              \
	  "WRITE and READ of four cold pages are exact in packets of " #mtu " bytes", \
	  NEEDS(VERBS, REGION, RC_WRITE, RC_READ), in_packets,                        \
	  &(const struct packets){ mtu, KiB(4), KiB(16), 4 } },                       \
	{                                                                             \
		"DP-06." #mtu "-odd",                                                 \
			"WRITE and READ of odd length at an odd offset are exact in " \
			"packets of " #mtu " bytes",                                  \
			NEEDS(VERBS, REGION, RC_WRITE, RC_READ), in_packets,          \
			&(const struct packets){ mtu, KiB(4) + 3001, 9999, 4 }        \
	}

static const struct scenario mtus[] = {
	MTU(256), MTU(512), MTU(1024), MTU(2048), MTU(4096),
};
SCENARIO_FAMILY(mtus);

SCENARIO("DP-07", "no byte outside a region that begins and ends inside pages is written",
	 NEEDS(REGION, RC_WRITE))
{
	struct target *part = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
					       .mr_offset = 1000, .mr_len = 5000);

	expect_faults(t, part, EXACTLY(2))
		rdma_write(t, part, 1000, 5000, GENERATION(1));
	check_mapping(t, part, 0, 1000, ZEROS);
	check_mapping(t, part, 1000, 5000, GENERATION(1));
	check_mapping(t, part, 6000, KiB(64) - 6000, ZEROS);
}

SCENARIO("DP-07.read",
	 "RDMA READ of a region that begins and ends inside pages returns exactly its "
	 "bytes",
	 NEEDS(FSDAX, RC_READ))
{
	struct target *part = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
					       .mr_offset = 1000, .mr_len = 5000);

	target_fill(t, part, 0, KiB(64), GENERATION(1));
	expect_faults(t, part, EXACTLY(2))
		rdma_read(t, part, 1000, 5000, GENERATION(1));
}

/* One byte outside of the region, in a page that the region has a part of. */
struct outside {
	uint64_t offset, len;
};

static void write_outside(struct test *t, const void *row)
{
	struct target *part = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
					       .mr_offset = 1000, .mr_len = 5000);
	const struct outside *range = row;
	enum op_status status = OP_SUCCESS;

	expect_faults(t, part, NONE)
		status = rdma_write_status(t, part, range->offset, range->len,
					   GENERATION(1));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	check_mapping(t, part, 0, KiB(64), ZEROS);
}

static const struct scenario outside[] = {
	{ "DP-07.before",
	  "a WRITE that begins one byte before its region is refused and writes nothing",
	  NEEDS(DEVICE, REGION, RC_WRITE), write_outside,
	  &(const struct outside){ 999, 100 } },
	{ "DP-07.behind",
	  "a WRITE that ends one byte after its region is refused and writes nothing",
	  NEEDS(DEVICE, REGION, RC_WRITE), write_outside,
	  &(const struct outside){ 5901, 100 } },
};
SCENARIO_FAMILY(outside);

#define ISLANDS 64

/* Data in some pages of a sparse file, and in the last one. */
static uint64_t island(uint64_t len, uint64_t i)
{
	return size_min(i * len / ISLANDS, len - KiB(4));
}

/* The CPU may map one page of zeros for all holes; a device faults each page. */
SCENARIO("DP-09",
	 "one READ of a sparse file, 4 MiB or with --long 128 MiB, returns its data and "
	 "zeros for its holes",
	 NEEDS(FSDAX, RC_READ))
{
	uint64_t len = test_iterations(t, MiB(4), MiB(128)), pages = len / KiB(4);
	struct target *source =
		responder_target(t, REGION_FSDAX, len, MR_ODP, .access = MR_READ_ONLY);
	struct target *sink = initiator_target(t, REGION_THP, len + MiB(2), MR_ODP);

	for (uint64_t i = 0; i <= ISLANDS; i++)
		target_fill(t, source, island(len, i), KiB(4), GENERATION(1));
	expect_faults(t, source, EXACTLY(pages))
		expect_faults(t, sink, EXACTLY(pages))
			rdma_read_into(t, sink, 0, source, 0, len);
	for (uint64_t i = 0; i <= ISLANDS; i++) {
		uint64_t from = island(len, i),
			 to = i == ISLANDS ? len : island(len, i + 1);

		check_mapping_for(t, sink, from, source, from, KiB(4), GENERATION(1));
		check_mapping(t, sink, from + KiB(4), to - from - KiB(4), ZEROS);
	}
	check_mapping(t, sink, len, MiB(2), ZEROS);
}
