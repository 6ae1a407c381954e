// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* attempt.c - words for operations that are expected to fail, or may fail */
#include "scenario/operation/attempt.h"

#include <errno.h>

#include "scenario/memory/data.h"
#include "scenario/memory/target.h"
#include "testcase/execute.h"
#include "testcase/touch.h"

/* WRITEs after the attempt: enough to see that all are flushed, and in order. */
#define TRAILING_OPS 3
#define WORD	     sizeof(uint64_t)

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

static void make_trailing_targets(struct test *t)
{
	static const struct target_spec spec = { .kind = REGION_ANON,
						 .mode = MR_PINNED,
						 .len = PAGE_BYTES };

	if (t->trailing_target)
		return;
	t->trailing_target = (responder_target)(t, spec);
	t->trailing_source = (initiator_target)(t, spec);
	t->trailing_generation = ZEROS;
}

static struct side_op operation(struct test *t, const struct attempt *what)
{
	uint32_t len = what->len ? what->len : WORD;
	struct target *local = what->local ? what->local : own_memory(t, len);
	struct side_op op = { .rdma.opcode = what->opcode, .rdma.compare_add = 1 };

	side_op_add(&op, local, what->local_offset, len);
	side_op_aim(&op, what->target, what->offset);
	op.piece[0].key = what->lkey;
	if (what->rkey)
		op.rdma.rkey = what->rkey;
	if (what->generation)
		(target_fill_for)(t, local, what->local_offset, what->target,
				  what->offset, len, what->generation);
	return op;
}

/* Returns 0 or the errno of posting, as a library may refuse what a device would. */
static int post(struct test *t, struct side_op op)
{
	struct side_reply reply;
	int ret;

	test_fits_message(t, &op);
	test_touches(t, &op);
	ret = side_call(t->side[INITIATOR], &REQUEST(SIDE_POST, .op = op), &reply);

	if (ret && ret != -EINVAL)
		test_fail_errno(t, ret, "post an operation");
	return -ret;
}

static void post_trailing_ops(struct test *t)
{
	for (unsigned int i = 0; i < TRAILING_OPS; i++) {
		struct side_op op = { .rdma.opcode = RDMA_WRITE };

		side_op_add(&op, t->trailing_source, i * WORD, WORD);
		side_op_aim(&op, t->trailing_target, i * WORD);
		if (post(t, op))
			test_fail(t, "a trailing WRITE could not be posted");
	}
}

static void collect(struct test *t, unsigned int n, struct side_reply *reply)
{
	*reply = ASK(t, t->side[INITIATOR], "wait for completions", SIDE_COLLECT,
		     .len = n);
	if (reply->batch[0].status != OP_SUCCESS)
		t->broken = true;
}

/* All of the batch, each once and in order, and after a failure only flushes. */
static enum op_status judge_batch(struct test *t, const struct side_reply *reply)
{
	enum op_status first = reply->batch[0].status;
	enum op_status due = first == OP_SUCCESS ? OP_SUCCESS : OP_FLUSH_ERR;

	for (unsigned int i = 0; i < reply->completions; i++) {
		const struct rdma_completion *got = &reply->batch[i];

		if (got->id < i)
			test_fail(t, "operation %" PRIu64 " of %u completed twice",
				  got->id + 1, TRAILING_OPS + 1);
		if (got->id != i)
			test_fail(t,
				  "operation %u of %u was never completed, but a "
				  "later one was",
				  i + 1, TRAILING_OPS + 1);
		if (i && got->status != due)
			test_fail(t,
				  "the first operation completed with %s, trailing WRITE "
				  "%u with %s, expected %s",
				  op_status_name(first), i, op_status_name(got->status),
				  op_status_name(due));
	}
	if (reply->completions != TRAILING_OPS + 1)
		test_fail(t, "operation %u of %u was never completed",
			  reply->completions + 1, TRAILING_OPS + 1);
	return first;
}

/*
 * What the trailing WRITEs left. Where the response to a READ or an atomic cannot be
 * stored, the requester may have sent them already.
 */
static void check_trailing_target(struct test *t, const struct attempt *what,
				  enum op_status status, uint16_t after)
{
	uint64_t len = TRAILING_OPS * WORD;

	if (rdma_opcode_fetches(what->opcode) && status == OP_LOC_PROT_ERR) {
		(check_either)(t, t->trailing_target, 0, len, t->trailing_generation,
			       after);
		(target_fill)(t, t->trailing_target, 0, len, after);
		t->trailing_generation = after;
		return;
	}
	if (status == OP_SUCCESS)
		t->trailing_generation = after;
	(check_mapping)(t, t->trailing_target, 0, len, t->trailing_generation);
}

enum op_status(attempt)(struct test *t, struct attempt what)
{
	uint16_t after = (uint16_t)(++t->attempts);
	struct side_reply reply;
	enum op_status status;

	make_trailing_targets(t);
	(target_fill_for)(t, t->trailing_source, 0, t->trailing_target, 0,
			  TRAILING_OPS * WORD, after);
	if (what.opcode == RDMA_SEND)
		test_post_receive(t, what.target, what.offset,
				  what.room ? what.room : what.len);
	if (post(t, operation(t, &what)))
		return OP_NOT_POSTED;
	post_trailing_ops(t);
	collect(t, TRAILING_OPS + 1, &reply);
	status = judge_batch(t, &reply);
	test_note_failure(t, &reply.batch[0]);
	check_trailing_target(t, &what, status, after);
	return status;
}

enum op_status(receive_status)(struct test *t)
{
	test_receive_done(t);
	return ASK(t, t->side[RESPONDER], "wait for the receive", SIDE_WAIT_RECV)
		.completion.status;
}

void(attempt_begin)(struct test *t, struct attempt what)
{
	if (post(t, operation(t, &what)))
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
