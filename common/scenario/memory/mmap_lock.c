// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mmap_lock.c - words that hold the lock of the memory map of a target's process */
#include "scenario/memory/mmap_lock.h"

#include "testcase/test.h"

void(mmap_lock_held)(struct test *t, struct target *target, uint32_t ms)
{
	ASK(t, target->side, "hold mmap_lock", SIDE_MMAP_LOCK_HOLD, .argument = ms);
}

uint64_t(mmap_lock_free)(struct test *t, struct target *target)
{
	return ASK(t, target->side, "wait for mmap_lock", SIDE_MMAP_LOCK_AWAIT).number;
}
