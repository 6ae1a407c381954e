// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_uffd.c - page faults of a target delayed by userfaultfd */
#include "base/clock.h"
#include "side/local_internal.h"

int serve_uffd_delay_begin(struct local_side *side, struct local_target *target,
			   const struct side_request *request, struct side_reply *reply)
{
	return uffd_delay_begin(&side->uffd_delay, &target->region, request->offset,
				request->len, request->argument * NSEC_PER_MSEC,
				(enum uffd_way)request->key, request->pattern);
}

int serve_uffd_delay_end(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	int answers = uffd_delay_end(&side->uffd_delay);

	if (answers < 0)
		return answers;
	reply->number = (uint64_t)answers;
	return 0;
}
