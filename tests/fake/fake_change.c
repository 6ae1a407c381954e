// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_change.c - targets of a fake side: what changes them, and takes pages away */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/util.h"
#include "fake_device.h"

static int unmap(struct fake_target *target, const struct side_request *request)
{
	fake_target_allow(target, request->offset, request->len, NO_RIGHTS);
	return region_unmap(&target->region, request->offset, request->len);
}

static int map(struct fake_target *target, const struct side_request *request)
{
	fake_target_allow(target, 0, target->region.len, MAY_WRITE);
	return region_map(&target->region, request->flag);
}

static int remap(struct fake_target *target, const struct side_request *request)
{
	fake_target_allow(target, request->offset, request->len, MAY_WRITE);
	return region_remap(&target->region, request->offset, request->len);
}

static int protect(struct fake_target *target, const struct side_request *request)
{
	static const enum rights rights[] = {
		[REGION_READ_WRITE] = MAY_WRITE,
		[REGION_READ_ONLY] = MAY_READ,
		[REGION_NO_ACCESS] = NO_RIGHTS,
	};

	fake_target_allow(target, request->offset, request->len,
			  rights[request->argument]);
	return region_protect(&target->region, request->offset, request->len,
			      (enum region_protection)request->argument);
}

static int evict(struct fake_target *target, const struct side_request *request)
{
	return region_evict(&target->region, request->offset, request->len);
}

static int truncate_file(struct fake_target *target, const struct side_request *request)
{
	target->size = request->len;
	return region_truncate(&target->region, request->len);
}

static int punch(struct fake_target *target, const struct side_request *request)
{
	return region_punch(&target->region, request->offset, request->len);
}

static int allocate(struct fake_target *target, const struct side_request *request)
{
	target->huge = !(target->file_offset % MiB(2)) && request->len >= MiB(2);
	return region_allocate(&target->region, request->offset, request->len);
}

/* memfds know neither: the data is moved, as far as the region sees it. */
static int move_data(struct fake_target *target, uint64_t from, uint64_t to)
{
	uint64_t len = target->region.len - (from > to ? from : to);
	unsigned char *data = malloc(len);
	int ret = region_read(&target->region, from, data, len);

	if (!ret)
		ret = region_write(&target->region, to, data, len);
	free(data);
	return ret;
}

static int collapse(struct fake_target *target, const struct side_request *request)
{
	uint64_t end = target->region.len - request->len;
	int ret = move_data(target, request->offset + request->len, request->offset);

	if (ret)
		return ret;
	target->size -= request->len;
	return region_punch(&target->region, end, request->len);
}

static int insert(struct fake_target *target, const struct side_request *request)
{
	int ret = move_data(target, request->offset, request->offset + request->len);

	target->size += request->len;
	return ret ? ret : punch(target, request);
}

static int nothing(struct fake_target *target, const struct side_request *request)
{
	return 0;
}

static const struct change {
	int (*make)(struct fake_target *target, const struct side_request *request);
	enum sabotage not_made; /* the sabotage that leaves it out */
	enum { NO_PAGES, RANGE, FROM_OFFSET, FROM_LEN, ALL } invalidates;
} changes[SIDE_REQUESTS] = {
	[SIDE_TARGET_EVICT] = { evict, EVICT_NOTHING, RANGE },
	[SIDE_TARGET_UNMAP] = { unmap, UNMAP_NOTHING, RANGE },
	[SIDE_TARGET_MAP] = { map, REMAP_NOTHING, NO_PAGES },
	[SIDE_TARGET_REMAP] = { remap, REMAP_NOTHING, RANGE },
	[SIDE_TARGET_PROTECT] = { protect, PROTECT_NOTHING, RANGE },
	[SIDE_TARGET_TRUNCATE] = { truncate_file, TRUNCATE_NOTHING, FROM_LEN },
	[SIDE_TARGET_PUNCH] = { punch, PUNCH_NOTHING, RANGE },
	/* memfds do not know FALLOC_FL_ZERO_RANGE */
	[SIDE_TARGET_ZERO] = { punch, ZERO_NOTHING, RANGE },
	[SIDE_TARGET_COLLAPSE] = { collapse, COLLAPSE_NOTHING, FROM_OFFSET },
	[SIDE_TARGET_INSERT] = { insert, INSERT_NOTHING, FROM_OFFSET },
	[SIDE_TARGET_ALLOCATE] = { allocate, ALLOCATE_NOTHING, NO_PAGES },
	[SIDE_TARGET_PERSIST] = { nothing, FAITHFUL, NO_PAGES },
	[SIDE_TARGET_SYNC] = { nothing, SYNC_NOTHING, ALL },
};

