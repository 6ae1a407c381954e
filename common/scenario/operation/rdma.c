// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* rdma.c - words that are WRITE, READ and SEND of the initiator */
#include "scenario/operation/rdma.h"

#include "scenario/memory/data.h"
#include "scenario/memory/target.h"
#include "scenario/operation/scratch.h"
#include "testcase/execute.h"

/* The immediate data of operations that have some. */
#define IMMEDIATE 0x1d0d9a7e

/* A receive of an unreliable datagram has the GRH before the data (IBTA 11.4.1.2). */
#define UD_HEADER      40

#define PLAIN(opcode_) ((struct rdma_op){ .opcode = (opcode_) })

static struct side_op operation(struct rdma_op rdma, const struct target *local,
				uint64_t local_offset, const struct target *target,
				uint64_t offset, uint64_t len)
{
	struct side_op op = { .rdma = rdma };

	side_op_add(&op, local, local_offset, len);
	side_op_aim(&op, target, offset);
	return op;
}

enum op_status(rdma_write_status)(struct test *t, struct target *target, uint64_t offset,
				  uint64_t len, uint16_t generation)
{
	struct target *local = test_scratch(t, len);
	struct side_op op =
		operation(PLAIN(RDMA_WRITE), local, SCRATCH_AT, target, offset, len);
	enum op_status status;

	(target_fill_for)(t, local, SCRATCH_AT, target, offset, len, generation);
	status = test_execute(t, &op);
	test_scratch_check(t);
	return status;
}

enum op_status(rdma_read_status)(struct test *t, struct target *target, uint64_t offset,
				 uint64_t len)
{
	struct target *local = test_scratch(t, len);
	struct side_op op =
		operation(PLAIN(RDMA_READ), local, SCRATCH_AT, target, offset, len);
	enum op_status status;

	(target_fill_for)(t, local, SCRATCH_AT, target, offset, len, BEFORE_READ);
	status = test_execute(t, &op);
	test_scratch_check(t);
	return status;
}

void(rdma_write)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation)
{
	test_succeeded(t, (rdma_write_status)(t, target, offset, len, generation));
}

void(rdma_read)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		uint16_t generation)
{
	test_succeeded(t, (rdma_read_status)(t, target, offset, len));
	(check_mapping_for)(t, t->scratch, SCRATCH_AT, target, offset, len, generation);
}

static enum op_status message(struct test *t, struct rdma_op rdma, struct target *local,
			      uint64_t local_offset, struct target *target,
			      uint64_t offset, uint64_t len)
{
	uint64_t header = t->queue_pair.type == QP_UD ? UD_HEADER : 0;
	struct side_op op = operation(rdma, local, local_offset, target, offset, len);
	enum op_status status;

	op.rdma.immediate = IMMEDIATE;
	/* a WRITE with immediate data consumes a receive, but not its memory */
	if (rdma.opcode == RDMA_WRITE_IMMEDIATE)
		test_post_receive(t, NULL, 0, 0);
	else if (rdma_opcode_is_received(rdma.opcode))
		test_post_receive(t, target, offset - header, len + header);
	status = test_execute(t, &op);
	if (status == OP_SUCCESS && rdma_opcode_is_received(rdma.opcode))
		test_received(t, &op, len + header);
	return status;
}

void(rdma_transfer)(struct test *t, enum rdma_opcode opcode, struct target *local,
		    uint64_t local_offset, struct target *target, uint64_t offset,
		    uint64_t len)
{
	test_succeeded(t, message(t, PLAIN(opcode), local, local_offset, target, offset,
				  len));
}

void(rdma_transfer_solicited)(struct test *t, enum rdma_opcode opcode,
			      struct target *local, uint64_t local_offset,
			      struct target *target, uint64_t offset, uint64_t len)
{
	const struct rdma_op rdma = { .opcode = opcode, .solicited = true };

