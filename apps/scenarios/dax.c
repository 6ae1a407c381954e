// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* dax.c - DAX: the file behind the region, and what is done to it */
#include "run/scenario.h"

SCENARIO("DAX-01", "RDMA READ of a hole gives zeros and allocates no block",
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

SCENARIO("DAX-03",
	 "after fdatasync the next RDMA WRITE faults again, and dirties the page again",
	 NEEDS(FSDAX, RC_WRITE))
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

SCENARIO("DAX-04", "a fault in an allocated, 2 MiB aligned file maps all of the 2 MiB",
	 NEEDS(FSDAX, RC_WRITE))
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(4), MR_ODP);
	uint64_t resident;

	target_allocate(t, file, 0, MiB(4));
	expect(t, target_allocated(t, file) >= MiB(4), "only %llu bytes allocated",
	       (unsigned long long)target_allocated(t, file));
	expect_faults(t, file, EXACTLY(1))
		rdma_write(t, file, 0, KiB(4), GENERATION(1));
	resident = target_resident(t, file, 0, MiB(4));
	if (resident == 1)
		test_skip(t, "the filesystem gave no 2 MiB extent that is aligned on the "
			     "media");
	expect(t, resident == MiB(2) / PAGE_BYTES, "%llu pages are mapped, expected 512",
	       (unsigned long long)resident);
	rdma_write(t, file, MiB(1), KiB(256), GENERATION(1));
	check_mapping(t, file, MiB(1), KiB(256), GENERATION(1));
	check_file(t, file, 0, KiB(4), GENERATION(1));
}

SCENARIO("DAX-06", "beyond a truncated file's end access fails; regrown, it reads zeros",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	enum op_status status;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	target_truncate(t, file, KiB(32));
	status = rdma_read_status(t, file, KiB(32), KiB(4));
	expect_status(t, status,
		      &(const struct per_driver){ .rxe = OP_REM_ACCESS_ERR,
						  .mlx5 = OP_REM_ACCESS_ERR });
	reconnect(t);
	status = rdma_write_status(t, file, KiB(32), KiB(4), GENERATION(2));
	expect_status(t, status,
		      &(const struct per_driver){ .rxe = OP_REM_ACCESS_ERR,
						  .mlx5 = OP_REM_ACCESS_ERR });
	reconnect(t);
	rdma_read(t, file, 0, KiB(32), GENERATION(1));
	target_truncate(t, file, KiB(64));
	expect_faults(t, file, AT_LEAST(1))
		rdma_read(t, file, KiB(32), KiB(32), ZEROS);
}

/* Holes made, and ranges zeroed, in the middle of a file that the device has all of. */
typedef void change_fn(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len);

struct hole {
	change_fn *make;
};

static void make_hole(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct hole *hole = row;

	expect_faults(t, file, EXACTLY(16))
		rdma_write(t, file, 0, KiB(64), GENERATION(1));
	STEP(t, hole->make, "file, KiB(16), KiB(16)", file, KiB(16), KiB(16));
	expect_faults(t, file, AT_LEAST(4))
		rdma_read(t, file, KiB(16), KiB(16), ZEROS);
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
	rdma_read(t, file, KiB(32), KiB(32), GENERATION(1));
	rdma_write(t, file, KiB(16), KiB(16), GENERATION(2));
	check_file(t, file, KiB(16), KiB(16), GENERATION(2));
	check_file(t, file, KiB(32), KiB(32), GENERATION(1));
}

static const struct scenario holes[] = {
	{ "DAX-07.punch",
	  "a hole punched under the region reads zeros, its neighbours stay",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), make_hole,
	  &(const struct hole){ (target_punch) } },
	{ "DAX-07.zero",
	  "a range zeroed under the region reads zeros, its neighbours stay",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), make_hole,
	  &(const struct hole){ (target_zero) } },
};
SCENARIO_FAMILY(holes);

SCENARIO("DAX-10", "RDMA, write() and read() see the same file at once",
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

SCENARIO("DAX-15", "a DAX device works with ODP as a file does",
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
