// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_device.c - the device of a fake side: its translations */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "fake_device.h"
#include "region/residency.h"

static uint64_t page_after(uint64_t offset, uint64_t len)
{
	return round_up(offset + len, PAGE_BYTES) / PAGE_BYTES;
}

bool fake_device_in_mr(const struct fake_target *target, uint64_t offset, uint64_t len)
{
	return offset >= target->mr_offset &&
	       offset + len <= target->mr_offset + target->mr_len;
}

static bool is_resident(const struct fake_target *target, uint64_t page)
{
	uint64_t count;

	return !residency_count(target->region.addr + page * PAGE_BYTES, PAGE_BYTES,
				&count, NULL) &&
	       count;
}

#define SNAPSHOT MiB(4)

static int snapshot_part(struct fake_target *target, uint64_t offset, uint64_t len)
{
	unsigned char resident[SNAPSHOT / PAGE_BYTES / 8];
	uint64_t first = offset / PAGE_BYTES, count;
	int ret;

	ret = residency_count(target->region.addr + first * PAGE_BYTES, len, &count,
			      resident);
	for (uint64_t page = first; !ret && page < page_after(offset, len); page++)
		if (resident[(page - first) / 8] & 1u << (page - first) % 8 &&
		    !fake_mirror_has(target, page))
			target->dev[page] = target->cpu[page];
	return ret;
}

int fake_device_snapshot(struct fake_target *target, uint64_t offset, uint64_t len)
{
	int ret = 0;

	for (uint64_t done = 0; done < len && !ret; done += SNAPSHOT)
		ret = snapshot_part(target, offset + done,
				    size_min(SNAPSHOT, len - done));
	return ret;
}

/* What the device reads there from now on, whatever becomes of the memory. */
static void keep_stale(struct fake_target *target, uint64_t offset, uint64_t len)
{
	if (!target->stale)
		target->stale = calloc(1, target->region.len);
	memcpy(target->stale + offset, target->region.addr + offset, len);
}

static void forget_targets(struct fake_side *side, struct fake_target *target,
			   uint64_t offset, uint64_t len)
{
	if (target->mode == MR_PINNED)
		return;
	target->invalidations++;
	if (sabotaged(side, INVALIDATED_DATA_READ) ||
	    (fake_allocation_fails(side) && sabotaged(side, FAILED_INVALIDATION_LOST)))
		keep_stale(target, offset, len);
	if (sabotaged(side, INVALIDATION_OF_FIRST_PAGE) && len > PAGE_BYTES) {
		keep_stale(target, offset + PAGE_BYTES, len - PAGE_BYTES);
		len = PAGE_BYTES;
	}
	for (uint64_t page = offset / PAGE_BYTES; page < page_after(offset, len); page++)
		target->dev[page] = NO_RIGHTS;
	fake_mirror_forget(target, offset, len);
}

/* One entry of the page table maps 2 MiB if blocks, file and mapping all lie so. */
static bool is_huge(const struct fake_target *target, uint64_t page)
{
	const struct fake_target *memory = target->owner ? target->owner : target;
	uint64_t end = round_down(page * PAGE_BYTES, MiB(2)) + MiB(2);

	return memory->huge && memory->region.shared && end <= memory->size &&
	       end <= memory->region.len;
}

void fake_device_invalidate(struct fake_side *side, struct fake_target *target,
			    uint64_t offset, uint64_t len)
{
	if (sabotaged(side, INVALIDATION_LOST))
		return;
	for (uint32_t id = 0; id < FAKE_TARGETS; id++) {
		struct fake_target *other = fake_target(side, id);

		if (!other || other->region.addr != target->region.addr)
			continue;
		if (other == target || !sabotaged(side, ONE_REGISTRATION_INVALIDATED))
			forget_targets(side, other, offset, len);
	}
}