	test_succeeded(t, message(t, rdma, local, local_offset, target, offset, len));
}

enum op_status(rdma_send_status)(struct test *t, struct target *local,
				 uint64_t local_offset, struct target *target,
				 uint64_t offset, uint64_t len)
{
	return message(t, PLAIN(RDMA_SEND), local, local_offset, target, offset, len);
}

void(rdma_write_from)(struct test *t, struct target *local, uint64_t local_offset,
		      struct target *target, uint64_t offset, uint64_t len)
{
	(rdma_transfer)(t, RDMA_WRITE, local, local_offset, target, offset, len);
}

void(rdma_read_into)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len)
{
	(rdma_transfer)(t, RDMA_READ, local, local_offset, target, offset, len);
}

void(rdma_send_from)(struct test *t, struct target *local, uint64_t local_offset,
		     struct target *target, uint64_t offset, uint64_t len)
{
	(rdma_transfer)(t, RDMA_SEND, local, local_offset, target, offset, len);
}

static void in_pieces(struct test *t, enum rdma_opcode opcode,
		      const struct local_piece *pieces, unsigned int n,
		      struct target *target, uint64_t offset)
{
	struct side_op op = { .rdma.opcode = opcode };

	if (n > QP_SGES)
		test_fail(t, "more than %u pieces", QP_SGES);
	for (unsigned int i = 0; i < n; i++)
		side_op_add(&op, pieces[i].local, pieces[i].offset, pieces[i].len);
	side_op_aim(&op, target, offset);
	test_succeeded(t, test_execute(t, &op));
}

void(rdma_write_gather)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset)
{
	in_pieces(t, RDMA_WRITE, pieces, n, target, offset);
}

void(rdma_read_scatter)(struct test *t, const struct local_piece *pieces, unsigned int n,
			struct target *target, uint64_t offset)
{
	in_pieces(t, RDMA_READ, pieces, n, target, offset);
}

static struct side_op inline_write(const struct target *local, uint64_t local_offset,
				   const struct target *target, uint64_t offset,
				   uint64_t len)
{
	struct side_op op =
		operation(PLAIN(RDMA_WRITE), local, local_offset, target, offset, len);

	op.rdma.inline_data = true;
	return op;
}

void(rdma_write_inline)(struct test *t, struct target *local, uint64_t local_offset,
			struct target *target, uint64_t offset, uint64_t len)
{
	struct side_op op = inline_write(local, local_offset, target, offset, len);

	test_succeeded(t, test_execute(t, &op));
}

void(rdma_write_durable)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t len, uint16_t generation)
{
	struct target *local = test_scratch(t, len);
	struct side_op op =
		operation(PLAIN(RDMA_WRITE), local, SCRATCH_AT, target, offset, len);

	op.rdma.durable = true;
	(target_fill_for)(t, local, SCRATCH_AT, target, offset, len, generation);
	test_succeeded(t, test_execute(t, &op));
	test_scratch_check(t);
}

/* No scenario writes this generation. */
#define AFTER_INJECTION 0xfffd

void(rdma_write_injected)(struct test *t, struct target *local, uint64_t local_offset,
			  struct target *target, uint64_t offset, uint64_t len)
{
	struct side_op op = inline_write(local, local_offset, target, offset, len);

	test_post(t, 0, &op);
	(target_store)(t, local, local_offset, len, AFTER_INJECTION);
	test_succeeded(t, test_wait(t, 0, &op));
}

void(rdma_flush)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 unsigned int flush)
{
	struct side_op op = {
		.rdma.opcode = RDMA_FLUSH,
		.rdma.flush = { .len = len,
				.region = flush & FLUSH_REGION,
				.persistent = flush & FLUSH_PERSISTENT },
	};

	side_op_aim(&op, target, offset);
	test_succeeded(t, test_execute(t, &op));
}

void(use_local)(struct test *t, struct target *local)
{
	t->scratch = local;
}
