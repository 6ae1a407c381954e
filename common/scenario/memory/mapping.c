// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mapping.c - words that change the mapping of a target */
#include "scenario/memory/mapping.h"

#include "testcase/test.h"

void(target_evict)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "evict", SIDE_TARGET_EVICT, .offset = offset, .len = len);
}

void(target_unmap)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "unmap", SIDE_TARGET_UNMAP, .offset = offset, .len = len);
}

void(target_map)(struct test *t, struct target *target)
{
	ASK_TARGET(t, target, "map", SIDE_TARGET_MAP);
}

void(target_remap)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	ASK_TARGET(t, target, "map in place", SIDE_TARGET_REMAP, .offset = offset,
		   .len = len);
}

void(target_protect)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_protection protection)
{
	ASK_TARGET(t, target, "protect", SIDE_TARGET_PROTECT, .offset = offset,
		   .len = len, .argument = protection);
}

void(target_map_other_file)(struct test *t, struct target *target, uint64_t offset,
			    uint64_t len, struct target *other)
{
	ASK_TARGET(t, target, "map another file in place", SIDE_TARGET_MAP_OTHER_FILE,
		   .offset = offset, .len = len, .argument = other->info.id);
}

void(target_madvise)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_advice advice)
{
	struct side_reply reply;
	int ret = test_retry(t, target->side,
			     &REQUEST(SIDE_TARGET_MADVISE, .target = target->info.id,
				      .offset = offset, .len = len, .argument = advice),
			     &reply);

	if (ret)
		test_fail_errno(t, ret, "%s", region_advice_name(advice));
}

int(madvise_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   int advice)
{
	return (int)ASK_TARGET(t, target, "madvise", SIDE_TARGET_MADVISE_NUMBER,
			       .offset = offset, .len = len, .argument = (uint32_t)advice)
		.number;
}

int(mremap_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  enum mremap_form form)
{
	return (int)ASK_TARGET(t, target, "mremap", SIDE_TARGET_MREMAP, .offset = offset,
			       .len = len, .argument = form)
		.number;
}
