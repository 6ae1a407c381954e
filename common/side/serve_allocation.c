// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_allocation.c - allocations of the kernel that fail */
#include "invalidation/fail_alloc.h"
#include "side/local_internal.h"

int serve_allocations_fail(struct local_side *side, struct local_target *target,
			   const struct side_request *request, struct side_reply *reply)
{
	side->allocations_fail = true;
	return fail_alloc_begin((enum fail_alloc_work)request->argument,
				(unsigned int)request->len);
}

int serve_allocations_failed(struct local_side *side, struct local_target *target,
			     const struct side_request *request, struct side_reply *reply)
{
	int failed = fail_alloc_end();

	side->allocations_fail = false;
	if (failed < 0)
		return failed;
	reply->number = (uint64_t)failed;
	return 0;
}
