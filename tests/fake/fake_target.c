// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_target.c - targets of a fake side: made, registered, filled, checked */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/util.h"
#include "fake_device.h"

struct fake_target *fake_target(struct fake_side *side, uint32_t id)
{
	return id < FAKE_TARGETS && side->targets[id].open ? &side->targets[id] : NULL;
}

void fake_target_close(struct fake_target *target)
{
	if (!target->owner)
		region_close(&target->region);
	free(target->cpu);
	free(target->dev);
	free(target->in_device);
	free(target->seen);
	free(target->stale);
	*target = (struct fake_target){ 0 };
}

void fake_target_allow(struct fake_target *target, uint64_t offset, uint64_t len,
		       enum rights rights)
{
	memset(target->cpu + offset / PAGE_BYTES, rights, len / PAGE_BYTES);
}

/* ---- registration ---- */

static void describe(const struct fake_side *side, const struct fake_target *target,
		     struct target_info *info)
{
	*info = (struct target_info){
		.id = (uint32_t)(target - side->targets),
		.addr = (uintptr_t)target->region.addr + target->mr_offset,
		.local_addr = (uintptr_t)target->region.addr + target->mr_offset,
		.len = target->mr_len,
		.lkey = target->key,
		.rkey = target->key,
		.dax = target->region.dax,
		.map_sync = target->region.dax && target->region.shared,
		.evict_loses_data = target->region.evict_loses_data,
		.page_bytes = target->region.page_bytes,
	};
}

/* What the kernel refuses to pin. */
static int refuse_pin(const struct fake_side *side, const struct fake_target *target)
{
	if (!target->cpu[0])
		return -EFAULT;
	if (target->region.dax && target->region.kind != REGION_DEVDAX)
		return sabotaged(side, DAX_CAN_BE_PINNED) ? 0 : -EOPNOTSUPP;
	if (target->region.kind == REGION_FILE)
		return -EFAULT;
	if (target->mr_len > side->memlock)
		return side->memlock ? -ENOMEM : -EPERM;
	return 0;
}

int fake_target_register(struct fake_side *side, struct fake_target *target,
			 const struct target_spec *spec, struct side_reply *reply)
{
	int ret = 0;

	if (!target->mr_len)
		return -EINVAL;
	if ((uintptr_t)target->region.addr + target->mr_len < target->mr_len)
		return -EOVERFLOW;
	if (!target->cpu[0] && sabotaged(side, HOLE_CANNOT_BE_REGISTERED))
		return -EFAULT;
	target->other_pd = spec->other_pd;
	target->mode = spec->mode;
	target->access = spec->access ? spec->access : MR_READ_WRITE;
	target->key = 0x1000u * (side->role + 1u) + (uint32_t)(target - side->targets);
	if (spec->mode == MR_PINNED)
		ret = refuse_pin(side, target);
	else
		ret = fake_device_snapshot(target, 0, target->region.len);
	if (!ret && (spec->mode == MR_PINNED || sabotaged(side, ODP_IS_PINNED)))
		fake_device_pin(target);
	target->registered = !ret;
	describe(side, target, &reply->target);
	return ret;
}

/* ---- targets ---- */

/* Files of all kinds are memfds here. */
static int make_region(struct fake_side *side, struct region *region,
		       const struct target_spec *spec)
{
	bool file = spec->kind >= REGION_MEMFD;
	struct region_spec wanted = { .kind = file ? REGION_MEMFD : REGION_ANON,
				      .len = spec->len,
				      .read_only = spec->read_only,
				      .hole = spec->hole,
				      .top_bits = spec->top_bits };
	int ret = region_open(region, &side->arena, &wanted);

	if (ret)
		return ret;
	region->kind = spec->kind;
	region->dax = spec->kind >= REGION_FSDAX;
	if (spec->kind != REGION_FSDAX_PRIVATE)
		return 0;
	region->shared = false;
	region->evict_loses_data = true;
	return mmap(region->addr, region->len, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_FIXED, region->fd, 0) == MAP_FAILED ?
		       -errno :
		       0;
}

/* The keys of an implicit region, with its rights. */
static void borrow(struct fake_target *target, const struct fake_target *lender)
{
	target->key = lender->key;
	target->mode = lender->mode;
	target->access = lender->access;
	target->registered = true;
}

int fake_target_open(struct fake_side *side, const struct target_spec *spec,
		     struct side_reply *reply)
{
	struct fake_target *target = NULL;
	int ret = 0;

	for (size_t i = 0; i < FAKE_TARGETS && !target; i++)
		if (!side->targets[i].open)
			target = &side->targets[i];
	if (!target)
		return -ENOSPC;
	if (spec->same_memory) {
		target->owner = &side->targets[spec->same_memory - 1];
		target->region = target->owner->region;
	} else {
		ret = make_region(side, &target->region, spec);
	}
	if (ret)
		return ret;
	target->open = true;
	target->size = target->region.len;
	target->cpu = calloc(1, target->region.len / PAGE_BYTES);
	target->dev = calloc(1, target->region.len / PAGE_BYTES);
	target->in_device = calloc(1, target->region.len / PAGE_BYTES);
	if (!spec->hole)
		fake_target_allow(target, 0, target->region.len,
				  spec->read_only ? MAY_READ : MAY_WRITE);
	target->file_offset = spec->file_offset;
	target->mr_offset = spec->mr_offset;
	if (!spec->mr_empty)
		target->mr_len = spec->mr_len ? spec->mr_len : spec->len;
	if (!spec->unregistered && !spec->lender)
		ret = fake_target_register(side, target, spec, reply);
	if (spec->lender)
		borrow(target, &side->targets[spec->lender - 1]);
	describe(side, target, &reply->target);
	return ret;
}

/* ---- data ---- */

int fake_target_fill(struct fake_target *target, const struct side_request *request)
{
	unsigned char *data = malloc(request->len);
	int ret;

	pattern_fill(data, request->pattern_offset, request->len, request->pattern);
	ret = region_write(&target->region, request->offset, data, request->len);
	free(data);
	return ret;
}

int fake_target_check(struct fake_side *side, struct fake_target *target,
		      const struct side_request *request, struct side_reply *reply)
{
	unsigned char *data;
	int ret = 0;

	if (sabotaged(side, CHECK_NOTHING))
		return 0;
	data = malloc(request->len);
	fake_mirror_return(side, target, request->offset, request->len);
	if (request->kind == SIDE_TARGET_CHECK_FILE)
		ret = region_read(&target->region, request->offset, data, request->len);
	else
		memcpy(data, target->region.addr + request->offset, request->len);
	if (request->kind == SIDE_TARGET_CHECK_EITHER)
		ret = pattern_check_either(data, request->pattern_offset, request->len,
					   request->pattern, request->other,
					   &reply->mismatch);
	else if (!ret)
		ret = pattern_check(data, request->pattern_offset, request->len,
				    request->pattern, &reply->mismatch);
	free(data);
	return ret;
}
