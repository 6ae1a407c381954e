// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve_target.c - targets: made, registered, closed */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/util.h"
#include "invalidation/fail_alloc.h"
#include "side/local_internal.h"

void local_target_close(struct local_target *target)
{
	if (!target->open)
		return;
	if (target->registered)
		rdma_mr_dereg(&target->mr);
	if (!target->shares)
		region_close(&target->region);
	*target = (struct local_target){ 0 };
}

void local_describe(const struct local_side *side, const struct local_target *target,
		    struct target_info *info)
{
	uint64_t local = (uintptr_t)target->region.addr + target->mr_offset;

	*info = (struct target_info){
		.id = (uint32_t)(target - side->targets),
		.addr = target->registered ? target->mr.remote_addr : local,
		.local_addr = local,
		.len = target->mr_len,
		.lkey = target->mr.lkey,
		.rkey = target->mr.rkey,
		.dax = target->region.dax,
		.map_sync = target->region.map_sync,
		.evict_loses_data = target->region.evict_loses_data,
		.page_bytes = target->region.page_bytes,
	};
}

/* Opens what the registration needs, and notes that the device has none of its pages. */
static int prepare_registration(struct local_side *side, struct local_target *target,
				const struct target_spec *spec)
{
	unsigned char *addr = target->region.addr + target->mr_offset;
	int ret = 0;

	if (spec->other_pd && !side->other_pd_device.ops)
		ret = rdma_device_open(&side->other_pd_device, &side->env->device_spec);
	/* a region that is longer than its mapping is one that must be refused */
	if (!ret && spec->mode == MR_ODP &&
	    target->mr_len <= target->region.len - target->mr_offset)
		ret = local_note_absent(side, addr, target->mr_len);
	return ret;
}

static int register_target(struct local_side *side, struct local_target *target,
			   const struct target_spec *spec)
{
	unsigned int access = spec->access ? spec->access : MR_READ_WRITE;
	unsigned char *addr = target->region.addr + target->mr_offset;
	struct rdma_device *device = spec->other_pd ? &side->other_pd_device :
						      &side->device;
	int ret;

	if (spec->dmabuf)
		ret = rdma_mr_reg_dmabuf(&target->mr, device, target->region.fd,
					 target->mr_offset, target->mr_len,
					 (uintptr_t)addr + spec->mr_shift, access);
	else if (spec->mr_shift)
		ret = rdma_mr_reg_at(&target->mr, device, addr, target->mr_len,
				     (uintptr_t)addr + spec->mr_shift, access);
	else
		ret = rdma_mr_reg(&target->mr, device, addr, target->mr_len, spec->mode,
				  access);
	target->unit = access & MR_HUGE_PAGES ? target->region.page_bytes : PAGE_BYTES;
	target->registered = !ret;
	return ret;
}

static int borrow(struct local_side *side, struct local_target *target, uint32_t id)
{
	const struct local_target *lender = local_target(side, id);

	if (!lender || !lender->registered)
		return log_errno(EINVAL, "a region that lends its keys");
	target->mr.lkey = lender->mr.lkey;
	target->mr.rkey = lender->mr.rkey;
	target->borrows = true;
	return 0;
}

static int share(struct local_side *side, struct local_target *target, uint32_t id)
{
	const struct local_target *owner = local_target(side, id);

	if (!owner)
		return log_errno(EINVAL, "a target that shares its memory");
	target->region = owner->region;
	target->shares = true;
	return 0;
}

struct local_target *local_unused_target(struct local_side *side)
{
	for (size_t i = 0; i < SIDE_TARGETS; i++)
		if (!side->targets[i].open)
			return &side->targets[i];
	return NULL;
}

/* A DAX device is as it was left: make it read as zeros, as a new file does. */
static int clear_device(struct local_side *side, struct local_target *target)
{
	_cleanup_free_ void *zeros = calloc(1, target->region.len);

	if (!zeros)
		return log_errno(ENOMEM, "%zu zeros", target->region.len);
	side->devdax_next = target->region.file_offset + target->region.len;
	return region_write(&target->region, 0, zeros, target->region.len);
}

