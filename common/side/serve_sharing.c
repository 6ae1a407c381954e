// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_sharing.c - memory that is shared or delayed: other files, KSM, children, userfaultfd */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "invalidation/ksm.h"
#include "side/local_internal.h"

int serve_map_other_file(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	const struct local_target *other = local_target(side, request->argument);

	if (!other)
		return log_errno(EINVAL, "the target whose file is mapped");
	return region_map_other_file(&target->region, request->offset, request->len,
				     &other->region);
}

int serve_ksm_start(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	return ksm_start();
}

int serve_ksm_merged(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	return ksm_merged(&reply->number);
}

int serve_child_begin(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return child_begin(&side->child);
}

int serve_child_store(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return child_store(&side->child, target->region.addr + request->offset,
			   request->pattern_offset, request->len, request->pattern);
}

int serve_child_check(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return child_check(&side->child, target->region.addr + request->offset,
			   request->pattern_offset, request->len, request->pattern,
			   &reply->mismatch);
}

int serve_child_end(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	return child_end(&side->child);
}

int serve_uffd_delay_begin(struct local_side *side, struct local_target *target,
			   const struct side_request *request, struct side_reply *reply)
{
	return uffd_delay_begin(&side->uffd_delay, &target->region, request->offset,
				request->len, request->argument * NSEC_PER_MSEC,
				request->flag, request->pattern);
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
