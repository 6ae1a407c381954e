// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fake_mirror.c - targets of a fake side: a second mirror, and pages in its device's
 * memory
 *
 * A page in device memory, or reserved for the device, is a mark: its data stays where it
 * is, and what would bring it back takes the mark away.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "fake_device.h"
#include "region/mirror.h"

static unsigned char *marks(const struct fake_target *target)
{
	return target->owner ? target->owner->in_device : target->in_device;
}

bool fake_mirror_has(const struct fake_target *target, uint64_t page)
{
	return marks(target)[page] == IN_PRIVATE || marks(target)[page] == RESERVED;
}

static bool stays(const struct fake_side *side, unsigned char mark)
{
	switch (mark) {
	case IN_PRIVATE:
		return sabotaged(side, DEVICE_MEMORY_STAYS);
	case IN_COHERENT:
		return !sabotaged(side, COHERENT_MEMORY_RETURNS);
	default:
		return sabotaged(side, RESERVATION_STAYS);
	}
}

static void put_back(struct fake_side *side, struct fake_target *target, uint64_t page)
{
	unsigned char *mark = &marks(target)[page];

	if (!*mark || stays(side, *mark))
		return;
	if (*mark == IN_PRIVATE && sabotaged(side, DEVICE_MEMORY_LOST))
		memset(target->region.addr + page * PAGE_BYTES, 0, PAGE_BYTES);
	*mark = AT_HOME;
}

/* Once, where the device was to have no memory for it. */
bool fake_mirror_cannot_return(struct fake_side *side, const struct fake_target *target,
			       uint64_t page)
{
	bool fails = side->fails_return && marks(target)[page] == IN_PRIVATE;

	if (fails && !sabotaged(side, FAILED_RETURN_IS_FOR_EVER))
		side->fails_return = false;
	return fails;
}

void fake_mirror_return(struct fake_side *side, struct fake_target *target,
			uint64_t offset, uint64_t len)
{
	uint64_t end = round_up(offset + len, PAGE_BYTES);

	if (sabotaged(side, DEVICE_MEMORY_ALL_RETURNS)) {
		offset = 0;
		end = target->region.len;
	}
	for (uint64_t page = offset / PAGE_BYTES; page < end / PAGE_BYTES; page++)
		put_back(side, target, page);
}

void fake_mirror_forget(struct fake_target *target, uint64_t offset, uint64_t len)
{
	memset(marks(target) + offset / PAGE_BYTES, AT_HOME,
	       round_up(offset % PAGE_BYTES + len, PAGE_BYTES) / PAGE_BYTES);
}

static const enum fake_place places[INVALIDATORS] = {
	[BY_DEVICE_MEMORY] = IN_PRIVATE,
	[BY_COHERENT_MEMORY] = IN_COHERENT,
	[BY_EXCLUSIVE_ACCESS] = RESERVED,
};

bool fake_mirror_makes(enum invalidator by)
{
	return places[by];
}

/* Only private memory migrates. */
int fake_mirror_take(struct fake_side *side, struct fake_target *target, uint64_t offset,
		     uint64_t len, enum invalidator by)
{
	if (target->region.shared)
		return target->region.dax && !sabotaged(side, DAX_MIGRATES) ? -EINVAL : 0;
	fake_device_invalidate(side, target, offset, len);
	if (!sabotaged(side, MIGRATE_NOTHING))
		memset(marks(target) + offset / PAGE_BYTES, places[by], len / PAGE_BYTES);
	return 0;
}

static uint64_t count(const struct fake_target *target,
		      const struct side_request *request, enum fake_place place)
{
	uint64_t n = 0;

	for (uint64_t at = 0; at < request->len; at += PAGE_BYTES)
		n += marks(target)[(request->offset + at) / PAGE_BYTES] == place;
	return n;
}

static bool reaches(const struct fake_side *side, const struct fake_target *target,
		    const struct side_request *request, enum rights want)
{
	uint64_t end = request->offset + request->len;

	if (end > target->size && !sabotaged(side, MIRROR_READS_BEYOND_FILE))
		return false;
	for (uint64_t at = request->offset; at < end; at += PAGE_BYTES)
		if (target->cpu[at / PAGE_BYTES] < want)
			return false;
	return true;
}

static int store(struct fake_side *side, struct fake_target *target,
		 const struct side_request *request)
{
	if (!reaches(side, target, request, MAY_WRITE))
		return -EFAULT;
	if (sabotaged(side, MIRROR_STORE_LOST))
		return 0;
	if (sabotaged(side, MIRROR_STORE_LEAVES_DEVICE))
		fake_mirror_return(side, target, request->offset, request->len);
	pattern_fill(target->region.addr + request->offset, request->pattern_offset,
		     request->len, request->pattern);
	return 0;
}

/* Private memory is read by its mapping; a hole of a file is not to be filled by that. */
static int read_memory(const struct fake_target *target, uint64_t offset, uint64_t len,
		       unsigned char *data)
{
	if (target->region.shared)
		return region_read(&target->region, offset, data, len);
	memcpy(data, target->region.addr + offset, len);
	return 0;
}

/* With a sabotage the mirror reads for ever what it has read first. */
static int check(struct fake_side *side, struct fake_target *target,
		 const struct side_request *request, struct side_reply *reply)
{
	_cleanup_free_ unsigned char *data = calloc(1, request->len);
	int ret;

	if (!reaches(side, target, request, MAY_READ))
		return -EFAULT;
	ret = read_memory(target, request->offset, request->len, data);
	if (ret)
		return ret;
	if (sabotaged(side, MIRROR_IS_STALE) && !target->seen) {
		target->seen = calloc(1, target->region.len);
		memcpy(target->seen + request->offset, data, request->len);
	}
	return pattern_check(target->seen ? target->seen + request->offset : data,
			     request->pattern_offset, request->len, request->pattern,
			     &reply->mismatch);
}

int fake_mirror(struct fake_side *side, struct fake_target *target,
		const struct side_request *request, struct side_reply *reply)
{
	switch (request->kind) {
	case SIDE_MIRROR_STORE:
		return store(side, target, request);
	case SIDE_MIRROR_CHECK:
		return check(side, target, request, reply);
	case SIDE_MIRROR_HOLDS:
		reply->number = count(target, request,
				      request->argument == MIRROR_PRIVATE ? IN_PRIVATE :
									    IN_COHERENT);
		return 0;
	case SIDE_MIRROR_RESERVED:
		reply->number = count(target, request, RESERVED) > 0;
		return 0;
	default:
		return -EBADRQC;
	}
}
