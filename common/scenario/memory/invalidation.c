// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* invalidation.c - words that make the kernel invalidate pages of a target, once */
#include "scenario/memory/invalidation.h"

#include <errno.h>
#include <inttypes.h>

#include "base/clock.h"
#include "scenario/memory/mapping.h"
#include "testcase/expect.h"
#include "testcase/test.h"

void(limit_memory)(struct test *t, uint64_t bytes)
{
	ASK(t, t->side[RESPONDER], "limit the memory of the cgroup", SIDE_LIMIT_MEMORY,
	    .len = bytes);
}

void(join_cgroup)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "join a cgroup", SIDE_JOIN_CGROUP);
}

void(start_demotion)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "let reclaim demote pages", SIDE_DEMOTION_START);
}

int(target_node)(struct test *t, struct target *target, uint64_t offset, uint64_t len)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_TARGET_NODE, .offset = offset,
			     .len = len);

	if (ret && ret != -EAGAIN)
		test_fail_errno(t, -ret, "which node pages are on");
	return ret ? -1 : (int)reply.number;
}

void(start_ksm)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "start KSM", SIDE_KSM_START);
}

/* KSM scans one process after the other. */
#define MERGE_PATIENCE_NS (20 * NSEC_PER_SEC)
#define MERGE_POLL_NS	  (20 * NSEC_PER_MSEC)

void(await_ksm_merged)(struct test *t, struct target *target, uint64_t pages)
{
	struct deadline deadline = deadline_for(t, MERGE_PATIENCE_NS);
	uint64_t merged = 0;

	(start_ksm)(t);
	(target_madvise)(t, target, 0, target->spec.len, REGION_KSM);
	while (merged < pages) {
		if (deadline_passed(&deadline))
			test_fail(t, "only %" PRIu64 " pages are merged", merged);
		clock_sleep_ns(MERGE_POLL_NS);
		merged = ASK(t, target->side, "count merged pages", SIDE_KSM_MERGED)
				 .number;
	}
}

#define SWAP_PAUSE_NS (200 * NSEC_PER_MSEC)

void(await_swap_written)(struct test *t)
{
	test_pause(t, SWAP_PAUSE_NS);
}

void(invalidate)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 enum invalidator by)
{
	struct side_reply reply;
	int ret = test_retry(t, target->side,
			     &REQUEST(SIDE_TARGET_INVALIDATE, .target = target->info.id,
				      .offset = offset, .len = len, .argument = by),
			     &reply);

	if (ret)
		test_fail_errno(t, ret, "%s", invalidator_name(by));
}

bool(compact_memory)(struct test *t, struct target *target)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_TARGET_INVALIDATE,
			     .len = target->spec.len, .argument = BY_COMPACTION);

	if (ret && ret != -EAGAIN)
		test_fail_errno(t, ret, "%s", invalidator_name(BY_COMPACTION));
	return !ret;
}

int(policy_errno)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  int policy, unsigned int flags, bool second_node)
{
	return (int)ASK_TARGET(t, target, "set a memory policy", SIDE_TARGET_POLICY,
			       .offset = offset, .len = len, .argument = (uint32_t)policy,
			       .key = flags, .flag = second_node)
		.number;
}
