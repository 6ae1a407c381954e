// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - words that delay page faults by userfaultfd */
#include "scenario/memory/uffd.h"

#include <errno.h>

#include "testcase/test.h"

void(uffd_delay_missing)(struct test *t, struct target *target, uint32_t delay_ms,
			 uint16_t generation)
{
	ASK_TARGET(t, target, "delay missing pages", SIDE_UFFD_DELAY_BEGIN,
		   .len = target->spec.len, .argument = delay_ms,
		   .pattern = { target->seed, generation });
}

void(uffd_delay_by)(struct test *t, struct target *target, enum uffd_way way,
		    uint32_t delay_ms, uint16_t generation)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_UFFD_DELAY_BEGIN,
			     .len = target->spec.len, .argument = delay_ms, .key = way,
			     .pattern = { target->seed, generation });

	if (ret == -EOPNOTSUPP)
		test_skip(t, "the kernel has no such way to resolve a page fault");
	if (ret)
		test_fail_errno(t, ret, "delay page faults");
}

void(uffd_delay_writes)(struct test *t, struct target *target, uint32_t delay_ms)
{
	ASK_TARGET(t, target, "delay writes", SIDE_UFFD_DELAY_BEGIN,
		   .len = target->spec.len, .argument = delay_ms, .key = UFFD_PROTECT);
}

uint64_t(uffd_delay_stop)(struct test *t, struct target *target)
{
	return ASK(t, target->side, "end the delay", SIDE_UFFD_DELAY_END).number;
}
