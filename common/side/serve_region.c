// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_region.c - changes of targets' memory, and what is known of it */
#include <errno.h>

#include "base/log.h"
#include "base/util.h"
#include "region/file_call.h"
#include "region/residency.h"
#include "side/local_internal.h"

int serve_change(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	struct region *region = &target->region;
	uint64_t offset = request->offset;
	size_t len = request->len;

	switch (request->kind) {
	case SIDE_TARGET_EVICT:
		return region_evict(region, offset, len);
	case SIDE_TARGET_UNMAP:
		return region_unmap(region, offset, len);
	case SIDE_TARGET_MAP:
		return region_map(region, request->flag);
	case SIDE_TARGET_REMAP:
		return region_remap(region, offset, len);
	case SIDE_TARGET_PROTECT:
		return region_protect(region, offset, len,
				      (enum region_protection)request->argument);
	case SIDE_TARGET_TRUNCATE:
		return region_truncate(region, len);
	case SIDE_TARGET_PUNCH:
		return region_punch(region, offset, len);
	case SIDE_TARGET_ZERO:
		return region_zero(region, offset, len);
	case SIDE_TARGET_ALLOCATE:
		return region_allocate(region, offset, len);
	case SIDE_TARGET_COLLAPSE:
		return region_collapse(region, offset, len);
	case SIDE_TARGET_INSERT:
		return region_insert(region, offset, len);
	case SIDE_TARGET_SYNC:
		return region_sync(region);
	case SIDE_TARGET_PERSIST:
		return region_persist(region, offset, len);
	default:
		return -EBADRQC;
	}
}

int serve_clone(struct local_side *side, struct local_target *target,
		const struct side_request *request, struct side_reply *reply)
{
	struct local_target *source = local_target(side, request->argument);

	return source ? region_clone(&target->region, &source->region) : -EINVAL;
}

int serve_file_call(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	const struct local_target *other = local_target(side, request->key);

	if (!other || request->argument >= FILE_CALLS)
		return -EINVAL;
	reply->number = (uint64_t)-region_file_call(&target->region,
						    (enum file_call)request->argument,
						    request->offset, request->len,
						    &other->region);
	return 0;
}

int serve_map_other_file(struct local_side *side, struct local_target *target,
			 const struct side_request *request, struct side_reply *reply)
{
	const struct local_target *other = local_target(side, request->argument);

	if (!other)
		return log_errno(EINVAL, "the target whose file is mapped");
	return region_map_other_file(&target->region, request->offset, request->len,
				     &other->region);
}

int serve_allocated(struct local_side *side, struct local_target *target,
		    const struct side_request *request, struct side_reply *reply)
{
	return region_allocated(&target->region, &reply->number);
}

/* The start of the media is left at 0: faults show whether extents are huge. */
int serve_extents(struct local_side *side, struct local_target *target,
		  const struct side_request *request, struct side_reply *reply)
{
	extents_query(target->region.fd, 0, &reply->extents);
	return 0;
}

int serve_resident(struct local_side *side, struct local_target *target,
		   const struct side_request *request, struct side_reply *reply)
{
	return residency_count(target->region.addr + request->offset, request->len,
			       &reply->number, NULL);
}

int serve_advise(struct local_side *side, struct local_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	unsigned int n = request->op.rdma.sges;
	struct rdma_sge ranges[1 + QP_SGES] = {
		{ .addr = (uintptr_t)target->region.addr + request->offset,
		  .len = (uint32_t)request->len,
		  .lkey = request->key ? request->key : target->mr.lkey }
	};
	int ret;

	if (request->len > UINT32_MAX || (!target->registered && !target->borrows))
		return -EINVAL;
	ret = local_gather(side, &request->op, ranges + 1);
	if (!ret && request->argument == MR_PREFETCH_NO_FAULT)
		ret = local_note_absent(side, target->region.addr + request->offset,
					request->len);
	if (ret)
		return ret;
	return rdma_mr_advise(&side->device, (enum mr_advice)request->argument,
			      request->flag, ranges, 1 + n);
}
