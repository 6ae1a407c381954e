// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * shared.c - INV: memory that is remapped, registered twice, or forked
 */
#include "scenario/scenario.h"

SCENARIO("INV-02.flip",
	 "while two files are mapped in turn at one address, RDMA reaches the one that "
	 "is mapped",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	struct target *place = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	struct target *files[2];
	uint16_t generation = 0;

	for (int i = 0; i < 2; i++)
		files[i] = responder_target(t, REGION_MEMFD, KiB(64), MR_ODP,
					    .unregistered = true);
	/* makes the translations that are to be invalidated */
	rdma_write(t, place, 0, KiB(64), GENERATION(1));
	expect_churn(t, place) {
		each_round(t, i, 6, 10000) {
			struct target *here = files[i % 2];

			generation = generation % 60000 + 1;
			target_fill(t, here, 0, KiB(64), generation);
			target_map_other_file(t, place, 0, KiB(64), here);
			rdma_read_into(t, local, 0, place, 0, KiB(64));
			check_mapping_for(t, local, 0, here, 0, KiB(64), generation);
			target_fill_for(t, local, 0, here, 0, KiB(64), generation + 1);
			rdma_write_from(t, local, 0, place, 0, KiB(64));
			check_file(t, here, 0, KiB(64), generation + 1);
			generation++;
		}
	}
}

SCENARIO("INV-05.parent",
	 "after fork RDMA WRITE reaches the parent's pages, and the child keeps the old "
	 "data",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	fork_child(t);
	expect_faults(t, memory, EXACTLY(16))
		rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
	check_child(t, memory, 0, KiB(64), GENERATION(1));
	child_ends(t);
	rdma_write(t, memory, 0, KiB(64), GENERATION(3));
	check_mapping(t, memory, 0, KiB(64), GENERATION(3));
}

SCENARIO("INV-05.child",
	 "after fork the child's stores go to its own copy, and RDMA READ returns the "
	 "parent's data",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	fork_child(t);
	child_stores(t, memory, 0, KiB(64), GENERATION(2));
	rdma_read(t, memory, 0, KiB(64), GENERATION(1));
	check_child(t, memory, 0, KiB(64), GENERATION(2));
	rdma_write(t, memory, 0, KiB(64), GENERATION(3));
	check_child(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(3));
	child_ends(t);
}

/* Each copy invalidates the range that is being faulted in. */
SCENARIO("INV-05.large",
	 "after fork one prefetch for writing copies 48 MiB that the child shares",
	 NEEDS(ODP, PREFETCH, RC_WRITE))
{
	struct target *memory = responder_target(t, REGION_ANON, MiB(48), MR_ODP);

	target_fill(t, memory, 0, MiB(48), GENERATION(1));
	fork_child(t);
	target_prefetch(t, memory, 0, MiB(48), MR_PREFETCH_WRITE);
	expect_faults(t, memory, NONE)
		rdma_write(t, memory, MiB(24), KiB(64), GENERATION(2));
	check_mapping(t, memory, MiB(24), KiB(64), GENERATION(2));
	check_child(t, memory, MiB(24), KiB(64), GENERATION(1));
	child_ends(t);
}

SCENARIO("INV-05.shared",
	 "after fork shared memory stays shared with the child, and costs no fault",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_MEMFD, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	fork_child(t);
	expect_faults(t, memory, NONE)
		rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_child(t, memory, 0, KiB(64), GENERATION(2));
	child_stores(t, memory, 0, KiB(64), GENERATION(3));
	rdma_read(t, memory, 0, KiB(64), GENERATION(3));
	child_ends(t);
}

SCENARIO("INV-05.both",
	 "after each fork RDMA writes and the child's stores go to separate copies of a "
	 "page",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	uint16_t before = 0;

	rdma_write(t, memory, 0, KiB(64), ++before);
	each_round(t, n, 3, 10000) {
		uint16_t parents = before + 1, childs = before + 2;

		fork_child(t);
		rdma_write(t, memory, 0, KiB(32), parents);
		check_child(t, memory, 0, KiB(64), before);
		child_stores(t, memory, 0, KiB(64), childs);
		rdma_read(t, memory, 0, KiB(32), parents);
		rdma_read(t, memory, KiB(32), KiB(32), before);
		rdma_write(t, memory, KiB(32), KiB(32), parents);
		check_child(t, memory, 0, KiB(64), childs);
		child_ends(t);
		before = childs % 60000 + 1;
		rdma_write(t, memory, 0, KiB(64), before);
	}
	check_mapping(t, memory, 0, KiB(64), before);
}

