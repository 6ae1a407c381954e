// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_invalidation.c - invalidation of a target's pages, once or in a storm */
#include <errno.h>

#include "base/clock.h"
#include "base/util.h"
#include "invalidation/cgroup.h"
#include "invalidation/demotion.h"
#include "invalidation/ksm.h"
#include "invalidation/nodes.h"
#include "region/advice.h"
#include "region/mremap.h"
#include "region/residency.h"
#include "side/local_internal.h"

static bool loses_frame(enum region_advice advice)
{
	return advice == REGION_POISON || advice == REGION_SOFT_OFFLINE;
}

int serve_madvise(struct local_side *side, struct local_target *target,
		  const struct side_request *request, struct side_reply *reply)
{
	enum region_advice advice = (enum region_advice)request->argument;
	const void *page = target->region.addr + request->offset;
	int ret;

	if (loses_frame(advice)) {
		ret = residency_frames(page, PAGE_BYTES, &side->lost_frame);
		if (ret)
			return ret;
	}
	return region_advise(&target->region, request->offset, request->len, advice);
}

int serve_madvise_number(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	if (madvise(target->region.addr + request->offset, request->len,
		    (int)request->argument))
		reply->number = (uint64_t)errno;
	return 0;
}

int serve_mremap(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	if (request->argument >= MREMAP_FORMS)
		return -EINVAL;
	reply->number = (uint64_t)-region_mremap(&target->region, request->offset,
						 request->len,
						 (enum mremap_form)request->argument);
	return 0;
}

int serve_policy(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	int ret = nodes_set_policy(&target->region, request->offset, request->len,
				   (int)request->argument, request->key, request->flag);

	reply->number = (uint64_t)-ret;
	return 0;
}

int serve_join_cgroup(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return cgroup_join();
}

int serve_limit_memory(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	return cgroup_limit(request->len);
}

int serve_demotion_start(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	return demotion_start();
}

int serve_node(struct local_side *side, struct local_target *target,
	       const struct side_request *request, struct side_reply *reply)
{
	int node = nodes_of(target->region.addr + request->offset, request->len);

	if (node < 0)
		return node;
	reply->number = (uint64_t)node;
	return 0;
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

int serve_invalidate(struct local_side *side, struct local_target *target,
		     const struct side_request *request, struct side_reply *reply)
{
	return region_invalidate(&target->region, request->offset, request->len,
				 (enum invalidator)request->argument, side->turn++);
}

int serve_storm_begin(struct local_side *side, struct local_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	return storm_begin(&side->storm, &target->region,
			   (enum invalidator)request->argument, request->pattern.seed,
			   (uint64_t)request->key * NSEC_PER_USEC);
}

int serve_storm_cycles(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	return storm_cycles(&side->storm, &reply->number);
}

int serve_storm_end(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	return storm_end(&side->storm);
}

int serve_check_either(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	return pattern_check_either(target->region.addr + request->offset,
				    request->pattern_offset, request->len,
				    request->pattern, request->other, &reply->mismatch);
}
