// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* execute.c - operations of the initiator, and their completions */
#include "testcase/execute.h"

#include <inttypes.h>

#include "rdma/vendor_error.h"
#include "testcase/touch.h"

void side_op_add(struct side_op *op, const struct target *local, uint64_t offset,
		 uint64_t len)
{
	op->piece[op->rdma.sges++] = (struct piece){ .target = local->info.id,
						     .offset = offset,
						     .len = (uint32_t)len };
}

/*
 * MR-relative addresses and mapping-relative offsets differ where the MR is a part of the
 * mapping.
 */
void side_op_aim(struct side_op *op, const struct target *target, uint64_t offset)
{
	op->rdma.remote_addr = target->info.addr - target->spec.mr_offset + offset;
	op->rdma.rkey = target->info.rkey;
}

static uint64_t bytes_of(const struct side_op *op)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < op->rdma.sges; i++)
		bytes += op->piece[i].len;
	return bytes;
}

static void expect_no_strays(struct test *t, uint32_t strays)
{
	if (strays)
		test_fail(t,
			  "%u unexpected completions (duplicate, or without a posted "
			  "request)",
			  strays);
}

static void expect_kind(struct test *t, const struct side_op *op,
			const struct rdma_completion *completion, bool receive)
{
	enum rdma_completed due = rdma_opcode_completes(op->rdma.opcode, receive);

	if (completion->what != due)
		test_fail(t, "%s completed as %s, expected %s",
			  rdma_opcode_name(op->rdma.opcode),
			  rdma_completed_name(completion->what),
			  rdma_completed_name(due));
}

/* Only what the initiator gets has a number of bytes (IBTA 11.4.2.1). */
static void expect_bytes(struct test *t, const struct side_op *op,
			 const struct rdma_completion *completion)
{
	if (rdma_opcode_fetches(op->rdma.opcode) && completion->bytes != bytes_of(op))
		test_fail(t, "%s reports %u bytes, expected %" PRIu64,
			  rdma_opcode_name(op->rdma.opcode), completion->bytes,
			  bytes_of(op));
}

void test_note_failure(struct test *t, const struct rdma_completion *completion)
{
	char text[VENDOR_ERROR_TEXT];

	if (completion->status != OP_SUCCESS && completion->vendor_error)
		test_note(t, "%s, %s", op_status_name(completion->status),
			  vendor_error_text(t->env->device.driver,
					    completion->vendor_error, text));
}

void test_succeeded(struct test *t, enum op_status status)
{
	record_due_status(&t->record, status, OP_SUCCESS);
	if (status != OP_SUCCESS)
		test_fail_access(t, "completed with %s", op_status_name(status));
}

void test_fits_message(struct test *t, const struct side_op *op)
{
	const struct rdma_device *device = &t->env->device;
	uint64_t most = device->port.max_message;

	if (most && bytes_of(op) > most)
		test_skip(t, "%s takes messages of %" PRIu64 " bytes, not %" PRIu64,
			  device->name, most, bytes_of(op));
}

void test_post(struct test *t, unsigned int pair, const struct side_op *op)
{
	test_fits_message(t, op);
	test_touches(t, op);
	ASK(t, t->side[INITIATOR], "post an operation", SIDE_POST, .pair = pair,
	    .op = *op);
}

enum op_status test_wait(struct test *t, unsigned int pair, const struct side_op *op)
{
	struct side_reply reply = ASK(t, t->side[INITIATOR], "wait for a completion",
				      SIDE_WAIT, .pair = pair);
	const struct rdma_completion *completion = &reply.completion;

	/* in a storm failures are many, and counted */
	if (!t->storm_target)
		test_note_failure(t, completion);
	expect_no_strays(t, reply.strays);
	if (completion->status != OP_SUCCESS) {
		t->broken = true;
		return completion->status;
	}
	expect_kind(t, op, completion, false);
	expect_bytes(t, op, completion);
	return OP_SUCCESS;
}

enum op_status test_execute(struct test *t, const struct side_op *op)
{
	test_post(t, 0, op);
	return test_wait(t, 0, op);
}

void test_post_receive_op(struct test *t, const struct side_op *receive)
{
	test_receive_touches(t, receive);
	ASK(t, t->side[RESPONDER], "post a receive", SIDE_POST_RECV, .op = *receive);
}

void test_post_receive(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len)
{
	struct side_op receive = { 0 };

	if (target)
		side_op_add(&receive, target, offset, len);
	test_post_receive_op(t, &receive);
}

/* What the receive of @op reports of it. */
static struct rdma_completion message_due(const struct side_op *op, uint64_t bytes)
{
	enum rdma_opcode opcode = op->rdma.opcode;
	struct rdma_completion due = {
		.what = rdma_opcode_completes(opcode, true),
		.bytes = (uint32_t)bytes,
		.has_immediate = opcode == RDMA_SEND_IMMEDIATE ||
				 opcode == RDMA_WRITE_IMMEDIATE,
		.invalidated = opcode == RDMA_SEND_INVALIDATE,
	};

	if (due.has_immediate || due.invalidated)
		due.immediate = op->rdma.immediate;
	return due;
}

static void expect_message(struct test *t, const struct side_op *op,
			   const struct rdma_completion *completion,
			   const struct rdma_completion *due)
{
	if (completion->has_immediate != due->has_immediate)
		test_fail(t, "the receive of %s reports %simmediate data",
			  rdma_opcode_name(op->rdma.opcode),
			  due->has_immediate ? "no " : "");
	if (completion->invalidated != due->invalidated)
		test_fail(t, "the receive of %s reports that %s key was invalidated",
			  rdma_opcode_name(op->rdma.opcode),
			  due->invalidated ? "no" : "a");
	if ((due->has_immediate || due->invalidated) &&
	    completion->immediate != due->immediate)
		test_fail(t, "the receive reports 0x%x, expected 0x%x",
			  completion->immediate, due->immediate);
}

void test_received(struct test *t, const struct side_op *op, uint64_t bytes)
{
	const struct rdma_completion due = message_due(op, bytes);
	struct side_reply reply =
		ASK(t, t->side[RESPONDER], "wait for the receive", SIDE_WAIT_RECV);
	const struct rdma_completion *completion = &reply.completion;

	record_due_message(&t->record, &due);
	test_receive_done(t);
	if (reply.strays)
		test_fail(t, "a receive completed that was not the oldest: a message "
			     "consumed more than one, or one was consumed twice");
	if (completion->status != OP_SUCCESS)
		test_fail_access(t, "the receive completed with %s",
				 op_status_name(completion->status));
	expect_kind(t, op, completion, true);
	if (completion->bytes != bytes)
		test_fail(t, "the receive reports %u bytes, expected %" PRIu64,
			  completion->bytes, bytes);
	expect_message(t, op, completion, &due);
}

void expect_quiet(struct test *t)
{
	if (t->broken)
		return;
	for (int role = INITIATOR; role < SIDE_ROLES; role++)
		expect_no_strays(t, ASK(t, t->side[role], "look for completions",
					SIDE_SETTLE)
					    .strays);
}
