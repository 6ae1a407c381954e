// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_file.c - targets of a fake side: a frozen filesystem, and calls on their files */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/util.h"
#include "fake_device.h"
#include "region/file_call.h"

/* Until the first access that waits for the thaw, whatever the time is. */
int fake_target_freeze(struct fake_side *side, struct fake_target *target)
{
	fake_device_invalidate(side, target, 0, target->region.len);
	side->frozen = true;
	return 0;
}

uint64_t fake_side_thaw(struct fake_side *side)
{
	if (side->frozen)
		side->thaw_ns = clock_ns();
	side->frozen = false;
	return side->thaw_ns;
}

/* The data of the range, into memory that the caller frees; NULL where that fails. */
static unsigned char *read_range(const struct fake_target *target,
				 const struct side_request *request)
{
	unsigned char *data = malloc(request->len);

	if (data && region_read(&target->region, request->offset, data, request->len)) {
		free(data);
		data = NULL;
	}
	return data;
}

static int write_range(struct fake_side *side, struct fake_target *target,
		       const struct side_request *request, const unsigned char *data)
{
	fake_device_invalidate(side, target, request->offset, request->len);
	return region_write(&target->region, request->offset, data, request->len);
}

/* Of files that cannot share blocks: the data goes where the blocks would. */
static int take_data(struct fake_side *side, struct fake_target *target,
		     struct fake_target *other, const struct side_request *request,
		     bool exchange)
{
	unsigned char *theirs = read_range(other, request);
	unsigned char *mine = read_range(target, request);
	int ret = theirs && mine ? write_range(side, target, request, theirs) : -ENOMEM;

	if (!ret && exchange)
		ret = write_range(side, other, request, mine);
	free(theirs);
	free(mine);
	return ret;
}

static int zero(struct fake_side *side, struct fake_target *target,
		const struct side_request *request)
{
	fake_device_invalidate(side, target, request->offset, request->len);
	return region_punch(&target->region, request->offset, request->len);
}

static int set_flag(struct fake_side *side, struct fake_target *target)
{
	target->sealed = true;
	if (sabotaged(side, FLAG_IS_IGNORED))
		return 0;
	fake_device_invalidate(side, target, 0, target->region.len);
	fake_target_allow(target, 0, target->region.len, MAY_READ);
	return 0;
}

static int call(struct fake_side *side, struct fake_target *target,
		struct fake_target *other, const struct side_request *request)
{
	switch ((enum file_call)request->argument) {
	case FILE_MOVE_EXTENTS:
		return -EOPNOTSUPP;
	case FILE_SWAP_EXTENTS:
	case FILE_EXCHANGE_RANGE:
		return take_data(side, target, other, request, true);
	case FILE_CLONE_RANGE:
	case FILE_COPY_RANGE:
		return take_data(side, target, other, request, false);
	case FILE_WRITE_ZEROES:
		return zero(side, target, request);
	case FILE_IMMUTABLE:
	case FILE_APPEND_ONLY:
		return set_flag(side, target);
	case FILE_REWRITE:
		return target->sealed ? -EPERM : 0;
	default: /* changes no data */
		return 0;
	}
}

int fake_target_file_call(struct fake_side *side, struct fake_target *target,
			  const struct side_request *request, struct side_reply *reply)
{
	struct fake_target *other = fake_target(side, request->key);

	if (!other)
		return -EINVAL;
	if (!sabotaged(side, FILE_CALL_NOTHING))
		reply->number = (uint64_t)-call(side, target, other, request);
	return 0;
}
