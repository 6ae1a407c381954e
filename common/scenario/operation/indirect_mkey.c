// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* indirect_mkey.c - words about indirect mkeys, which join pieces of other targets */
#include "scenario/operation/indirect_mkey.h"

#include <string.h>

#include "scenario/memory/target.h"
#include "testcase/execute.h"

/* @rounds 0: a list */
static struct target *make(struct test *t, const struct local_piece *pieces,
			   unsigned int n, uint32_t rounds, uint64_t skip)
{
	struct target *first = pieces[0].local, *target = &t->targets[t->n_targets];
	struct side_request request =
		REQUEST(SIDE_INDIRECT_MKEY, .argument = rounds, .len = skip);
	struct side_reply reply;

	if (t->n_targets == TEST_TARGETS || n > QP_SGES)
		test_fail(t, "more than %u targets, or %u pieces", TEST_TARGETS, QP_SGES);
	for (unsigned int i = 0; i < n; i++)
		side_op_add(&request.op, pieces[i].local, pieces[i].offset,
			    pieces[i].len);
	reply = test_ask(t, first->side, "make an indirect mkey", &request);
	if (reply.completion.status != OP_SUCCESS)
		test_fail(t, "the indirect mkey completed with %s",
			  op_status_name(reply.completion.status));
	*target = (struct target){
		.side = first->side,
		.role = first->role,
		.info = reply.target,
		.n_pieces = n,
		.rounds = rounds ? rounds : 1,
		.skip = skip,
	};
	memcpy(target->pieces, request.op.piece, sizeof(target->pieces));
	t->n_targets++;
	return target;
}

struct target *(target_of_pieces)(struct test *t, const struct local_piece *pieces,
				  unsigned int n)
{
	return make(t, pieces, n, 0, 0);
}

struct target *(target_interleaved)(struct test *t, const struct local_piece *pieces,
				    unsigned int n, uint32_t rounds, uint64_t skip)
{
	return make(t, pieces, n, rounds, skip);
}
