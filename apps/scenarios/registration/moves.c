// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * moves.c - REG-11: the range of a region, and whether it is pinned, changed by
 * ibv_rereg_mr()
 */
#include "scenario/scenario.h"

#define REFUSED EVERY_DRIVER(OP_REM_ACCESS_ERR)

/* Of 64 KiB: where a region is, and where it goes. */
struct move {
	uint64_t from, from_len, to, to_len;
	uint64_t left; /* an offset that it covers no more */
};

static void move_region(struct test *t, const void *row)
{
	const struct move *move = row;
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP,
						 .mr_offset = move->from,
						 .mr_len = move->from_len);
	enum op_status status;

	rdma_write(t, target, move->from, move->from_len, GENERATION(1));
	target_change(t, target, MR_CHANGE_RANGE, .offset = move->to,
		      .len = move->to_len);
	target_evict(t, target, move->to, move->to_len);
	expect_faults(t, target, EXACTLY(move->to_len / PAGE_BYTES))
		rdma_write(t, target, move->to, move->to_len, GENERATION(2));
	check_mapping(t, target, move->to, move->to_len, GENERATION(2));
	status = attempt(t, RDMA_WRITE, target, .offset = move->left,
			 .generation = GENERATION(3));
	expect_status(t, status, &(const struct per_driver)REFUSED);
}

static const struct scenario moves[] = {
	{ "REG-11.moved",
	  "a region that ibv_rereg_mr() moves faults the new pages in and refuses the "
	  "old ones",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, RC_WRITE), move_region,
	  &(const struct move){ 0, KiB(16), KiB(32), KiB(16), 0 } },
	{ "REG-11.longer",
	  "a region that ibv_rereg_mr() makes longer faults all of it in",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, RC_WRITE), move_region,
	  &(const struct move){ 0, KiB(16), 0, KiB(48), KiB(48) } },
	{ "REG-11.shorter",
	  "a region that ibv_rereg_mr() makes shorter refuses what it has lost",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, RC_WRITE), move_region,
	  &(const struct move){ 0, KiB(64), 0, KiB(16), KiB(16) } },
};
SCENARIO_FAMILY(moves);

#define RIGHTS_AND_RANGE (MR_CHANGE_ACCESS | MR_CHANGE_RANGE)

SCENARIO("REG-11.pinned",
	 "an on-demand region that becomes a pinned one needs no page fault",
	 NEEDS(KERNEL_DRIVER, VERBS, ODP, PINNED, RC_WRITE))
{
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_change(t, target, RIGHTS_AND_RANGE, MR_READ_WRITE, MR_PINNED,
		      .len = KiB(64));
	expect_faults(t, target, NONE)
		rdma_write(t, target, 0, KiB(64), GENERATION(2));
	check_mapping(t, target, 0, KiB(64), GENERATION(2));
}

static void become_on_demand(struct test *t, const void *row)
{
	const struct region_change *change = row;
	struct target *target = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);

	rdma_write(t, target, 0, KiB(64), GENERATION(1));
	(target_change)(t, target, *change);
	target_remap(t, target, 0, KiB(64));
	rdma_write(t, target, 0, KiB(16), GENERATION(2));
	check_mapping(t, target, 0, KiB(16), GENERATION(2));
	expect_faults(t, target, EXACTLY(12))
		rdma_read(t, target, KiB(16), KiB(48), ZEROS);
}

static const struct scenario becoming_on_demand[] = {
	{ "REG-11.on-demand",
	  "a pinned region whose rights become those of an on-demand one follows its "
	  "memory",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, PINNED, RC_WRITE, RC_READ), become_on_demand,
	  &(const struct region_change){ MR_CHANGE_ACCESS, MR_READ_WRITE, MR_ODP } },
	{ "REG-11.on-demand-range",
	  "a pinned region that becomes an on-demand one, with its range, follows its "
	  "memory",
	  NEEDS(KERNEL_DRIVER, VERBS, ODP, PINNED, RC_WRITE, RC_READ), become_on_demand,
	  &(const struct region_change){ RIGHTS_AND_RANGE, MR_READ_WRITE, MR_ODP,
					 .len = KiB(64) } },
};
SCENARIO_FAMILY(becoming_on_demand);

SCENARIO("REG-11.all", "domain, rights and range of a region can be changed at once",
	 NEEDS(KERNEL_DRIVER, VERBS, ODP, RC_WRITE, RC_READ))
{
	struct target *target =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP, .mr_len = KiB(16));
	const unsigned int all = MR_CHANGE_ACCESS | MR_CHANGE_DOMAIN | MR_CHANGE_RANGE;
	enum op_status status;

	rdma_write(t, target, 0, KiB(16), GENERATION(1));
	target_change(t, target, all, MR_READ_ONLY, MR_ODP, .other_domain = true,
		      .offset = KiB(32), .len = KiB(32));
	status = rdma_read_status(t, target, KiB(32), KiB(16));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	reconnect(t);
	target_change(t, target, all, MR_READ_ONLY, MR_ODP, .offset = 0, .len = KiB(32));
	rdma_read(t, target, 0, KiB(16), GENERATION(1));
	status = attempt(t, RDMA_WRITE, target, .generation = GENERATION(2));
	expect_status(t, status, &(const struct per_driver)REFUSED);
	check_mapping(t, target, 0, KiB(16), GENERATION(1));
}
