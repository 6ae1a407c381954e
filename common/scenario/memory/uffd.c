// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* uffd.c - words that delay page faults by userfaultfd */
#include "scenario/memory/uffd.h"

#include "testcase/test.h"

void(uffd_delay_missing)(struct test *t, struct target *target, uint32_t delay_ms,
			 uint16_t generation)
{
	ASK_TARGET(t, target, "delay missing pages", SIDE_UFFD_DELAY_BEGIN,
		   .len = target->spec.len, .argument = delay_ms,
		   .pattern = { target->seed, generation });
}

void(uffd_delay_writes)(struct test *t, struct target *target, uint32_t delay_ms)
{
	ASK_TARGET(t, target, "delay writes", SIDE_UFFD_DELAY_BEGIN,
		   .len = target->spec.len, .argument = delay_ms, .flag = true);
}

uint64_t(uffd_delay_stop)(struct test *t, struct target *target)
{
	return ASK(t, target->side, "end the delay", SIDE_UFFD_DELAY_END).number;
}
