// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * step_execute.c - operations and what they owe: one completion each, of the right kind,
 * with the right number of bytes
 */
#include "rdma/vendor_error.h"
#include "run/test.h"

void side_op_add(struct side_op *op, const struct target *local, uint64_t offset,
		 uint64_t len)
{
	op->piece[op->pieces++] = (struct piece){ .target = local->info.id,
						  .offset = offset,
						  .len = (uint32_t)len };
}

/*
 * MR-relative addresses and mapping-relative offsets differ where the MR is a part of the
 * mapping.
 */
void side_op_aim(struct side_op *op, const struct target *target, uint64_t offset)
{
	op->remote_addr = target->info.addr - target->spec.mr_offset + offset;
	op->rkey = target->info.rkey;
}

static uint64_t bytes_of(const struct side_op *op)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < op->pieces; i++)
		bytes += op->piece[i].len;
	return bytes;
}

static void expect_no_strays(struct test *t, uint32_t strays)
{
	if (strays)
		test_fail(t,
			  "%u completions came that nobody owed: one completed twice, or "
			  "for something that was never posted",
			  strays);
}

static void expect_kind(struct test *t, const struct side_op *op,
			const struct rdma_completion *completion, bool receive)
{
	enum rdma_completed due = rdma_opcode_completes(op->opcode, receive);

	if (completion->what != due)
		test_fail(t, "%s completed as %s, expected %s",
			  rdma_opcode_name(op->opcode),
			  rdma_completed_name(completion->what),
			  rdma_completed_name(due));
}

/* Only what the initiator gets has a number of bytes (IBTA 11.4.2.1). */
static void expect_bytes(struct test *t, const struct side_op *op,
			 const struct rdma_completion *completion)
{
	bool gets = op->opcode == RDMA_READ || op->opcode == RDMA_FETCH_ADD ||
		    op->opcode == RDMA_COMPARE_SWAP;

	if (gets && completion->bytes != bytes_of(op))
		test_fail(t, "%s says %u bytes, expected %" PRIu64,
			  rdma_opcode_name(op->opcode), completion->bytes, bytes_of(op));
}

void test_note_failure(struct test *t, const struct rdma_completion *completion)
{
	char text[VENDOR_ERROR_TEXT];

	if (completion->status != OP_SUCCESS && completion->vendor_error)
		test_note(t, "%s, %s", op_status_name(completion->status),
			  vendor_error_text(t->lab->device.driver,
					    completion->vendor_error, text));
}

void test_succeeded(struct test *t, enum op_status status)
{
	if (status != OP_SUCCESS)
		test_fail(t, "completed with %s", op_status_name(status));
}

void test_post(struct test *t, unsigned int pair, const struct side_op *op)
{
	struct side_request request = { .kind = SIDE_POST, .pair = pair, .op = *op };
	struct side_reply reply;

	test_call(t, t->side[INITIATOR], &request, &reply, "post an operation");
}

enum op_status test_wait(struct test *t, unsigned int pair, const struct side_op *op)
{
	struct side_request request = { .kind = SIDE_WAIT, .pair = pair };
	const struct rdma_completion *completion;
	struct side_reply reply;

	test_call(t, t->side[INITIATOR], &request, &reply, "wait for a completion");
	completion = &reply.completion;
	/* in a storm they are many, and counted */
	if (!t->stormy)
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

static void expect_message(struct test *t, const struct side_op *op,
			   const struct rdma_completion *completion)
{
	bool immediate = op->opcode == RDMA_SEND_IMMEDIATE ||
			 op->opcode == RDMA_WRITE_IMMEDIATE;
	bool invalidates = op->opcode == RDMA_SEND_INVALIDATE;

	if (completion->has_immediate != immediate)
		test_fail(t, "the receive of %s says it has %simmediate data",
			  rdma_opcode_name(op->opcode), immediate ? "no " : "");
	if (completion->invalidated != invalidates)
		test_fail(t, "the receive of %s says that %s key was invalidated",
			  rdma_opcode_name(op->opcode), invalidates ? "no" : "a");
	if ((immediate || invalidates) && completion->immediate != op->immediate)
		test_fail(t, "the receive says 0x%x, expected 0x%x",
			  completion->immediate, op->immediate);
}

void test_received(struct test *t, const struct side_op *op, uint64_t bytes)
{
	struct side_request request = { .kind = SIDE_WAIT_RECV };
	const struct rdma_completion *completion;
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "wait for the receive");
	completion = &reply.completion;
	if (reply.strays)
		test_fail(t,
			  "a receive completed that was not the oldest: a message took "
			  "more than one, or one was taken twice");
	if (completion->status != OP_SUCCESS)
		test_fail(t, "the receive completed with %s",
			  op_status_name(completion->status));
	expect_kind(t, op, completion, true);
	if (completion->bytes != bytes)
		test_fail(t, "the receive says %u bytes, expected %" PRIu64,
			  completion->bytes, bytes);
	expect_message(t, op, completion);
}

void expect_quiet(struct test *t)
{
	struct side_request request = { .kind = SIDE_SETTLE };
	struct side_reply reply;

	if (t->broken)
		return;
	for (int role = INITIATOR; role < SIDE_ROLES; role++) {
		test_call(t, t->side[role], &request, &reply, "look for completions");
		expect_no_strays(t, reply.strays);
	}
}
