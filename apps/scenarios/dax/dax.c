// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dax.c - DAX: changes of the file under a region */
#include "scenario/scenario.h"

SCENARIO("DAX-01", "RDMA READ of a hole returns zeros and allocates no block",
	 NEEDS(FSDAX, RC_READ))
{
	/* through a writable region mlx5 faults for writing, and that fills the hole */
	struct target *hole = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
					       .access = MR_READ_ONLY);
	uint64_t before = target_allocated(t, hole);

	expect_faults(t, hole, AT_LEAST(1))
		rdma_read(t, hole, 0, KiB(16), ZEROS);
	expect(t, target_allocated(t, hole) == before,
	       "%llu bytes allocated, %llu before",
	       (unsigned long long)target_allocated(t, hole), (unsigned long long)before);
}

SCENARIO("DAX-02",
	 "RDMA WRITE into a hole allocates its blocks, through a MAP_SYNC mapping",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *hole = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint64_t before = target_allocated(t, hole);

	expect(t, target_is_map_sync(hole), "the mapping did not take MAP_SYNC");
	expect_faults(t, hole, EXACTLY(4))
		rdma_write(t, hole, 0, KiB(16), GENERATION(1));
	expect(t, target_allocated(t, hole) >= before + KiB(16),
	       "only %llu bytes allocated",
	       (unsigned long long)target_allocated(t, hole));
	check_file(t, hole, 0, KiB(16), GENERATION(1));
}

