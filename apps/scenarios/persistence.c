// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * persistence.c - PER: persistence of what RDMA and the CPU wrote
 *
 * Most devices have no FLUSH. On them a READ on the same queue pair replaces it (the
 * appliance method): the READ cannot pass the WRITEs before it, so its response means
 * that they have left the device.
 */
#include "scenario/scenario.h"

/*
 * A READ of the last page that was written. Any bytes flush; these are the first of the
 * page, as soft-RoCE returns wrong data for others (rxe-in-page-offset).
 */
static void flush_by_read(struct test *t, struct target *target, uint64_t end,
			  uint16_t generation)
{
	rdma_read(t, target, end - KiB(4), 64, generation);
}

SCENARIO("PER-01",
	 "the READ that flushes a WRITE faults nothing in and returns the written data",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	for (uint16_t turn = 1; turn <= 20; turn++) {
		expect_faults(t, file, turn == 1 ? EXACTLY(16) : NONE)
			rdma_write(t, file, 0, KiB(64), GENERATION(turn));
		expect_faults(t, file, NONE)
			flush_by_read(t, file, KiB(64), GENERATION(turn));
		check_file(t, file, 0, KiB(64), GENERATION(turn));
	}
}

SCENARIO("PER-02",
	 "RDMA READ returns what the CPU stored and made persistent by libpmem alone",
	 NEEDS(FSDAX, RC_READ))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP);

	expect(t, target_is_map_sync(file), "the mapping did not take MAP_SYNC");
	for (uint16_t turn = 1; turn <= 20; turn++) {
		target_store(t, file, 0, KiB(64), GENERATION(turn));
		target_persist(t, file, 0, KiB(64));
		rdma_read(t, file, 0, KiB(64), GENERATION(turn));
	}
	check_file(t, file, 0, KiB(64), GENERATION(20));
}

SCENARIO("PER-02.device",
	 "RDMA READ returns what the CPU stored on a DAX device and made persistent by "
	 "libpmem alone",
	 NEEDS(DEVDAX, RC_READ))
{
	struct target *device = responder_target(t, REGION_DEVDAX, MiB(2), MR_ODP);

	for (uint16_t turn = 1; turn <= 20; turn++) {
		target_store(t, device, 0, KiB(64), GENERATION(turn));
		target_persist(t, device, 0, KiB(64));
		rdma_read(t, device, 0, KiB(64), GENERATION(turn));
	}
}

/*
 * A log: each record is flushed before its commit mark is written. A reader that finds
 * the mark must also find the record.
 */
SCENARIO("PER-03",
	 "a log record that was flushed before its commit mark is in the file when the "
	 "mark is",
	 NEEDS(FSDAX, RC_WRITE, RC_READ))
{
	struct target *log = responder_target(t, REGION_FSDAX, KiB(256), MR_ODP);
	const uint64_t committed = KiB(252);

	for (uint16_t record = 0; record < 60; record++) {
		uint64_t at = record * KiB(4);

		rdma_write(t, log, at, KiB(4), GENERATION(record + 1));
		flush_by_read(t, log, at + KiB(4), GENERATION(record + 1));
		rdma_write(t, log, committed, KiB(4), GENERATION(record + 1));
		flush_by_read(t, log, committed + KiB(4), GENERATION(record + 1));
		check_file(t, log, committed, KiB(4), GENERATION(record + 1));
		check_file(t, log, at, KiB(4), GENERATION(record + 1));
	}
	for (uint16_t record = 0; record < 60; record++)
		check_file(t, log, record * KiB(4), KiB(4), GENERATION(record + 1));
}

SCENARIO("PER-04",
	 "a FLUSH to persistence of a range with holes succeeds and changes no data",
	 NEEDS(FSDAX, RC_WRITE, RC_READ, RC_FLUSH))
{
	struct target *file = responder_target(t, REGION_FSDAX, KiB(64), MR_ODP,
					       .access = MR_READ_WRITE | MR_FLUSH);

	rdma_write(t, file, KiB(16), KiB(16), GENERATION(1));
	target_punch(t, file, KiB(20), KiB(4));
	rdma_flush(t, file, 0, KiB(64), FLUSH_PERSISTENT);
	rdma_flush(t, file, 0, KiB(64), FLUSH_PERSISTENT | FLUSH_REGION);
	check_file(t, file, 0, KiB(16), ZEROS);
	check_file(t, file, KiB(16), KiB(4), GENERATION(1));
	check_file(t, file, KiB(20), KiB(4), ZEROS);
	check_file(t, file, KiB(24), KiB(8), GENERATION(1));
}

/*
 * The steps of a power cut: scripts/power-cut runs PER-10.flushed or PER-10.unflushed,
 * cuts the power, and runs PER-10.check on the next boot. The file is kept. It is the
 * first target of each run, so its data has one identity in all of them.
 */
#define RECORD	   MiB(1)
#define RECORD_OLD GENERATION(1)
#define RECORD_NEW GENERATION(2)

struct last_write {
	bool flush;
};

static void write_record(struct test *t, const void *row)
{
	struct target *file =
		responder_target(t, REGION_FSDAX, RECORD, MR_ODP, .kept = true);
	bool flush = ((const struct last_write *)row)->flush;

	target_fill(t, file, 0, RECORD, RECORD_OLD);
	target_fdatasync(t, file);
	for (uint64_t at = 0; at < RECORD; at += KiB(64))
		rdma_write(t, file, at, KiB(64), RECORD_NEW);
	if (flush)
		flush_by_read(t, file, RECORD, RECORD_NEW);
	/* the new data is visible, whether or not it is persistent */
	check_mapping(t, file, 0, RECORD, RECORD_NEW);
}

static const struct scenario last_writes[] = {
	{ "PER-10.flushed",
	  "before the power cut the CPU reads all data that RDMA wrote and flushed by a "
	  "READ",
	  NEEDS(FSDAX, RC_WRITE, RC_READ, POWER_CUT), write_record,
	  &(const struct last_write){ true } },
	{ "PER-10.unflushed",
	  "before the power cut the CPU reads all data that RDMA wrote and did not flush",
	  NEEDS(FSDAX, RC_WRITE, RC_READ, POWER_CUT), write_record,
	  &(const struct last_write){ false } },
};
SCENARIO_FAMILY(last_writes);

SCENARIO("PER-10.check", "after a power cut all data that was flushed is in the file",
	 NEEDS(FSDAX, RC_READ, POWER_CUT))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, RECORD, MR_ODP, .kept = true);

	check_file(t, file, 0, RECORD, RECORD_NEW);
	rdma_read(t, file, 0, RECORD, RECORD_NEW);
}
