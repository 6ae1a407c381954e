// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_company.c - who else has a hand in a target's memory: files, children, userfaultfd */
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "mem/ksm.h"
#include "run/local_side.h"

int serve_graft(struct local_side *side, struct local_target *target,
		const struct side_request *request, struct side_reply *reply)
{
	const struct local_target *other = local_target(side, request->argument);

	(void)reply;
	if (!other)
		return log_errno(EINVAL, "a target to come in place");
	return region_graft(&target->region, request->offset, request->len,
			    &other->region);
}

int serve_ksm_start(struct local_side *side, struct local_target *unused,
		    const struct side_request *request, struct side_reply *reply)
{
	(void)side;
	(void)unused;
	(void)request;
	(void)reply;
	return ksm_start();
}

int serve_ksm_merged(struct local_side *side, struct local_target *unused,
		     const struct side_request *request, struct side_reply *reply)
{
	(void)side;
	(void)unused;
	(void)request;
	return ksm_merged(&reply->number);
}

int serve_child_begin(struct local_side *side, struct local_target *unused,
		      const struct side_request *request, struct side_reply *reply)
{
	(void)unused;
	(void)request;
	(void)reply;
	return child_begin(&side->child);
}

int serve_child_store(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	(void)reply;
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

int serve_child_end(struct local_side *side, struct local_target *unused,
		    const struct side_request *request, struct side_reply *reply)
{
	(void)unused;
	(void)request;
	(void)reply;
	return child_end(&side->child);
}

int serve_late_begin(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	(void)reply;
	return late_begin(&side->late, &target->region, request->offset, request->len,
			  request->argument * NSEC_PER_MSEC, request->flag,
			  request->pattern);
}

int serve_late_end(struct local_side *side, struct local_target *unused,
		   const struct side_request *request, struct side_reply *reply)
{
	int answers = late_end(&side->late);

	(void)unused;
	(void)request;
	if (answers < 0)
		return answers;
	reply->number = (uint64_t)answers;
	return 0;
}
