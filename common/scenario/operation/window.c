// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* window.c - words about memory windows */
#include "scenario/operation/window.h"

#include <errno.h>

#include "scenario/memory/data.h"
#include "scenario/memory/target.h"
#include "scenario/operation/scratch.h"
#include "testcase/execute.h"

static void expect_done(struct test *t, const struct side_reply *reply,
			enum rdma_completed due)
{
	const struct rdma_completion *completion = &reply->completion;

	record_due_status(&t->record, completion->status, OP_SUCCESS);
	if (completion->status != OP_SUCCESS)
		test_fail(t, "%s completed with %s", rdma_completed_name(due),
			  op_status_name(completion->status));
	if (completion->what != due)
		test_fail(t, "completed as %s, expected %s",
			  rdma_completed_name(completion->what),
			  rdma_completed_name(due));
	if (reply->strays)
		test_fail(t, "%u unexpected completions", reply->strays);
}

enum op_status(window_bind_status)(struct test *t, struct target *target,
				   enum window_type type, uint64_t offset, uint64_t len)
{
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_WINDOW_BIND, .offset = offset,
			     .len = len, .argument = type);

	if (ret == -EINVAL || ret == -EPERM || ret == -EOPNOTSUPP)
		return OP_NOT_POSTED;
	if (ret)
		test_fail_errno(t, ret, "bind a memory window");
	if (reply.completion.status != OP_SUCCESS)
		t->broken = true;
	return reply.completion.status;
}

struct target *(target_window)(struct test *t, struct target *target,
			       enum window_type type, uint64_t offset, uint64_t len)
{
	struct target *window = &t->targets[t->n_targets];
	struct side_reply reply;

	if (t->n_targets == TEST_TARGETS)
		test_fail(t, "more than %u targets", TEST_TARGETS);
	reply = ASK_TARGET(t, target, "bind a memory window", SIDE_WINDOW_BIND,
			   .offset = offset, .len = len, .argument = type);
	expect_done(t, &reply, COMPLETED_BIND);
	*window = *target;
	window->info.rkey = (uint32_t)reply.number;
	window->window = type;
	t->n_targets++;
	return window;
}

void(window_invalidate)(struct test *t, struct target *window)
{
	struct side_reply reply = ASK_TARGET(t, window, "invalidate a memory window",
					     SIDE_WINDOW_INVALIDATE,
					     .key = window->info.rkey,
					     .argument = window->window);

	expect_done(t, &reply,
		    window->window == WINDOW_TYPE_1 ? COMPLETED_BIND :
						      COMPLETED_INVALIDATE);
}

void(rdma_send_invalidate)(struct test *t, struct target *window)
{
	struct target *sink =
		(responder_target)(t, (struct target_spec){ .kind = REGION_ANON,
							    .mode = MR_PINNED,
							    .len = PAGE_BYTES });
	struct side_op op = { .rdma.opcode = RDMA_SEND_INVALIDATE,
			      .rdma.immediate = window->info.rkey };
	struct target *local = test_scratch(t, PAGE_BYTES);

	(target_fill_for)(t, local, SCRATCH_AT, sink, 0, PAGE_BYTES, GENERATION(1));
	test_post_receive(t, sink, 0, PAGE_BYTES);
	side_op_add(&op, local, SCRATCH_AT, PAGE_BYTES);
	test_succeeded(t, test_execute(t, &op));
	test_received(t, &op, PAGE_BYTES);
	(check_mapping)(t, sink, 0, PAGE_BYTES, GENERATION(1));
}
