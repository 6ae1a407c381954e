// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_invalidate.c - steps that take pages away from a device */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "run/test.h"

/* The kernel may be unable to for a moment, while somebody holds a page. */
#define PATIENCE_NS (2 * NSEC_PER_SEC)

static void insist(struct test *t, struct target *target, enum request_kind kind,
		   uint64_t offset, uint64_t len, uint32_t how, const char *what)
{
	uint64_t deadline = clock_ns() + PATIENCE_NS;
	struct side_request request = { .kind = kind,
					.target = target->info.id,
					.offset = offset,
					.len = len,
					.argument = how };
	struct side_reply reply;
	int ret;

	do
		ret = side_call(target->side, &request, &reply);
	while (ret == -EAGAIN && !clock_passed(deadline));
	if (ret)
		test_fail(t, "%s: %s", what, strerror(-ret));
}

void(target_madvise)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_advice advice)
{
	insist(t, target, SIDE_TARGET_MADVISE, offset, len, advice,
	       region_advice_name(advice));
}

#define SWAP_PAUSE_NS (200 * NSEC_PER_MSEC)

void(await_swap_written)(struct test *t)
{
	(void)t;
	clock_sleep_ns(SWAP_PAUSE_NS);
}

void(join_cgroup)(struct test *t)
{
	struct side_request request = { .kind = SIDE_JOIN_CGROUP };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "join a cgroup");
}

void(invalidate)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 enum invalidator by)
{
	insist(t, target, SIDE_TARGET_INVALIDATE, offset, len, by, invalidator_name(by));
}

bool(compact_memory)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_TARGET_INVALIDATE,
					.target = target->info.id,
					.len = target_len(target),
					.argument = BY_COMPACTION };
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (ret && ret != -EAGAIN)
		test_fail(t, "%s: %s", invalidator_name(BY_COMPACTION), strerror(-ret));
	return !ret;
}
