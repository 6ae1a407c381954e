// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* allocation.c - words that let allocations of the kernel fail */
#include "scenario/memory/allocation.h"

#include "testcase/execute.h"

int(registration_errno_without)(struct test *t, struct target *target, unsigned int nth,
				bool *failed)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_TARGET_REGISTER, .spec = target->spec,
			     .argument = nth);

	*failed = reply.number;
	if (!ret)
		target->info = reply.target;
	return -ret;
}

void(allocations_fail)(struct test *t, struct target *target, enum fail_alloc_work work,
		       unsigned int every)
{
	ASK(t, target->side, "let allocations fail", SIDE_ALLOCATIONS_FAIL,
	    .argument = work, .len = every);
}

uint64_t(allocations_failed)(struct test *t, struct target *target)
{
	return ASK(t, target->side, "let no allocation fail", SIDE_ALLOCATIONS_FAILED)
		.number;
}