int serve_target_open(struct local_side *side, struct local_target *none,
		      const struct side_request *request, struct side_reply *reply)
{
	const struct target_spec *spec = &request->spec;
	struct local_target *target = local_unused_target(side);
	struct region_spec region = {
		.kind = spec->kind,
		.len = spec->len,
		.path = spec->kept ? side->env->config->dax :
			(unsigned int)spec->kind < REGION_KINDS ?
				     side->env->place[spec->kind] :
				     NULL,
		.file_offset = spec->kind == REGION_DEVDAX ? side->devdax_next :
							     spec->file_offset,
		.read_only = spec->read_only,
		.hole = spec->hole,
		.unreserved = spec->unreserved,
		.top_bits = spec->top_bits,
	};
	int ret;

	if (!target || (unsigned int)spec->kind >= REGION_KINDS)
		return log_errno(target ? EINVAL : ENOSPC, "make a target");
	ret = spec->same_memory ? share(side, target, spec->same_memory - 1) :
				  region_open(&target->region, &side->arena, &region);
	if (ret)
		return ret;
	target->open = true;
	target->mr_offset = spec->mr_offset;
	if (!spec->mr_empty)
		target->mr_len = spec->mr_len ? spec->mr_len : spec->len;
	if (spec->kind == REGION_DEVDAX)
		ret = clear_device(side, target);
	if (!ret && spec->lender)
		ret = borrow(side, target, spec->lender - 1);
	else if (!ret && !spec->unregistered)
		ret = prepare_registration(side, target, spec) ?:
			      register_target(side, target, spec);
	if (ret)
		local_target_close(target);
	else
		local_describe(side, target, &reply->target);
	return ret;
}

int serve_target_register(struct local_side *side, struct local_target *target,
			  const struct side_request *request, struct side_reply *reply)
{
	int ret, failed;

	if (target->registered)
		return -EBUSY;
	ret = prepare_registration(side, target, &request->spec);
	if (!ret && request->argument)
		ret = fail_alloc_nth(request->argument);
	if (ret)
		return ret;
	ret = register_target(side, target, &request->spec);
	if (request->argument) {
		failed = fail_alloc_nth_end();
		if (failed < 0)
			return failed;
		reply->number = (uint64_t)failed;
	}
	if (!ret)
		local_describe(side, target, &reply->target);
	return ret;
}

int serve_target_deregister(struct local_side *side, struct local_target *target,
			    const struct side_request *request, struct side_reply *reply)
{
	if (!target->registered)
		return -EINVAL;
	rdma_mr_dereg(&target->mr);
	target->registered = false;
	return 0;
}

int serve_target_reregister(struct local_side *side, struct local_target *target,
			    const struct side_request *request, struct side_reply *reply)
{
	struct mr_change change = {
		.what = request->argument,
		.access = request->spec.access,
		.mode = request->spec.mode,
		.other_domain = request->spec.other_pd,
		.addr = target->region.addr + request->offset,
		.len = request->len,
	};
	int ret;

	if (!target->registered)
		return -EINVAL;
	ret = rdma_mr_rereg(&target->mr, &side->device, &change);
	if (ret)
		return ret;
	if (change.what & MR_CHANGE_RANGE) {
		target->mr_offset = request->offset;
		target->mr_len = request->len;
	}
	local_describe(side, target, &reply->target);
	return 0;
}

int serve_target_close_file(struct local_side *side, struct local_target *target,
			    const struct side_request *request, struct side_reply *reply)
{
	if (target->region.fd < 0)
		return -EBADF;
	close(target->region.fd);
	target->region.fd = -1;
	return 0;
}

int serve_target_close(struct local_side *side, struct local_target *target,
		       const struct side_request *request, struct side_reply *reply)
{
	if (target->region.kind == REGION_DEVDAX)
		side->devdax_next = target->region.file_offset;
	local_target_close(target);
	return 0;
}
