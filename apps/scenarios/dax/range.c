// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* range.c - DAX: ranges of a file that are punched, zeroed, collapsed, inserted */
#include "scenario/scenario.h"

/* A hole is punched, or a range zeroed, in a file of which all translations exist. */
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
	  "a punched hole reads zeros through the region; data around it stays",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), make_hole,
	  &(const struct hole){ (target_punch) } },
	{ "DAX-07.zero",
	  "a zeroed range reads zeros through the region; data around it stays",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), make_hole,
	  &(const struct hole){ (target_zero) } },
};
SCENARIO_FAMILY(holes);

SCENARIO("DAX-07.collapse",
	 "after FALLOC_FL_COLLAPSE_RANGE the region shows the later data at its new "
	 "offsets",
	 NEEDS(DEVICE, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	enum op_status status;

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	target_collapse(t, file, KiB(16), KiB(16));
	expect_faults(t, file, AT_LEAST(4))
		rdma_read_into(t, local, 0, file, KiB(16), KiB(16));
	check_mapping_for(t, local, 0, file, KiB(32), KiB(16), GENERATION(1));
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
	status = rdma_read_status(t, file, KiB(48), KiB(4));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
}

SCENARIO("DAX-07.insert",
	 "after FALLOC_FL_INSERT_RANGE the region shows zeros, and the later data at its "
	 "new offsets",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);

	rdma_write(t, file, 0, KiB(64), GENERATION(1));
	target_insert(t, file, KiB(16), KiB(16));
	expect_faults(t, file, AT_LEAST(4))
		rdma_read(t, file, KiB(16), KiB(16), ZEROS);
	rdma_read_into(t, local, 0, file, KiB(32), KiB(32));
	check_mapping_for(t, local, 0, file, KiB(16), KiB(32), GENERATION(1));
	rdma_read(t, file, 0, KiB(16), GENERATION(1));
}

/* With traffic to the pages next to the range, in the same 2 MiB. */
static void insert_and_collapse(struct test *t, struct target *file, uint64_t offset,
				uint64_t len)
{
	target_insert(t, file, offset, len);
	background_wait(t);
	target_collapse(t, file, offset, len);
}

static void change_during_traffic(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, MiB(2), MR_ODP);
	const struct hole *hole = row;
	uint16_t last;

	target_allocate(t, file, 0, MiB(2));
	background_begin(t, file, 0, KiB(64));
	for (int turn = 0; turn < 30; turn++) {
		background_wait(t);
		expect_within(t, NSEC_PER_SEC)
			STEP(t, hole->make, "file, KiB(64), KiB(64)", file, KiB(64),
			     KiB(64));
	}
	last = background_end(t);
	check_file(t, file, 0, KiB(64), last);
	rdma_read(t, file, KiB(64), KiB(64), ZEROS);
}

static const struct scenario changes_during_traffic[] = {
	{ "DAX-07.punch-busy",
	  "punching a hole neither waits for nor disturbs traffic to the pages around it",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), change_during_traffic,
	  &(const struct hole){ (target_punch) } },
	{ "DAX-07.zero-busy",
	  "zeroing a range neither waits for nor disturbs traffic to the pages around it",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), change_during_traffic,
	  &(const struct hole){ (target_zero) } },
	{ "DAX-07.move-busy",
	  "collapse and insert neither wait for nor disturb traffic to the blocks before "
	  "them",
	  NEEDS(FSDAX, RC_WRITE, RC_READ), change_during_traffic,
	  &(const struct hole){ insert_and_collapse } },
};
SCENARIO_FAMILY(changes_during_traffic);
