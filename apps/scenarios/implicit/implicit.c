// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* implicit.c - IMP: one region that covers the whole address space */
#include "scenario/scenario.h"

#define REFUSED	   EVERY_DRIVER(OP_REM_ACCESS_ERR)
#define BAD_SOURCE { .rxe = OP_FLUSH_ERR, .mlx5 = OP_LOC_PROT_ERR }

SCENARIO("IMP-01",
	 "an implicit region reaches memory that is mapped after its registration",
	 NEEDS(IMPLICIT, FSDAX, RC_WRITE, RC_READ))
{
	struct target *file =
		responder_target(t, REGION_FSDAX, MiB(2), MR_ODP_IMPLICIT, .hole = true);

	target_map(t, file);
	expect_faults(t, file, AT_LEAST(1))
		rdma_write(t, file, 0, KiB(16), GENERATION(1));
	check_mapping(t, file, 0, KiB(16), GENERATION(1));
	target_evict(t, file, 0, MiB(2));
	expect_faults(t, file, AT_LEAST(1))
		rdma_read(t, file, 0, KiB(16), GENERATION(1));
}

SCENARIO("IMP-01.kinds",
	 "one implicit region reaches private memory, a DAX file, a tmpfs file and a "
	 "memfd",
	 NEEDS(IMPLICIT, FSDAX, RC_WRITE, RC_READ))
{
	struct target *anon = responder_target(t, REGION_ANON, MiB(2), MR_ODP_IMPLICIT);
	struct target *kinds[] = { anon,
				   target_in_implicit(t, anon, REGION_FSDAX, MiB(2)),
				   target_in_implicit(t, anon, REGION_TMPFS, MiB(2)),
				   target_in_implicit(t, anon, REGION_MEMFD, MiB(2)) };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		expect_faults(t, kinds[i], EXACTLY(4))
			rdma_write(t, kinds[i], KiB(8), KiB(16), GENERATION(i + 1));
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		rdma_read(t, kinds[i], KiB(8), KiB(16), GENERATION(i + 1));
		check_mapping(t, kinds[i], KiB(8), KiB(16), GENERATION(i + 1));
		check_mapping(t, kinds[i], KiB(24), KiB(16), ZEROS);
	}
}

static void reach_top(struct test *t, const void *row)
{
	const unsigned int *bits = row;
	struct target *top = responder_target(t, REGION_ANON, KiB(64), MR_ODP_IMPLICIT,
					      .top_bits = *bits);

	test_note(t, "at 0x%" PRIx64, target_addr(top));
	expect_faults(t, top, EXACTLY(16))
		rdma_write(t, top, 0, KiB(64), GENERATION(1));
	rdma_read(t, top, 0, KiB(64), GENERATION(1));
	check_mapping(t, top, 0, KiB(64), GENERATION(1));
}

static const struct scenario tops[] = {
	{ "IMP-02.47-bits",
	  "an implicit region reaches the end of a 47-bit address space",
	  NEEDS(IMPLICIT, RC_WRITE, RC_READ), reach_top, &(const unsigned int){ 47 } },
	{ "IMP-02.56-bits",
	  "an implicit region reaches the end of a 56-bit address space",
	  NEEDS(IMPLICIT, FIVE_LEVELS, RC_WRITE, RC_READ), reach_top,
	  &(const unsigned int){ 56 } },
};
SCENARIO_FAMILY(tops);

/* The driver divides an implicit region into children of 1 GiB each. */
static void cross_border(struct test *t, const void *row)
{
	const uint64_t *unit = row;
	struct target *wide =
		responder_target(t, REGION_ANON, 2 * *unit, MR_ODP_IMPLICIT);
	uint64_t border = round_up(target_addr(wide) + 1, *unit) - target_addr(wide);

	expect_faults(t, wide, EXACTLY(8))
		rdma_write(t, wide, border - KiB(16), KiB(32), GENERATION(1));
	expect_faults(t, wide, NONE)
		rdma_read(t, wide, border - KiB(16), KiB(32), GENERATION(1));
	check_mapping(t, wide, border - KiB(16), KiB(32), GENERATION(1));
	check_mapping(t, wide, border - KiB(32), KiB(16), ZEROS);
	check_mapping(t, wide, border + KiB(16), KiB(16), ZEROS);
}

static const struct scenario borders[] = {
	{ "IMP-03.1-gib",
	  "one message crosses the 1 GiB border between two children of an implicit "
	  "region",
	  NEEDS(IMPLICIT, RC_WRITE, RC_READ), cross_border, &(const uint64_t){ GiB(1) } },
	{ "IMP-03.2-mib", "one message crosses a 2 MiB border in an implicit region",
	  NEEDS(IMPLICIT, RC_WRITE, RC_READ), cross_border, &(const uint64_t){ MiB(2) } },
};
SCENARIO_FAMILY(borders);