/* Wherever it is mapped. */
static void invalidate_file(struct fake_side *side, struct fake_target *target)
{
	fake_device_invalidate(side, target, 0, target->region.len);
	if (target->host)
		fake_device_invalidate(side, target->host, target->host_offset,
				       target->host_len);
}

int fake_target_change(struct fake_side *side, struct fake_target *target,
		       const struct side_request *request)
{
	const struct change *change = &changes[request->kind];
	struct side_request wider = *request;

	if (!change->make)
		return -EBADRQC;
	if (change->not_made != FAITHFUL && sabotaged(side, change->not_made))
		return 0;
	if (sabotaged(side, CHANGE_BLOCKS))
		clock_sleep_ns(3 * NSEC_PER_SEC / 2);
	if (change->invalidates == RANGE)
		fake_device_invalidate(side, target, request->offset, request->len);
	else if (change->invalidates == FROM_OFFSET)
		fake_device_invalidate(side, target, request->offset,
				       target->region.len - request->offset);
	else if (change->invalidates == FROM_LEN && request->len < target->region.len)
		fake_device_invalidate(side, target, request->len,
				       target->region.len - request->len);
	else if (change->invalidates == ALL)
		invalidate_file(side, target);
	if (sabotaged(side, ALL_IS_HUGE))
		target->file_offset = 0;
	if (sabotaged(side, PUNCH_TOO_MUCH))
		wider.len += PAGE_BYTES;
	return change->make(target, &wider);
}

int fake_target_map_other_file(struct fake_side *side, struct fake_target *target,
			       const struct side_request *request)
{
	struct fake_target *other = fake_target(side, request->argument);

	if (sabotaged(side, REMAP_NOTHING))
		return 0;
	other->host = target;
	other->host_offset = request->offset;
	other->host_len = request->len;
	fake_device_invalidate(side, target, request->offset, request->len);
	fake_target_allow(target, request->offset, request->len, MAY_WRITE);
	return region_map_other_file(&target->region, request->offset, request->len,
				     &other->region);
}

void fake_target_fork(struct fake_side *side)
{
	for (uint32_t id = 0; id < FAKE_TARGETS; id++) {
		struct fake_target *target = fake_target(side, id);

		if (target && !target->region.shared)
			fake_device_invalidate(side, target, 0, target->region.len);
	}
}

/* All of a cycle at once, so that the device sees only what comes of it. */
int fake_target_invalidate(struct fake_side *side, struct fake_target *target,
			   const struct side_request *request)
{
	enum invalidator by = (enum invalidator)request->argument;

	if (sabotaged(side, INVALIDATE_NOTHING))
		return 0;
	if (fake_mirror_makes(by))
		return fake_mirror_take(side, target, request->offset, request->len, by);
	fake_device_invalidate(side, target, request->offset, request->len);
	if (by == BY_MIRRORED_REMAP) /* there is no driver of a mirror */
		by = BY_REMAP;
	return region_invalidate(&target->region, request->offset, request->len, by, 0);
}

void fake_target_storm(struct fake_side *side)
{
	struct side_request request = { .argument = side->storm };
	uint64_t pages, first;

	if (!side->storm_target)
		return;
	request.len = side->storm_target->region.len;
	pages = request.len / PAGE_BYTES;
	if (rand_below(&side->rand, 4)) {
		first = rand_below(&side->rand, pages);
		request.offset = first * PAGE_BYTES;
		request.len = (1 + rand_below(&side->rand, pages - first)) * PAGE_BYTES;
	}
	side->cycles += !fake_target_invalidate(side, side->storm_target, &request);
}