/* As the CPU would touch it: a page, or all that one entry of its page table maps. */
static void touch(struct fake_target *target, uint64_t page)
{
	bool huge = is_huge(target, page);
	uint64_t first = huge ? round_down(page, MiB(2) / PAGE_BYTES) : page;
	uint64_t n = huge ? MiB(2) / PAGE_BYTES : 1;

	for (uint64_t i = first; i < first + n; i++) {
		volatile unsigned char *byte = target->region.addr + i * PAGE_BYTES;

		*byte = *byte;
	}
}

static void map_all(struct fake_target *target)
{
	memset(target->dev, MAY_WRITE, target->region.len / PAGE_BYTES);
}

void fake_device_pin(struct fake_target *target)
{
	map_all(target);
	for (uint64_t page = 0; page < target->region.len / PAGE_BYTES; page++)
		if (target->cpu[page] == MAY_WRITE)
			touch(target, page);
}

static bool serve_fault(struct fake_side *side, struct fake_target *target, uint64_t page,
			enum rights want)
{
	enum rights allowed = (enum rights)target->cpu[page];

	if (page * PAGE_BYTES >= target->size || !allowed)
		return false;
	if (allowed < want && !sabotaged(side, RIGHTS_IGNORED))
		return false;
	if (want == MAY_WRITE && side->full && !sabotaged(side, FULL_IS_IGNORED))
		return false;
	if (want == MAY_WRITE ? !sabotaged(side, FROZEN_IS_WRITTEN) :
				sabotaged(side, FROZEN_IS_NOT_READ))
		fake_side_thaw(side);
	if (fake_mirror_cannot_return(side, target, page))
		return false;
	target->faults++;
	fake_mirror_return(side, target, page * PAGE_BYTES, PAGE_BYTES);
	/* a driver renews the translations of all pages that follow in the message */
	if (sabotaged(side, INVALIDATION_OF_FIRST_PAGE) && target->stale)
		memset(target->stale + page * PAGE_BYTES, 0,
		       target->region.len - page * PAGE_BYTES);
	/* what the CPU has comes with all that the CPU may do */
	target->dev[page] = (unsigned char)(is_resident(target, page) ? allowed : want);
	if (sabotaged(side, FAULT_MAPS_ALL))
		map_all(target);
	if (allowed == MAY_WRITE &&
	    (want == MAY_WRITE || sabotaged(side, HOLE_FILLED_BY_READ)))
		touch(target, page);
	return true;
}

bool fake_device_reach(struct fake_side *side, struct fake_target *target,
		       uint64_t offset, uint64_t len, enum rights want)
{
	for (uint64_t page = offset / PAGE_BYTES; page < page_after(offset, len); page++)
		if ((target->dev[page] < want || sabotaged(side, MAPPED_PAGE_FAULTS)) &&
		    !serve_fault(side, target, page, want))
			return false;
	return true;
}

/* So that the CPU's page table has them, as after a fault for reading. */
static void load_pages(const struct fake_target *target, uint64_t offset, uint64_t len)
{
	for (uint64_t at = round_down(offset, PAGE_BYTES); at < offset + len;
	     at += PAGE_BYTES)
		(void)*(volatile unsigned char *)(target->region.addr + at);
}

int fake_device_advise(struct fake_side *side, struct fake_target *target,
		       const struct side_request *request)
{
	enum mr_advice advice = (enum mr_advice)request->argument;
	enum rights want = advice == MR_PREFETCH ? MAY_READ : MAY_WRITE;

	if (sabotaged(side, PREFETCH_NOTHING))
		return 0;
	if (target->mode == MR_PINNED || target->other_pd ||
	    (request->key && request->key != target->key))
		return -EINVAL;
	if (!(target->access & MR_LOCAL_WRITE))
		return -EINVAL;
	if (!fake_device_in_mr(target, request->offset, request->len))
		return -EFAULT;
	if (advice == MR_PREFETCH_NO_FAULT && !sabotaged(side, NO_FAULT_PREFETCH_FAULTS))
		return fake_device_snapshot(target, request->offset, request->len);
	if (fake_device_reach(side, target, request->offset, request->len, want)) {
		load_pages(target, request->offset, request->len);
		return 0;
	}
	return target->cpu[request->offset / PAGE_BYTES] == MAY_READ ? -EPERM : -EFAULT;
}