SCENARIO("DAX-03", "after fdatasync the next RDMA WRITE to the page faults again",
	 NEEDS(ODP, FSDAX, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect_faults(t, file, EXACTLY(1))
		rdma_write(t, file, 0, KiB(4), GENERATION(1));
	expect_faults(t, file, NONE)
		rdma_write(t, file, 0, KiB(4), GENERATION(2));
	target_fdatasync(t, file);
	expect_faults(t, file, EXACTLY(1))
		rdma_write(t, file, 0, KiB(4), GENERATION(3));

	check_mapping(t, file, 0, KiB(4), GENERATION(3));
	check_file(t, file, 0, KiB(4), GENERATION(3));
}

SCENARIO("DAX-03.loop", "100 rounds of RDMA WRITE and fdatasync take exactly 100 faults",
	 NEEDS(ODP, FSDAX, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect_faults(t, file, EXACTLY(100)) {
		for (uint16_t turn = 1; turn <= 100; turn++) {
			rdma_write(t, file, 0, KiB(4), GENERATION(turn));
			target_fdatasync(t, file);
		}
	}
	check_file(t, file, 0, KiB(4), GENERATION(100));
}

SCENARIO("DAX-03.busy",
	 "fdatasync of a file returns each time while RDMA WRITE keeps dirtying the file",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint16_t last;

	background_begin(t, file, 0, KiB(16));
	for (int turn = 0; turn < 50; turn++) {
		background_wait(t);
		expect_within(t, NSEC_PER_SEC)
			target_fdatasync(t, file);
	}
	last = background_end(t);
	check_file(t, file, 0, KiB(16), last);
}

SCENARIO("DAX-10",
	 "RDMA READ, read() and CPU loads of a DAX file return at once what RDMA or "
	 "write() wrote",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect_faults(t, file, EXACTLY(2))
		rdma_write(t, file, 0, KiB(8), GENERATION(1));
	check_file(t, file, 0, KiB(8), GENERATION(1));
	/* the same page: its first half by write(), its second half as RDMA left it */
	target_fill(t, file, 0, KiB(2), GENERATION(2));
	check_mapping(t, file, 0, KiB(2), GENERATION(2));
	check_mapping(t, file, KiB(2), KiB(6), GENERATION(1));
	target_fill(t, file, 0, KiB(8), GENERATION(3));
	expect_faults(t, file, NONE)
		rdma_read(t, file, 0, KiB(8), GENERATION(3));
}

/*
 * Each writer has its own cache lines of one page. A writer that writes back a whole
 * page, or a whole line of another, overwrites the data of the others.
 */
SCENARIO("DAX-10.lines",
	 "RDMA, write() and CPU stores to different cache lines of a page do not "
	 "overwrite each other",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint16_t generation = 0;

	for (uint64_t line = 0; line < KiB(4); line += 3 * 64) {
		generation++;
		rdma_write(t, file, line, 64, GENERATION(generation));
		target_fill(t, file, line + 64, 64, GENERATION(generation));
		target_store(t, file, line + 128, 64, GENERATION(generation));
	}
	generation = 0;
	for (uint64_t line = 0; line < KiB(4); line += 3 * 64) {
		generation++;
		check_file(t, file, line, 192, GENERATION(generation));
		rdma_read(t, file, line, 192, GENERATION(generation));
	}
}

SCENARIO("DAX-10.stores",
	 "CPU stores and RDMA WRITE to a DAX file are visible to each other at once",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	for (uint16_t turn = 1; turn <= 20; turn++) {
		target_store(t, file, 0, KiB(16), GENERATION(2 * turn));
		rdma_read(t, file, 0, KiB(16), GENERATION(2 * turn));
		rdma_write(t, file, 0, KiB(16), GENERATION(2 * turn + 1));
		check_mapping(t, file, 0, KiB(16), GENERATION(2 * turn + 1));
	}
}

SCENARIO("DAX-11", "RDMA WRITE to a private mapping of a DAX file never reaches the file",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *private =
		responder_target(t, REGION_FSDAX_PRIVATE, KiB(64), MR_ODP);

	target_fill(t, private, 0, KiB(64), GENERATION(1));
	expect_faults(t, private, AT_LEAST(1))
		rdma_read(t, private, 0, KiB(4), GENERATION(1));
	expect_faults(t, private, AT_LEAST(1))
		rdma_write(t, private, 0, KiB(8), GENERATION(2));
	check_mapping(t, private, 0, KiB(8), GENERATION(2));
	check_mapping(t, private, KiB(8), KiB(8), GENERATION(1));
	check_file(t, private, 0, KiB(64), GENERATION(1));
}

/* The device has translations to the pages of the file, for reading only. */
SCENARIO("DAX-11.prefetched",
	 "a private page that was prefetched for reading is copied before RDMA writes it",
	 NEEDS(FSDAX, PREFETCH, RC_WRITE))
{
	struct target *private =
		responder_target(t, REGION_FSDAX_PRIVATE, KiB(64), MR_ODP);

	target_fill(t, private, 0, KiB(64), GENERATION(1));
	target_prefetch(t, private, 0, KiB(64), MR_PREFETCH);
	expect_faults(t, private, EXACTLY(2)) {
		rdma_write(t, private, 0, KiB(8), GENERATION(2));
		check_file(t, private, 0, KiB(64), GENERATION(1));
	}
	check_mapping(t, private, 0, KiB(8), GENERATION(2));
	check_mapping(t, private, KiB(8), KiB(56), GENERATION(1));
}

/* mlx5 faults for writing also for a READ, so that a READ copies the page. */
SCENARIO("DAX-11.looked-at",
	 "RDMA READ of private pages that the CPU has read returns their data and leaves "
	 "it unchanged",
	 NEEDS(FSDAX, RC_READ))
{
	struct target *private =
		responder_target(t, REGION_FSDAX_PRIVATE, KiB(64), MR_ODP);

	target_fill(t, private, 0, KiB(64), GENERATION(1));
	check_mapping(t, private, 0, KiB(64), GENERATION(1));
	expect_faults(t, private, AT_LEAST(1))
		rdma_read(t, private, 0, KiB(64), GENERATION(1));
	check_mapping(t, private, 0, KiB(64), GENERATION(1));
}

SCENARIO("DAX-11.partly",
	 "RDMA WRITE to a part of a private page that the CPU has read leaves the rest "
	 "of it unchanged",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *private =
		responder_target(t, REGION_FSDAX_PRIVATE, KiB(64), MR_ODP);

	target_fill(t, private, 0, KiB(64), GENERATION(1));
	check_mapping(t, private, 0, KiB(64), GENERATION(1));
	expect_faults(t, private, AT_LEAST(1))
		rdma_write(t, private, KiB(8), KiB(2), GENERATION(2));
	check_mapping(t, private, 0, KiB(8), GENERATION(1));
	check_mapping(t, private, KiB(8), KiB(2), GENERATION(2));
	check_mapping(t, private, KiB(10), KiB(54), GENERATION(1));
	check_file(t, private, 0, KiB(64), GENERATION(1));
}

SCENARIO("DAX-15",
	 "a devdax region faults page by page, and again after eviction, with its data",
	 NEEDS(DEVDAX, RC_WRITE, RC_READ))
{
	struct target *device = responder_target(t, REGION_DEVDAX, MiB(2), MR_ODP);

	expect_faults(t, device, EXACTLY(4))
		rdma_write(t, device, 0, KiB(16), GENERATION(1));
	check_mapping(t, device, 0, KiB(16), GENERATION(1));
	target_evict(t, device, 0, MiB(2));
	expect_faults(t, device, EXACTLY(4))
		rdma_read(t, device, 0, KiB(16), GENERATION(1));
}
