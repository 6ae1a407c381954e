// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* children.c - RACE-02, RACE-03: an implicit region and its children */
#include "scenario/scenario.h"

/* The only page of a child is evicted, and is accessed again before the child is free. */
static void access_dying_child(struct test *t, const void *row)
{
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP_IMPLICIT);
	const enum kernel_race *race = row;

	rdma_write(t, memory, 0, KiB(4), GENERATION(1));
	hold_race(t, memory, *race);
	target_evict(t, memory, 0, KiB(4));
	await_pause(t, memory, 1);
	rdma_write(t, memory, 0, KiB(4), GENERATION(2));
	release_race(t, memory);
	check_mapping(t, memory, 0, KiB(4), GENERATION(2));
}

static const struct scenario children[] = {
	{ "RACE-02.child",
	  "an access to a child of an implicit region that is going away succeeds",
	  NEEDS(IMPLICIT, RC_WRITE, PAUSES), access_dying_child,
	  &(const enum kernel_race){ RACE_CHILD_GOES } },
	{ "RACE-02.elsewhere",
	  "an access succeeds while a child is freed that its region leads to no more",
	  NEEDS(IMPLICIT, RC_WRITE, PAUSES), access_dying_child,
	  &(const enum kernel_race){ RACE_CHILD_GONE } },
};
SCENARIO_FAMILY(children);

/* A hazard: a failure means that the kernel uses freed memory. */
SCENARIO("RACE-03",
	 "deregistration of an implicit region waits for the page fault that is served",
	 NEEDS(IMPLICIT, RC_WRITE, PAUSES, HAZARD))
{
	struct target *memory =
		responder_target(t, REGION_ANON, KiB(64), MR_ODP_IMPLICIT);
	enum op_status status;

	hold_race(t, memory, RACE_WALKED);
	attempt_begin(t, RDMA_WRITE, memory, .len = KiB(16), .generation = GENERATION(1));
	await_pause(t, memory, 1);
	target_deregister(t, memory);
	status = attempt_end(t);
	release_race(t, memory);
	expect(t, status == OP_SUCCESS || status == OP_REM_ACCESS_ERR,
	       "completed with %s", op_status_name(status));
	check_either(t, memory, 0, KiB(16), GENERATION(1), ZEROS);
	target_register(t, memory);
	reconnect(t);
	rdma_write(t, memory, 0, KiB(64), GENERATION(2));
	check_mapping(t, memory, 0, KiB(64), GENERATION(2));
}
