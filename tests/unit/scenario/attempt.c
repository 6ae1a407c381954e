// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* attempt.c - operations that may fail, and the WRITEs after them */
#include "scenario/operation/attempt.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *target;

/* The reply to SIDE_COLLECT: all four operations, each once and in order. */
static struct side_reply *const batch = &script.reply[SIDE_COLLECT];

static void complete(enum op_status first, enum op_status others)
{
	batch->completions = 4;
	for (unsigned int i = 0; i < 4; i++)
		batch->batch[i] =
			(struct rdma_completion){ .id = i, .status = i ? others : first };
}

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	complete(OP_SUCCESS, OP_SUCCESS);
	return ret;
}

static enum op_status write_to_target(void)
{
	return (attempt)(t, (struct attempt){ RDMA_WRITE, target, 16, .len = 32,
					      .generation = 9 });
}

/* What it writes is filled in before, as is what the three WRITEs of a word write. */
static void attempt__is_posted_before_three_writes(void **state)
{
	const struct side_request *fill;
	const struct side_op *op;

	assert_int_equal(write_to_target(), OP_SUCCESS);
	fill = next_of(SIDE_TARGET_FILL);
	assert_int_equal(fill->target, t->trailing_source->info.id);
	assert_int_equal(fill->len, 24);
	assert_int_equal(fill->pattern.seed, t->trailing_target->seed);
	assert_int_equal(fill->pattern.generation, 1);
	fill = next_of(SIDE_TARGET_FILL);
	assert_int_equal(fill->target, t->attempt_local->info.id);
	assert_int_equal(fill->offset, 0);
	assert_int_equal(fill->len, 32);
	assert_int_equal(fill->pattern.seed, target->seed);
	assert_int_equal(fill->pattern.generation, 9);
	assert_int_equal(fill->pattern_offset, 16);
	op = &next_of(SIDE_POST)->op;
	assert_int_equal(op->rdma.opcode, RDMA_WRITE);
	assert_int_equal(op->rdma.remote_addr, target->info.addr + 16);
	assert_int_equal(op->rdma.rkey, target->info.rkey);
	assert_int_equal(op->rdma.compare_add, 1);
	assert_int_equal(op->piece[0].len, 32);
	assert_int_equal(op->piece[0].key, 0);
	for (unsigned int i = 0; i < 3; i++) {
		op = &next_of(SIDE_POST)->op;
		assert_int_equal(op->rdma.opcode, RDMA_WRITE);
		assert_int_equal(op->rdma.remote_addr,
				 t->trailing_target->info.addr + 8 * i);
		assert_int_equal(op->piece[0].target, t->trailing_source->info.id);
		assert_int_equal(op->piece[0].offset, 8 * i);
		assert_int_equal(op->piece[0].len, 8);
	}
	assert_int_equal(next_of(SIDE_COLLECT)->len, 4);
	/* they have written */
	assert_int_equal(next_of(SIDE_TARGET_CHECK_MAPPING)->pattern.generation, 1);
	assert_int_equal(count_of(SIDE_POST), 4);
	assert_int_equal(count_of(SIDE_POST_RECV), 0);
	assert_false(t->broken);
}

static void attempt__with_memory_and_keys_of_the_scenario(void **state)
{
	struct target *local = script_target(INITIATOR, KiB(64));
	const struct side_request *receive;
	const struct side_op *op;

	(attempt)(t, (struct attempt){ RDMA_SEND, target, 16, .len = 32, .local = local,
				       .local_offset = 64, .rkey = 5, .lkey = 6 });
	receive = next_of(SIDE_POST_RECV);
	assert_int_equal(receive->op.piece[0].target, target->info.id);
	assert_int_equal(receive->op.piece[0].offset, 16);
	assert_int_equal(receive->op.piece[0].len, 32);
	op = &next_of(SIDE_POST)->op;
	assert_int_equal(op->piece[0].target, local->info.id);
	assert_int_equal(op->piece[0].offset, 64);
	assert_int_equal(op->piece[0].key, 6);
	assert_int_equal(op->rdma.rkey, 5);
	assert_null(t->attempt_local);
	assert_int_equal(count_of(SIDE_TARGET_FILL), 1); /* that of the WRITEs */
}

/* Eight bytes where no length is given; memory that is large enough is used again. */
static void attempt__its_memory(void **state)
{
	struct attempt what = { RDMA_READ, target };
	const struct target *memory;

	(attempt)(t, what);
	assert_int_equal(next_of(SIDE_POST)->op.piece[0].len, 8);
	memory = t->attempt_local;
	assert_int_equal(memory->spec.len, KiB(64));
	assert_int_equal(memory->spec.mode, MR_PINNED);
	assert_int_equal(memory->role, INITIATOR);
	what.len = KiB(64);
	(attempt)(t, what);
	assert_ptr_equal(t->attempt_local, memory);
	what.len++;
	(attempt)(t, what);
	assert_int_equal(t->attempt_local->spec.len, KiB(128));
	assert_int_equal(t->trailing_target->spec.len, PAGE_BYTES);
	assert_int_equal(t->trailing_target->spec.mode, MR_PINNED);
	assert_int_equal(t->attempts, 3);
	assert_int_equal(count_of(SIDE_TARGET_OPEN), 2 + 2);
}

