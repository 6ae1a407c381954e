// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fork_child.c - words about a forked child of the responder */
#include "scenario/memory/fork_child.h"

#include <errno.h>

#include "testcase/test.h"

static void access_by_child(struct test *t, struct target *target, enum request_kind kind,
			    uint64_t offset, uint64_t len, uint16_t generation)
{
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, kind, .offset = offset, .len = len,
			     .pattern = { target->seed, generation },
			     .pattern_offset = offset);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data in the child: %s",
			  mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(t, ret, "the child");
}

void(fork_child)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "fork", SIDE_CHILD_BEGIN);
}

void(child_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	access_by_child(t, target, SIDE_CHILD_STORE, offset, len, generation);
}

void(check_child)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation)
{
	access_by_child(t, target, SIDE_CHILD_CHECK, offset, len, generation);
}

void(child_ends)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "wait for the child", SIDE_CHILD_END);
}
