// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fake_background.c - the background traffic of a fake side, a turn at each request */
#include "fake_device.h"

static bool execute_piece(struct fake_side *side, enum rdma_opcode opcode,
			  unsigned int piece)
{
	struct side_op op = side->background.op;
	struct rdma_completion completion = { 0 };

	op.rdma.opcode = opcode;
	op.rdma.sges = 1;
	op.piece[0] = side->background.op.piece[piece];
	fake_operation(side, 0, &op, &completion);
	side->pairs[0].overtaken.target = NULL;
	side->background_result.status = completion.status;
	return completion.status == OP_SUCCESS;
}

void fake_background_turn(struct fake_side *side)
{
	const struct side_op *op = &side->background.op;
	struct background_result *result = &side->background_result;
	struct pattern pattern = side->background.pattern;
	struct fake_target *from = fake_target(side, op->piece[0].target);
	struct fake_target *to = fake_target(side, op->piece[1].target);

	if (result->status != OP_SUCCESS || result->wrong)
		return;
	pattern.generation += (uint16_t)result->turns;
	pattern_fill(from->region.addr, side->background.pattern_offset, op->piece[0].len,
		     pattern);
	if (!execute_piece(side, RDMA_WRITE, 0))
		return;
	result->generation = pattern.generation;
	if (!execute_piece(side, RDMA_READ, 1))
		return;
	result->wrong = pattern_check(to->region.addr, side->background.pattern_offset,
				      op->piece[1].len, pattern,
				      &side->background_mismatch);
	result->turns += !result->wrong;
}