static void attempt__that_fails(void **state)
{
	complete(OP_REM_ACCESS_ERR, OP_FLUSH_ERR);
	batch->batch[0].vendor_error = 0x88;
	assert_int_equal(write_to_target(), OP_REM_ACCESS_ERR);
	assert_true(t->broken);
	assert_non_null(strstr(said(), "REM_ACCESS_ERR"));
	/* the WRITEs after it have written nothing */
	assert_int_equal(next_of(SIDE_TARGET_CHECK_MAPPING)->pattern.generation, ZEROS);
	none_of(SIDE_TARGET_CHECK_EITHER);
	complete(OP_SUCCESS, OP_SUCCESS);
	write_to_target();
	next_of(SIDE_TARGET_FILL);
	assert_int_equal(next_of(SIDE_TARGET_CHECK_MAPPING)->pattern.generation, 2);
}

/* They may have been sent before its response came. */
static void attempt__whose_response_cannot_be_stored(void **state)
{
	static const enum rdma_opcode answered[] = { RDMA_READ, RDMA_FETCH_ADD,
						     RDMA_COMPARE_SWAP };
	const struct side_request *check;

	complete(OP_LOC_PROT_ERR, OP_FLUSH_ERR);
	for (size_t i = 0; i < ARRAY_SIZE(answered); i++) {
		(attempt)(t, (struct attempt){ answered[i], target });
		check = next_of(SIDE_TARGET_CHECK_EITHER);
		assert_int_equal(check->target, t->trailing_target->info.id);
		assert_int_equal(check->len, 24);
		assert_int_equal(check->pattern.generation, i ? i : ZEROS);
		assert_int_equal(check->other.generation, i + 1);
		/* as if they had been */
		assert_int_equal(next_of(SIDE_TARGET_FILL)->pattern.generation, i + 1);
	}
	(attempt)(t, (struct attempt){ RDMA_WRITE, target });
	none_of(SIDE_TARGET_CHECK_EITHER);
	complete(OP_REM_ACCESS_ERR, OP_FLUSH_ERR);
	(attempt)(t, (struct attempt){ RDMA_READ, target });
	none_of(SIDE_TARGET_CHECK_EITHER);
}

static void batch__of_another_order(void **state)
{
	complete(OP_REM_ACCESS_ERR, OP_FLUSH_ERR);
	batch->batch[2].status = OP_SUCCESS;
	fails(write_to_target(),
	      "the first operation completed with REM_ACCESS_ERR, trailing WRITE 2 with "
	      "SUCCESS, expected WR_FLUSH_ERR");
	complete(OP_SUCCESS, OP_SUCCESS);
	batch->batch[1].status = OP_FLUSH_ERR;
	fails(write_to_target(),
	      "the first operation completed with SUCCESS, trailing WRITE 1 with "
	      "WR_FLUSH_ERR, expected SUCCESS");
	complete(OP_SUCCESS, OP_SUCCESS);
	batch->batch[2].id = 1;
	fails(write_to_target(), "operation 2 of 4 completed twice");
	batch->batch[2].id = 3;
	fails(write_to_target(),
	      "operation 3 of 4 was never completed, but a later one was");
	complete(OP_SUCCESS, OP_SUCCESS);
	batch->completions = 3;
	fails(write_to_target(), "operation 4 of 4 was never completed");
	batch->completions = 5;
	batch->batch[4].id = 4;
	fails(write_to_target(), "operation 6 of 4 was never completed");
}

static int refuse_trailing(const struct side_request *request, struct side_reply *reply)
{
	return request->kind == SIDE_POST && count_of(SIDE_POST) % 4 == 2 ? -EINVAL : 0;
}

/* -EINVAL is the library's word that the operation is refused. */
static void post__that_is_refused(void **state)
{
	script.error[SIDE_POST] = EINVAL;
	assert_int_equal(write_to_target(), OP_NOT_POSTED);
	assert_int_equal(count_of(SIDE_POST), 1);
	fails((attempt_begin)(t, (struct attempt){ RDMA_WRITE, target }),
	      "the operation could not be posted");
	script.error[SIDE_POST] = EIO;
	fails(write_to_target(), "post an operation: Input/output error");
	script.error[SIDE_POST] = 0;
	script.asked = script.seen = 0;
	script.serve = refuse_trailing;
	fails(write_to_target(), "a trailing WRITE could not be posted");
}

static void attempt__in_two_steps(void **state)
{
	(attempt_begin)(t, (struct attempt){ RDMA_READ, target, 16 });
	assert_int_equal(next_of(SIDE_POST)->op.rdma.opcode, RDMA_READ);
	none_of(SIDE_COLLECT);
	batch->completions = 1;
	batch->batch[0].status = OP_REM_OP_ERR;
	assert_int_equal((attempt_end)(t), OP_REM_OP_ERR);
	assert_int_equal(next_of(SIDE_COLLECT)->len, 1);
	assert_true(t->broken);
	batch->completions = 2;
	fails((attempt_end)(t), "2 completions of one operation");
}

static void receive__status(void **state)
{
	script.reply[SIDE_WAIT_RECV].completion.status = OP_LOC_LEN_ERR;
	assert_int_equal((receive_status)(t), OP_LOC_LEN_ERR);
	next_is(RESPONDER, &REQUEST(SIDE_WAIT_RECV));
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGET(attempt__is_posted_before_three_writes),
	WITH_TARGET(attempt__with_memory_and_keys_of_the_scenario),
	WITH_TARGET(attempt__its_memory),
	WITH_TARGET(attempt__that_fails),
	WITH_TARGET(attempt__whose_response_cannot_be_stored),
	WITH_TARGET(batch__of_another_order),
	WITH_TARGET(post__that_is_refused),
	WITH_TARGET(attempt__in_two_steps),
	WITH_TARGET(receive__status),
};

int main(void)
{
	return cmocka_run_group_tests_name("attempt", tests, NULL, NULL);
}
