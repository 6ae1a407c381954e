// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_traffic.c - steps that are RDMA operations of the initiator */
#include <string.h>

#include "run/test.h"

/*
 * What the initiator's memory holds before a READ, so that one that delivers nothing
 * shows: no scenario writes this generation.
 */
#define BEFORE_READ 0xfffe

/* Pinned memory of the initiator, large enough; what it holds is the caller's to say. */
static struct target *scratch(struct test *t, uint64_t len)
{
	if (!t->scratch || target_len(t->scratch) < len)
		t->scratch =
			(initiator_target)(t, (struct target_spec){
						      .kind = REGION_ANON,
						      .mode = MR_PINNED,
						      .len = round_up(len, MiB(1)) });
	return t->scratch;
}

static void add_piece(struct side_op *op, const struct target *local, uint64_t offset,
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
static void aim(struct side_op *op, const struct target *target, uint64_t offset)
{
	op->remote_addr = target->info.addr - target->spec.mr_offset + offset;
	op->rkey = target->info.rkey;
}

static enum op_status execute(struct test *t, const struct side_op *op)
{
	struct side_request request = { .kind = SIDE_EXECUTE, .op = *op };
	struct side_reply reply;

	test_call(t, t->side[INITIATOR], &request, &reply, "post an operation");
	/* in a storm they are many, and counted */
	if (reply.completion.vendor_error && !t->stormy)
		test_note(t, "%s, vendor error 0x%x",
			  op_status_name(reply.completion.status),
			  reply.completion.vendor_error);
	return reply.completion.status;
}

static void expect_success(struct test *t, enum op_status status)
{
	if (status != OP_SUCCESS)
		test_fail(t, "completed with %s", op_status_name(status));
}

static enum op_status transfer(struct test *t, enum rdma_opcode opcode,
			       struct target *local, uint64_t local_offset,
			       struct target *target, uint64_t offset, uint64_t len)
{
	struct side_op op = { .opcode = opcode };

	add_piece(&op, local, local_offset, len);
	aim(&op, target, offset);
	return execute(t, &op);
}

enum op_status(rdma_write_status)(struct test *t, struct target *target, uint64_t offset,
				  uint64_t len, uint16_t generation)
{
	struct target *local = scratch(t, len);

	(target_fill_for)(t, local, 0, target, offset, len, generation);
	return transfer(t, RDMA_WRITE, local, 0, target, offset, len);
}

enum op_status(rdma_read_status)(struct test *t, struct target *target, uint64_t offset,
				 uint64_t len)
{
	struct target *local = scratch(t, len);

	(target_fill_for)(t, local, 0, target, offset, len, BEFORE_READ);
	return transfer(t, RDMA_READ, local, 0, target, offset, len);
}

void(rdma_write)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation)
{
	expect_success(t, (rdma_write_status)(t, target, offset, len, generation));
}

void(rdma_read)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		uint16_t generation)
{
	expect_success(t, (rdma_read_status)(t, target, offset, len));
	(check_mapping_for)(t, t->scratch, 0, target, offset, len, generation);
}

void(rdma_write_from)(struct test *t, struct target *local, uint64_t local_offset,
		      struct target *target, uint64_t offset, uint64_t len)
{
	expect_success(t,
		       transfer(t, RDMA_WRITE, local, local_offset, target, offset, len));
}

void(rdma_read_into)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len)
{
	expect_success(t,
		       transfer(t, RDMA_READ, local, local_offset, target, offset, len));
}

/* An unreliable datagram comes with its global route header before the data (IBTA 11.4.1.2). */
#define UD_HEADER 40

void(rdma_send_from)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len)
{
	uint64_t header = t->transport == TRANSPORT_UD ? UD_HEADER : 0;
	struct side_request receive = { .kind = SIDE_POST_RECV };
	struct side_op send = { .opcode = RDMA_SEND };
	struct side_reply reply;

	add_piece(&receive.op, target, offset - header, len + header);
	test_call(t, t->side[RESPONDER], &receive, &reply, "post a receive");
	add_piece(&send, local, local_offset, len);
	expect_success(t, execute(t, &send));
	receive.kind = SIDE_WAIT_RECV;
	test_call(t, t->side[RESPONDER], &receive, &reply, "wait for the receive");
	if (reply.completion.status != OP_SUCCESS)
		test_fail(t, "the receive completed with %s",
			  op_status_name(reply.completion.status));
	if (reply.completion.bytes != len + header)
		test_fail(t, "the receive says %u bytes, expected %" PRIu64,
			  reply.completion.bytes, len + header);
}

void(rdma_write_gather)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset)
{
	struct side_op op = { .opcode = RDMA_WRITE };

	if (n > QP_SGES)
		test_fail(t, "more than %u pieces", QP_SGES);
	for (unsigned int i = 0; i < n; i++)
		add_piece(&op, pieces[i].local, pieces[i].offset, pieces[i].len);
	aim(&op, target, offset);
	expect_success(t, execute(t, &op));
}
