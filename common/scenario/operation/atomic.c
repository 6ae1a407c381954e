// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* atomic.c - words that are atomic operations of the initiator */
#include "scenario/operation/atomic.h"

#include <inttypes.h>

#include "scenario/memory/data.h"
#include "scenario/operation/scratch.h"
#include "testcase/execute.h"

#define WORD sizeof(uint64_t)

static uint64_t word(struct test *t, struct target *target, uint64_t offset)
{
	return ASK_TARGET(t, target, "read a word", SIDE_TARGET_READ_WORD,
			  .offset = offset)
		.number;
}

/* Returns the value that the device reports. */
static uint64_t atomic(struct test *t, struct side_op *op, struct target *target,
		       uint64_t offset)
{
	struct target *local = test_scratch(t, WORD);

	(target_fill_for)(t, local, SCRATCH_AT, target, offset, WORD, BEFORE_READ);
	side_op_add(op, local, SCRATCH_AT, WORD);
	side_op_aim(op, target, offset);
	test_succeeded(t, test_execute(t, op));
	test_scratch_check(t);
	return word(t, local, SCRATCH_AT);
}

uint64_t(rdma_fetch_add)(struct test *t, struct target *target, uint64_t offset,
			 uint64_t add)
{
	struct side_op op = { .rdma.opcode = RDMA_FETCH_ADD, .rdma.compare_add = add };

	return atomic(t, &op, target, offset);
}

uint64_t(rdma_compare_swap)(struct test *t, struct target *target, uint64_t offset,
			    uint64_t compare, uint64_t swap)
{
	struct side_op op = { .rdma.opcode = RDMA_COMPARE_SWAP,
			      .rdma.compare_add = compare,
			      .rdma.swap = swap };

	return atomic(t, &op, target, offset);
}

void(rdma_fetch_add_into)(struct test *t, struct target *local, uint64_t local_offset,
			  struct target *target, uint64_t offset, uint64_t add)
{
	struct side_op op = { .rdma.opcode = RDMA_FETCH_ADD, .rdma.compare_add = add };

	side_op_add(&op, local, local_offset, WORD);
	side_op_aim(&op, target, offset);
	test_succeeded(t, test_execute(t, &op));
}

void(rdma_atomic_write)(struct test *t, struct target *target, uint64_t offset,
			uint64_t value)
{
	struct side_op op = { .rdma.opcode = RDMA_ATOMIC_WRITE, .rdma.swap = value };

	side_op_aim(&op, target, offset);
	test_succeeded(t, test_execute(t, &op));
}

void(check_word)(struct test *t, struct target *target, uint64_t offset, uint64_t value)
{
	uint64_t found = word(t, target, offset);

	record_due_number(&t->record, value);
	if (found != value)
		test_fail(t,
			  "the word at offset %" PRIu64 " is %" PRIu64
			  ", expected %" PRIu64,
			  offset, found, value);
}