SCENARIO("IMP-07", "memory of an implicit region can be prefetched",
	 NEEDS(IMPLICIT, PREFETCH, RC_WRITE))
{
	struct target *cold = responder_target(t, REGION_ANON, MiB(2), MR_ODP_IMPLICIT);

	expect_faults(t, cold, EXACTLY(8))
		target_prefetch(t, cold, 0, KiB(32), MR_PREFETCH_WRITE);
	expect_faults(t, cold, NONE)
		rdma_write(t, cold, 0, KiB(32), GENERATION(1));
	expect_faults(t, cold, EXACTLY(4))
		rdma_write(t, cold, KiB(32), KiB(16), GENERATION(1));
	check_mapping(t, cold, 0, KiB(48), GENERATION(1));
}

SCENARIO("IMP-08",
	 "two implicit regions of one address space each keep their own access rights",
	 NEEDS(IMPLICIT, RC_WRITE, RC_READ))
{
	struct target *writable =
		responder_target(t, REGION_ANON, MiB(2), MR_ODP_IMPLICIT);
	struct target *readable = responder_target(
		t, REGION_ANON, MiB(2), MR_ODP_IMPLICIT, .access = MR_READ_ONLY);
	enum op_status status;

	rdma_write(t, writable, 0, KiB(4), GENERATION(1));
	status = attempt(t, RDMA_READ, writable, .rkey = target_rkey(readable));
	expect(t, status == OP_SUCCESS, "READ completed with %s", op_status_name(status));
	status = attempt(t, RDMA_WRITE, writable, .generation = GENERATION(2),
			 .rkey = target_rkey(readable));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	reconnect(t);
	check_mapping(t, writable, 0, KiB(4), GENERATION(1));
	rdma_write(t, writable, 0, KiB(4), GENERATION(3));
}

SCENARIO("IMP-09", "an implicit region serves as source of WRITE and as sink of READ",
	 NEEDS(IMPLICIT, RC_WRITE, RC_READ))
{
	struct target *target = responder_target(t, REGION_ANON, MiB(2), MR_PINNED);
	struct target *local = initiator_target(t, REGION_MEMFD, MiB(2), MR_ODP_IMPLICIT);

	target_fill_for(t, local, 0, target, 0, KiB(16), GENERATION(1));
	expect_faults(t, local, EXACTLY(4))
		rdma_write_from(t, local, 0, target, 0, KiB(16));
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
	expect_faults(t, local, EXACTLY(4))
		rdma_read_into(t, local, KiB(64), target, 0, KiB(16));
	check_mapping_for(t, local, KiB(64), target, 0, KiB(16), GENERATION(1));
}

SCENARIO("IMP-10",
	 "an unmapped address of an implicit region is refused until memory is mapped "
	 "there",
	 NEEDS(IMPLICIT, RC_WRITE))
{
	struct target *hole =
		responder_target(t, REGION_ANON, MiB(2), MR_ODP_IMPLICIT, .hole = true);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, hole, .generation = GENERATION(1));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	reconnect(t);
	target_map(t, hole);
	expect_faults(t, hole, EXACTLY(4))
		rdma_write(t, hole, 0, KiB(16), GENERATION(2));
	check_mapping(t, hole, 0, KiB(16), GENERATION(2));
}

SCENARIO("IMP-10.local", "an unmapped local address of an implicit region is refused",
	 NEEDS(IMPLICIT, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *hole =
		initiator_target(t, REGION_ANON, MiB(2), MR_ODP_IMPLICIT, .hole = true);
	enum op_status status;

	status = attempt(t, RDMA_WRITE, target, .local = hole);
	expect_status(t, status, &(const struct per_driver)BAD_SOURCE);
	check_mapping(t, target, 0, KiB(64), ZEROS);
}

SCENARIO("IMP-11", "evicted memory of an implicit region faults in again",
	 NEEDS(IMPLICIT, RC_WRITE, RC_READ))
{
	struct target *memory =
		responder_target(t, REGION_MEMFD, MiB(2), MR_ODP_IMPLICIT);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	target_evict(t, memory, KiB(16), KiB(16));
	expect_faults(t, memory, EXACTLY(4))
		rdma_read(t, memory, KiB(16), KiB(16), GENERATION(1));
	target_unmap(t, memory, 0, KiB(64));
	target_remap(t, memory, 0, KiB(64));
	expect_faults(t, memory, EXACTLY(16))
		rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}
