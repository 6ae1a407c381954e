// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fork_child.c - words about a forked child of the responder */
#include "scenario/memory/fork_child.h"

#include "testcase/test.h"

void(fork_child)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "fork", SIDE_CHILD_BEGIN);
}

void(child_ends)(struct test *t)
{
	ASK(t, t->side[RESPONDER], "wait for the child", SIDE_CHILD_END);
}

uint64_t(prefetches_after_exec)(struct test *t, bool *device)
{
	struct side_reply reply =
		ASK(t, t->side[RESPONDER],
		    "prefetch by a region of a process that calls exec()",
		    SIDE_REGION_AFTER_EXEC);

	*device = reply.strays;
	return reply.number;
}
