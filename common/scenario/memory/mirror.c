// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mirror.c - words about a second HMM mirror of the responder's memory */
#include "scenario/memory/mirror.h"

#include <errno.h>
#include <inttypes.h>

#include "base/util.h"
#include "scenario/memory/invalidation.h"
#include "testcase/test.h"

int(mirror_read_errno)(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_MIRROR_CHECK, .offset = offset,
			     .len = len);

	return ret == -EBADMSG ? 0 : -ret;
}

void(migrate_to_device)(struct test *t, struct target *target, uint64_t offset,
			uint64_t len, enum mirror_memory memory)
{
	uint64_t pages = len / PAGE_BYTES, there;

	(invalidate)(t, target, offset, len,
		     memory == MIRROR_PRIVATE ? BY_DEVICE_MEMORY : BY_COHERENT_MEMORY);
	there = (pages_in_device)(t, target, offset, len, memory);
	if (there < pages)
		test_fail(t, "%" PRIu64 " of %" PRIu64 " pages are in device memory",
			  there, pages);
}

int(migration_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	struct side_reply reply;

	return -TRY_TARGET(target, &reply, SIDE_TARGET_INVALIDATE, .offset = offset,
			   .len = len, .argument = BY_DEVICE_MEMORY);
}

uint64_t(pages_in_device)(struct test *t, struct target *target, uint64_t offset,
			  uint64_t len, enum mirror_memory memory)
{
	return ASK_TARGET(t, target, "where pages are", SIDE_MIRROR_HOLDS,
			  .offset = offset, .len = len, .argument = memory)
		.number;
}

void(fail_return_from_device)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "a device without memory for a page that comes back",
	    SIDE_MIRROR_FAIL_RETURN);
}

void(reserve_for_device)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len)
{
	(invalidate)(t, target, offset, len, BY_EXCLUSIVE_ACCESS);
	if (!(is_reserved_for_device)(t, target, offset, len))
		test_fail(t, "no page is reserved for the second mirror's device");
}

bool(is_reserved_for_device)(struct test *t, struct target *target, uint64_t offset,
			     uint64_t len)
{
	return ASK_TARGET(t, target, "whether pages are reserved", SIDE_MIRROR_RESERVED,
			  .offset = offset, .len = len)
		.number;
}
