// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * freeze.c - DAX: a frozen filesystem (FIFREEZE), as for a snapshot of its media
 *
 * Nothing may change on the media. So the kernel makes all pages read-only that are
 * mapped, and a write fault waits for the thaw: freeze_super() and sb_start_pagefault().
 */
#include "base/clock.h"
#include "scenario/scenario.h"

#define SHORT_MS 500
/* longer than hmm_range_fault() is tried again: HMM_RANGE_DEFAULT_TIMEOUT is a second */
#define LONG_MS 2500

typedef void arrange_fn(struct test *t, struct target *file);

struct frozen {
	arrange_fn *arrange; /* the page that is written */
	uint32_t ms;
};

static void is_cold(struct test *t, struct target *file)
{
}

static void is_allocated(struct test *t, struct target *file)
{
	target_allocate(t, file, 0, KiB(64));
	target_fdatasync(t, file);
}

static void was_written(struct test *t, struct target *file)
{
	expect_faults(t, file, EXACTLY(1))
		rdma_write(t, file, 0, KiB(4), GENERATION(1));
	expect_faults(t, file, NONE)
		rdma_write(t, file, 0, KiB(4), GENERATION(2));
}

/* The kernel has no other reason to write the inode of the file. */
static void was_written_after_a_freeze(struct test *t, struct target *file)
{
	freeze_filesystem(t, file, 1);
	filesystem_thawed(t, file);
	was_written(t, file);
}

/* Then the fault needs no block, and MAP_SYNC nothing to wait for. */
static void was_written_in_blocks(struct test *t, struct target *file)
{
	is_allocated(t, file);
	was_written(t, file);
	target_fdatasync(t, file);
	was_written(t, file);
}

/* The fault replaces the page of zeros, and so invalidates it, late. */
static void was_loaded(struct test *t, struct target *file)
{
	check_mapping(t, file, 0, KiB(4), ZEROS);
}

static uint32_t patient_ms(struct test *t, uint32_t ms)
{
	return (uint32_t)(patience(t, ms * NSEC_PER_MSEC) / NSEC_PER_MSEC);
}

static void write_frozen(struct test *t, const void *row)
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	const struct frozen *frozen = row;
	uint64_t begin, end, thawed;

	frozen->arrange(t, file);
	freeze_filesystem(t, file, patient_ms(t, frozen->ms));
	begin = clock_ns();
	expect_faults(t, file, EXACTLY(1)) {
		rdma_write(t, file, 0, KiB(4), GENERATION(3));
		end = clock_ns();
		thawed = filesystem_thawed(t, file);
		if (begin >= thawed)
			test_skip(t, "the filesystem was thawed before the WRITE began");
		expect(t, end >= thawed,
		       "the WRITE changed the file %llu ms before the filesystem was "
		       "thawed",
		       (unsigned long long)((thawed - end) / NSEC_PER_MSEC));
	}
	check_file(t, file, 0, KiB(4), GENERATION(3));
	expect_faults(t, file, NONE)
		rdma_write(t, file, 0, KiB(4), GENERATION(4));
}

static const struct scenario writes_to_frozen[] = {
	{ "DAX-21.cold",
	  "WRITE to a cold page of a frozen filesystem waits until it is thawed",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ is_cold, SHORT_MS } },
	{ "DAX-21.allocated",
	  "WRITE to a cold page that has a block waits until its filesystem is thawed",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ is_allocated, SHORT_MS } },
	{ "DAX-21.written",
	  "after FIFREEZE a WRITE to a page that RDMA has filled and written waits for "
	  "the thaw",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ was_written, SHORT_MS } },
	{ "DAX-21.again",
	  "after a second FIFREEZE a WRITE to a page that RDMA has filled since the "
	  "first "
	  "waits for the thaw",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ was_written_after_a_freeze, SHORT_MS } },
	{ "DAX-21.synced",
	  "after FIFREEZE a WRITE to a page that was synced and written again waits for "
	  "the thaw",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ was_written_in_blocks, SHORT_MS } },
	{ "DAX-21.long",
	  "WRITE to a cold page succeeds after its filesystem was frozen for 2.5 s",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ is_cold, LONG_MS } },
	{ "DAX-21.loaded",
	  "WRITE to a hole that the CPU has read succeeds after its filesystem was "
	  "frozen for 2.5 s",
	  NEEDS(ODP, FSDAX, FREEZE, RC_WRITE), write_frozen,
	  &(const struct frozen){ was_loaded, LONG_MS } },
};
SCENARIO_FAMILY(writes_to_frozen);

SCENARIO("DAX-21.read",
	 "READ of cold pages of a frozen filesystem returns their data before the thaw",
	 NEEDS(FSDAX, FREEZE, RC_READ))
{
	/* through a writable region mlx5 faults for writing */
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
					       .access = MR_READ_ONLY);
	uint64_t end;

	target_fill(t, file, 0, KiB(32), GENERATION(1));
	freeze_filesystem(t, file, patient_ms(t, LONG_MS));
	expect_faults(t, file, AT_LEAST(1)) {
		rdma_read(t, file, 0, KiB(32), GENERATION(1));
		rdma_read(t, file, KiB(32), KiB(32), ZEROS);
	}
	end = clock_ns();
	expect(t, end <= filesystem_thawed(t, file), "the READ waited for the thaw");
}

SCENARIO("DAX-21.busy",
	 "FIFREEZE and FITHAW lose no data that RDMA WRITE keeps writing to a file",
	 NEEDS(FSDAX, FREEZE, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);
	uint16_t last;

	background_begin(t, file, 0, KiB(16));
	for (int turn = 0; turn < 10; turn++) {
		background_wait(t);
		freeze_filesystem(t, file, 20);
		filesystem_thawed(t, file);
	}
	background_wait(t);
	last = background_end(t);
	check_file(t, file, 0, KiB(16), last);
	check_mapping(t, file, 0, KiB(16), last);
}
