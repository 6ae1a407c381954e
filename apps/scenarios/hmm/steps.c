// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* steps.c - steps of scenarios with a second mirror */
#include "steps.h"

struct target *hmm_written(struct test *t)
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	rdma_write(t, memory, 0, KiB(64), GENERATION(1));
	return memory;
}

struct target *hmm_in_device(struct test *t, enum mirror_memory where)
{
	struct target *memory = hmm_written(t);

	migrate_to_device(t, memory, 0, KiB(64), where);
	return memory;
}

void hmm_write_inside(struct test *t, struct target *memory)
{
	expect_faults(t, memory, EXACTLY(2))
		rdma_write(t, memory, KiB(18), KiB(4), GENERATION(2));
}

void hmm_check_inside(struct test *t, struct target *memory)
{
	check_mapping(t, memory, 0, KiB(18), GENERATION(1));
	check_mapping(t, memory, KiB(18), KiB(4), GENERATION(2));
	check_mapping(t, memory, KiB(22), KiB(42), GENERATION(1));
}