/* ---- several registrations, several mappings ---- */

/* @proven: report the faults too. In a long run the zeros are proof enough. */
static void read_zeros(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len, bool proven)
{
	if (!proven)
		rdma_read(t, target, offset, len, ZEROS);
	else
		expect_faults(t, target, AT_LEAST(1))
			rdma_read(t, target, offset, len, ZEROS);
}

SCENARIO("INV-19",
	 "an invalidation reaches every region that is registered over the memory",
	 NEEDS(ODP, RC_WRITE, RC_READ))
{
	enum { REGIONS = 4, PROVEN = 2 };
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	struct target *all[REGIONS] = { memory };
	uint16_t generation = 1;

	rdma_write(t, memory, 0, KiB(64), generation);
	for (int i = 1; i < REGIONS; i++)
		all[i] = target_second_mr(t, memory, KiB(16) * (i - 1), KiB(32),
					  MR_READ_WRITE);
	for (int i = 1; i < REGIONS; i++)
		rdma_read(t, all[i], KiB(16) * i, KiB(16), generation);
	each_round(t, n, 2, 10000) {
		target_remap(t, memory, 0, KiB(64));
		for (int i = 1; i < REGIONS; i++)
			read_zeros(t, all[i], KiB(16) * i, KiB(16), n < PROVEN);
		generation = generation % 60000 + 1;
		rdma_write(t, memory, 0, KiB(64), generation);
		for (int i = 1; i < REGIONS; i++)
			rdma_read(t, all[i], KiB(16) * i, KiB(16), generation);
	}
}

SCENARIO("INV-20",
	 "one region reaches private, DAX and shared memory side by side, and refuses "
	 "the hole next to them",
	 NEEDS(FSDAX, ODP, RC_WRITE, RC_READ))
{
	struct target *place = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	struct target *dax =
		responder_target(t, REGION_FSDAX, KiB(16), MR_ODP, .unregistered = true);
	struct target *shared =
		responder_target(t, REGION_MEMFD, KiB(16), MR_ODP, .unregistered = true);
	struct target *local = initiator_target(t, REGION_ANON, KiB(64), MR_PINNED);
	enum op_status status;

	target_map_other_file(t, place, KiB(16), KiB(16), dax);
	target_map_other_file(t, place, KiB(32), KiB(16), shared);
	target_unmap(t, place, KiB(48), KiB(16));
	target_fill_for(t, local, 0, place, 0, KiB(16), GENERATION(1));
	target_fill_for(t, local, KiB(16), dax, 0, KiB(16), GENERATION(2));
	target_fill_for(t, local, KiB(32), shared, 0, KiB(16), GENERATION(3));
	expect_faults(t, place, EXACTLY(12))
		rdma_write_from(t, local, 0, place, 0, KiB(48));
	check_mapping(t, place, 0, KiB(16), GENERATION(1));
	check_file(t, dax, 0, KiB(16), GENERATION(2));
	check_file(t, shared, 0, KiB(16), GENERATION(3));
	status = rdma_write_status(t, place, KiB(48), KiB(16), GENERATION(4));
	expect_status(t, status,
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	reconnect(t);
	/* evicted private memory reads zeros; evicted files keep their data */
	expect_churn(t, place)
		each_round(t, n, 2, 10000) {
			target_evict(t, place, 0, KiB(48));
			rdma_read(t, place, 0, KiB(16), ZEROS);
			rdma_read_into(t, local, KiB(16), place, KiB(16), KiB(32));
			check_mapping_for(t, local, KiB(16), dax, 0, KiB(16),
					  GENERATION(2));
			check_mapping_for(t, local, KiB(32), shared, 0, KiB(16),
					  GENERATION(3));
			rdma_write(t, place, 0, KiB(16), GENERATION(1));
		}
}
