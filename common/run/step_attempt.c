// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_attempt.c - steps that are operations which are meant to go wrong, or may */
#include <errno.h>
#include <string.h>

#include "run/test.h"

/* Behind the attempt: enough to see that all are flushed, and in order. */
#define FOLLOWERS 3
#define WORD	  sizeof(uint64_t)

/* The initiator's pinned memory for attempts that name none. */
static struct target *own_memory(struct test *t, uint64_t len)
{
	if (!t->attempt_local || target_len(t->attempt_local) < len)
		t->attempt_local =
			(initiator_target)(t, (struct target_spec){
						      .kind = REGION_ANON,
						      .mode = MR_PINNED,
						      .len = round_up(len, KiB(64)) });
	return t->attempt_local;
}

static void make_bystanders(struct test *t)
{
	static const struct target_spec spec = { .kind = REGION_ANON,
						 .mode = MR_PINNED,
						 .len = PAGE_BYTES };

	if (t->bystander)
		return;
	t->bystander = (responder_target)(t, spec);
	t->bystander_source = (initiator_target)(t, spec);
	t->bystander_generation = ZEROS;
}

static struct side_op describe(struct test *t, const struct attempt *what)
{
	uint32_t len = what->len ? what->len : WORD;
	struct target *local = what->local ? what->local : own_memory(t, len);
	struct side_op op = {
		.opcode = what->opcode,
		.pieces = 1,
		.piece = { { .target = local->info.id,
			     .offset = what->local_offset,
			     .len = len,
			     .key = what->lkey } },
		.remote_addr = what->target->info.addr - what->target->spec.mr_offset +
			       what->offset,
		.rkey = what->rkey ? what->rkey : what->target->info.rkey,
		.compare_add = 1,
	};

	if (what->generation)
		(target_fill_for)(t, local, what->local_offset, what->target,
				  what->offset, len, what->generation);
	return op;
}

static void post_receive(struct test *t, const struct attempt *what)
{
	struct side_request request = {
		.kind = SIDE_POST_RECV,
		.op = { .pieces = 1,
			.piece = { { .target = what->target->info.id,
				     .offset = what->offset,
				     .len = what->len } } },
	};
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "post a receive");
}

/* Returns 0 or the errno of posting, as a library may refuse what a device would. */
static int post(struct test *t, struct side_op op)
{
	struct side_request request = { .kind = SIDE_POST, .op = op };
	struct side_reply reply;
	int ret;

	ret = side_call(t->side[INITIATOR], &request, &reply);
	if (ret && ret != -EINVAL)
		test_fail(t, "post an operation: %s", strerror(-ret));
	return -ret;
}

static void post_followers(struct test *t)
{
	for (unsigned int i = 0; i < FOLLOWERS; i++) {
		struct side_op op = {
			.opcode = RDMA_WRITE,
			.pieces = 1,
			.piece = { { .target = t->bystander_source->info.id,
				     .offset = i * WORD,
				     .len = WORD } },
			.remote_addr = t->bystander->info.addr + i * WORD,
			.rkey = t->bystander->info.rkey,
		};

		if (post(t, op))
			test_fail(t, "an operation behind it could not be posted");
	}
}

static void collect(struct test *t, unsigned int n, struct side_reply *reply)
{
	struct side_request request = { .kind = SIDE_COLLECT, .len = n };

	test_call(t, t->side[INITIATOR], &request, reply, "wait for completions");
	if (reply->batch[0].status != OP_SUCCESS)
		t->broken = true;
}

/* All of the batch, each once and in order, and behind a failure nothing but flushes. */
static enum op_status judge_batch(struct test *t, const struct side_reply *reply)
{
	enum op_status first = reply->batch[0].status;
	enum op_status due = first == OP_SUCCESS ? OP_SUCCESS : OP_FLUSH_ERR;

	for (unsigned int i = 0; i < reply->completions; i++) {
		const struct rdma_completion *got = &reply->batch[i];

		if (got->id < i)
			test_fail(t, "operation %" PRIu64 " of %u completed twice",
				  got->id + 1, FOLLOWERS + 1);
		if (got->id != i)
			test_fail(t,
				  "operation %u of %u was never completed, but one "
				  "behind it was",
				  i + 1, FOLLOWERS + 1);
		if (i && got->status != due)
			test_fail(t,
				  "the first operation ended with %s, the one %u behind "
				  "it with %s, expected %s",
				  op_status_name(first), i, op_status_name(got->status),
				  op_status_name(due));
	}
	if (reply->completions != FOLLOWERS + 1)
		test_fail(t, "operation %u of %u was never completed",
			  reply->completions + 1, FOLLOWERS + 1);
	return first;
}

/*
 * What the operations behind the attempt wrote. When it is the answer to a READ or an
 * atomic that finds no place, they may have been on their way for long.
 */
static void check_bystander(struct test *t, const struct attempt *what,
			    enum op_status status, uint16_t after)
{
	bool answered = what->opcode == RDMA_READ || what->opcode == RDMA_FETCH_ADD ||
			what->opcode == RDMA_COMPARE_SWAP;
	uint64_t len = FOLLOWERS * WORD;

	if (answered && status == OP_LOC_PROT_ERR) {
		(check_either)(t, t->bystander, 0, len, t->bystander_generation, after);
		(target_fill)(t, t->bystander, 0, len, after);
		t->bystander_generation = after;
		return;
	}
	if (status == OP_SUCCESS)
		t->bystander_generation = after;
	(check_mapping)(t, t->bystander, 0, len, t->bystander_generation);
}

enum op_status(attempt)(struct test *t, struct attempt what)
{
	uint16_t after = (uint16_t)(++t->attempts);
	struct side_reply reply;
	enum op_status status;

	make_bystanders(t);
	(target_fill_for)(t, t->bystander_source, 0, t->bystander, 0, FOLLOWERS * WORD,
			  after);
	if (what.opcode == RDMA_SEND)
		post_receive(t, &what);
	if (post(t, describe(t, &what)))
		return OP_NOT_POSTED;
	post_followers(t);
	collect(t, FOLLOWERS + 1, &reply);
	status = judge_batch(t, &reply);
	test_note_failure(t, &reply.batch[0]);
	check_bystander(t, &what, status, after);
	return status;
}

enum op_status(receive_status)(struct test *t)
{
	struct side_request request = { .kind = SIDE_WAIT_RECV };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "wait for the receive");
	return reply.completion.status;
}

void(attempt_begin)(struct test *t, struct attempt what)
{
	if (post(t, describe(t, &what)))
		test_fail(t, "the operation could not be posted");
}

enum op_status(attempt_end)(struct test *t)
{
	struct side_reply reply;

	collect(t, 1, &reply);
	if (reply.completions != 1)
		test_fail(t, "%u completions of one operation", reply.completions);
	return reply.batch[0].status;
}
