// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_company.c - steps by which others have a hand in a target's memory */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "run/test.h"

struct target *(target_again)(struct test *t, struct target *target, uint64_t offset,
			      uint64_t len, unsigned int access)
{
	struct target_spec spec = target->spec;
	struct target *again;

	spec.same_memory = target->info.id + 1;
	spec.mr_offset = offset;
	spec.mr_len = len;
	spec.access = access;
	spec.unregistered = false;
	again = target->role == RESPONDER ? (responder_target)(t, spec) :
					    (initiator_target)(t, spec);
	again->seed = target->seed;
	return again;
}

void(target_graft)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   struct target *other)
{
	struct side_request request = { .kind = SIDE_TARGET_GRAFT,
					.target = target->info.id,
					.offset = offset,
					.len = len,
					.argument = other->info.id };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "map another target in place");
}

/* The kernel scans one process after the other. */
#define MERGE_PATIENCE_NS (20 * NSEC_PER_SEC)
#define MERGE_POLL_NS	  (20 * NSEC_PER_MSEC)

void(start_merging)(struct test *t)
{
	struct side_request request = { .kind = SIDE_KSM_START };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "start KSM");
}

void(await_merged)(struct test *t, struct target *target, uint64_t pages)
{
	struct side_request request = { .kind = SIDE_KSM_MERGED };
	uint64_t deadline = clock_ns() + MERGE_PATIENCE_NS;
	struct side_reply reply = { 0 };

	(start_merging)(t);
	(target_madvise)(t, target, 0, target_len(target), REGION_MERGE);
	while (reply.number < pages) {
		if (clock_passed(deadline))
			test_fail(t, "only %" PRIu64 " pages are merged", reply.number);
		clock_sleep_ns(MERGE_POLL_NS);
		test_call(t, target->side, &request, &reply, "ask for merged pages");
	}
}

static void to_child(struct test *t, struct target *target, enum request_kind kind,
		     uint64_t offset, uint64_t len, uint16_t generation)
{
	struct side_request request = { .kind = kind,
					.target = target->info.id,
					.offset = offset,
					.len = len,
					.pattern = { target->seed, generation },
					.pattern_offset = offset };
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data in the child: %s",
			  mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail(t, "the child: %s", strerror(-ret));
}

void(fork_child)(struct test *t)
{
	struct side_request request = { .kind = SIDE_CHILD_BEGIN };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "fork");
}

void(child_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	to_child(t, target, SIDE_CHILD_STORE, offset, len, generation);
}

void(check_child)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation)
{
	to_child(t, target, SIDE_CHILD_CHECK, offset, len, generation);
}

void(child_ends)(struct test *t)
{
	struct side_request request = { .kind = SIDE_CHILD_END };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "wait for the child");
}

void(pages_come_late)(struct test *t, struct target *target, uint32_t delay_ms,
		      uint16_t generation)
{
	struct side_request request = { .kind = SIDE_LATE_BEGIN,
					.target = target->info.id,
					.len = target_len(target),
					.argument = delay_ms,
					.pattern = { target->seed, generation } };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "delay pages");
}

void(writes_come_late)(struct test *t, struct target *target, uint32_t delay_ms)
{
	struct side_request request = { .kind = SIDE_LATE_BEGIN,
					.target = target->info.id,
					.len = target_len(target),
					.argument = delay_ms,
					.flag = true };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "delay writes");
}

uint64_t(late_answers)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_LATE_END };
	struct side_reply reply;

	test_call(t, target->side, &request, &reply, "end the delay");
	return reply.number;
}
