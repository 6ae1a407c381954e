// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* operation.c - operations of the initiator: what is posted, and with which memory */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scenario/operation/scratch.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *target, *local;

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	local = script_target(INITIATOR, MiB(1));
	script.serve = complete_as_posted;
	return ret;
}

/* The next operation: one piece of local memory, and the place in the target. */
static const struct side_op *posted(enum rdma_opcode opcode, uint64_t offset)
{
	const struct side_op *op = &next_of(SIDE_POST)->op;

	assert_int_equal(op->rdma.opcode, opcode);
	assert_int_equal(op->rdma.remote_addr, target->info.addr + offset);
	assert_int_equal(op->rdma.rkey, target->info.rkey);
	return op;
}

static void piece_is(const struct side_op *op, unsigned int i,
		     const struct target *memory, uint64_t offset, uint32_t len)
{
	assert_true(i < op->rdma.sges);
	assert_int_equal(op->piece[i].target, memory->info.id);
	assert_int_equal(op->piece[i].offset, offset);
	assert_int_equal(op->piece[i].len, len);
}

/* 64 bytes before, and 64 after those that the operation is given. */
static void guards_are(enum request_kind kind, uint64_t len)
{
	const uint64_t offsets[] = { SCRATCH_AT - 64, SCRATCH_AT + len };

	for (size_t i = 0; i < 2; i++) {
		const struct side_request *guard = next_of(kind);

		assert_int_equal(guard->target, t->scratch->info.id);
		assert_int_equal(guard->offset, offsets[i]);
		assert_int_equal(guard->len, 64);
		assert_int_equal(guard->pattern.seed, t->scratch->seed);
		assert_int_equal(guard->pattern_offset, offsets[i]);
	}
}

static void filled(uint64_t at, uint64_t offset, uint64_t len, uint16_t generation)
{
	next_is(INITIATOR, &REQUEST(SIDE_TARGET_FILL, .target = t->scratch->info.id,
				    .offset = SCRATCH_AT + at, .len = len,
				    .pattern = { target->seed, generation },
				    .pattern_offset = offset));
}

static void scratch__is_guarded(void **state)
{
	(rdma_write)(t, target, 16, 32, 5);
	guards_are(SIDE_TARGET_STORE, 32);
	filled(0, 16, 32, 5);
	piece_is(posted(RDMA_WRITE, 16), 0, t->scratch, SCRATCH_AT, 32);
	guards_are(SIDE_TARGET_CHECK_MAPPING, 32);
	none_of(SIDE_TARGET_CHECK_MAPPING);
	script.error[SIDE_TARGET_CHECK_MAPPING] = EBADMSG;
	script.reply[SIDE_TARGET_CHECK_MAPPING].mismatch =
		(struct mismatch){ MISMATCH_ZEROS, .bytes = 1, .expected = 1 };
	fails((rdma_write)(t, target, 16, 32, 5),
	      "written outside of the message, before the initiator's buffer of 32 "
	      "bytes: "
	      "zeros at offset 0, expected generation 1 (1 byte wrong)");
	script.error[SIDE_TARGET_STORE] = EIO;
	fails((rdma_write)(t, target, 16, 32, 5), "guard the initiator's memory");
	script.times[SIDE_TARGET_STORE] = 1;
	fails((rdma_write)(t, target, 16, 32, 5), "guard the initiator's memory");
}

static void scratch__grows(void **state)
{
	const struct target *first = test_scratch(t, 1);

	assert_int_equal(first->spec.len, MiB(1));
	assert_int_equal(first->spec.mode, MR_PINNED);
	assert_int_equal(first->role, INITIATOR);
	assert_ptr_equal(test_scratch(t, MiB(1) - SCRATCH_AT - 64), first);
	assert_ptr_not_equal(test_scratch(t, MiB(1) - SCRATCH_AT - 63), first);
	assert_int_equal(t->scratch->spec.len, MiB(2));
	local->spec.len = MiB(2);
	(use_local)(t, local);
	assert_ptr_equal(test_scratch(t, 1), local);
}

/* What it is filled with before is no generation of a scenario. */
static void read__into_scratch(void **state)
{
	(rdma_read)(t, target, 16, 32, 5);
	guards_are(SIDE_TARGET_STORE, 32);
	filled(0, 16, 32, 0);
	piece_is(posted(RDMA_READ, 16), 0, t->scratch, SCRATCH_AT, 32);
	guards_are(SIDE_TARGET_CHECK_MAPPING, 32);
	next_is(INITIATOR,
		&REQUEST(SIDE_TARGET_CHECK_MAPPING, .target = t->scratch->info.id,
			 .offset = SCRATCH_AT, .len = 32, .pattern = { target->seed, 5 },
			 .pattern_offset = 16));
}

static int fail_all(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_WAIT)
		reply->completion.status = OP_REM_OP_ERR;
	return 0;
}

#define REM_OP_ERR "completed with REM_OP_ERR"

static void operation__that_fails(void **state)
{
	const struct local_piece piece = { local, 0, 8 };

	script.serve = fail_all;
	assert_int_equal((rdma_write_status)(t, target, 0, 8, 1), OP_REM_OP_ERR);
	assert_int_equal((rdma_read_status)(t, target, 0, 8), OP_REM_OP_ERR);
	assert_int_equal((rdma_send_status)(t, local, 0, target, 0, 8), OP_REM_OP_ERR);
	assert_int_equal((rdma_send_unreceived)(t, local, 0, 8), OP_REM_OP_ERR);
	none_of(SIDE_WAIT_RECV); /* nothing arrives */
	fails((rdma_write)(t, target, 0, 8, 1), REM_OP_ERR);
	fails((rdma_read)(t, target, 0, 8, 1), REM_OP_ERR);
	fails((rdma_write_from)(t, local, 0, target, 0, 8), REM_OP_ERR);
	fails((rdma_write_gather)(t, &piece, 1, target, 0), REM_OP_ERR);
	fails((rdma_write_inline)(t, local, 0, target, 0, 8), REM_OP_ERR);
	fails((rdma_write_durable)(t, target, 0, 8, 1), REM_OP_ERR);
	fails((rdma_write_injected)(t, local, 0, target, 0, 8), REM_OP_ERR);
	fails((rdma_flush)(t, target, 0, 8, 0), REM_OP_ERR);
	fails((rdma_fetch_add)(t, target, 0, 1), REM_OP_ERR);
	fails((rdma_fetch_add_into)(t, local, 0, target, 0, 1), REM_OP_ERR);
	fails((rdma_atomic_write)(t, target, 0, 1), REM_OP_ERR);
	fails((rdma_write_at_once)(t, target, 0, 8, 8, 1), REM_OP_ERR);
	fails((rdma_write_in_a_row)(t, 2, target, 0, 8, 1), REM_OP_ERR);
	fails((rdma_send_in_a_row)(t, 2, local, 0, target, 0, 8), REM_OP_ERR);
	fails((rdma_send_before_receive)(t, local, 0, target, 0, 8), REM_OP_ERR);
}

/* The receive has the memory of a SEND, none of a WRITE, and the GRH on UD. */
static void message__is_received(void **state)
{
	const struct side_op *op;

	(rdma_transfer)(t, RDMA_SEND_IMMEDIATE, local, 8, target, 64, 16);
	piece_is(&next_of(SIDE_POST_RECV)->op, 0, target, 64, 16);
	op = posted(RDMA_SEND_IMMEDIATE, 64);
	piece_is(op, 0, local, 8, 16);
	assert_int_not_equal(op->rdma.immediate, 0);
	next_of(SIDE_WAIT_RECV);
	(rdma_transfer)(t, RDMA_WRITE_IMMEDIATE, local, 8, target, 64, 16);
	assert_int_equal(next_of(SIDE_POST_RECV)->op.rdma.sges, 0);
	next_of(SIDE_WAIT_RECV);
	t->queue_pair.type = QP_UD;
	(rdma_send_from)(t, local, 8, target, 64, 16);
	piece_is(&next_of(SIDE_POST_RECV)->op, 0, target, 64 - 40, 16 + 40);
	piece_is(posted(RDMA_SEND, 64), 0, local, 8, 16);
	next_of(SIDE_WAIT_RECV);
	(rdma_read_into)(t, local, 8, target, 64, 16);
	piece_is(posted(RDMA_READ, 64), 0, local, 8, 16);
	(rdma_write_from)(t, local, 8, target, 64, 16);
	piece_is(posted(RDMA_WRITE, 64), 0, local, 8, 16);
	none_of(SIDE_POST_RECV);
}

static void pieces__at_most_four(void **state)
{
	const struct local_piece pieces[] = { { local, 1, 2 },
					      { local, 3, 4 },
					      { local, 5, 6 },
					      { local, 7, 8 },
					      { local, 9, 10 } };
	const struct side_op *op;

	(rdma_write_gather)(t, pieces, 4, target, 64);
	op = posted(RDMA_WRITE, 64);
	for (unsigned int i = 0; i < 4; i++)
		piece_is(op, i, local, 2 * i + 1, 2 * i + 2);
	(rdma_read_scatter)(t, pieces, 1, target, 64);
	piece_is(posted(RDMA_READ, 64), 0, local, 1, 2);
	fails((rdma_read_scatter)(t, pieces, 5, target, 64), "more than 4 pieces");
}

static void write__inline_and_durable(void **state)
{
	const struct side_op *op;

	(rdma_write_inline)(t, local, 8, target, 64, 16);
	op = posted(RDMA_WRITE, 64);
	piece_is(op, 0, local, 8, 16);
	assert_true(op->rdma.inline_data);
	assert_false(op->rdma.durable);
	/* the local memory changes after the post, before the completion */
	(rdma_write_injected)(t, local, 8, target, 64, 16);
	assert_true(posted(RDMA_WRITE, 64)->rdma.inline_data);
	next_is(INITIATOR,
		&REQUEST(SIDE_TARGET_STORE, .target = local->info.id, .offset = 8,
			 .len = 16, .pattern = { local->seed, 0xfffd },
			 .pattern_offset = 8));
	next_is(INITIATOR, &REQUEST(SIDE_WAIT));
	(rdma_write_durable)(t, target, 64, 16, 3);
	guards_are(SIDE_TARGET_STORE, 16);
	filled(0, 64, 16, 3);
	op = posted(RDMA_WRITE, 64);
	piece_is(op, 0, t->scratch, SCRATCH_AT, 16);
	assert_true(op->rdma.durable);
	guards_are(SIDE_TARGET_CHECK_MAPPING, 16);
}

static void flush__of_each_kind(void **state)
{
	const struct rdma_flush *flush;

	(rdma_flush)(t, target, 64, 16, FLUSH_GLOBAL);
	flush = &posted(RDMA_FLUSH, 64)->rdma.flush;
	assert_int_equal(flush->len, 16);
	assert_false(flush->region || flush->persistent);
	(rdma_flush)(t, target, 64, 16, FLUSH_PERSISTENT);
	flush = &posted(RDMA_FLUSH, 64)->rdma.flush;
	assert_true(flush->persistent && !flush->region);
	(rdma_flush)(t, target, 64, 16, FLUSH_REGION);
	flush = &posted(RDMA_FLUSH, 64)->rdma.flush;
	assert_true(flush->region && !flush->persistent);
}

static void atomic__of_each_kind(void **state)
{
	const struct side_op *op;

	script.reply[SIDE_TARGET_READ_WORD].number = 41;
	assert_int_equal((rdma_fetch_add)(t, target, 64, 3), 41);
	guards_are(SIDE_TARGET_STORE, 8);
	filled(0, 64, 8, 0);
	op = posted(RDMA_FETCH_ADD, 64);
	assert_int_equal(op->rdma.compare_add, 3);
	piece_is(op, 0, t->scratch, SCRATCH_AT, 8);
	guards_are(SIDE_TARGET_CHECK_MAPPING, 8);
	next_is(INITIATOR, &REQUEST(SIDE_TARGET_READ_WORD, .target = t->scratch->info.id,
				    .offset = SCRATCH_AT));
	assert_int_equal((rdma_compare_swap)(t, target, 64, 4, 5), 41);
	op = posted(RDMA_COMPARE_SWAP, 64);
	assert_int_equal(op->rdma.compare_add, 4);
	assert_int_equal(op->rdma.swap, 5);
	(rdma_fetch_add_into)(t, local, 16, target, 64, 6);
	op = posted(RDMA_FETCH_ADD, 64);
	assert_int_equal(op->rdma.compare_add, 6);
	piece_is(op, 0, local, 16, 8);
	(rdma_atomic_write)(t, target, 64, 7);
	op = posted(RDMA_ATOMIC_WRITE, 64);
	assert_int_equal(op->rdma.swap, 7);
	assert_int_equal(op->rdma.sges, 0);
	(check_word)(t, target, 64, 41);
	next_is(INITIATOR, &REQUEST(SIDE_WAIT));
	next_is(RESPONDER,
		&REQUEST(SIDE_TARGET_READ_WORD, .target = target->info.id, .offset = 64));
	fails((check_word)(t, target, 64, 42),
	      "the word at offset 64 is 41, expected 42");
}

static const struct CMUnitTest tests[] = {
#define WITH_TARGETS(test) cmocka_unit_test_setup_teardown(test, begin, script_end)
	WITH_TARGETS(scratch__is_guarded),	 WITH_TARGETS(scratch__grows),
	WITH_TARGETS(read__into_scratch),	 WITH_TARGETS(operation__that_fails),
	WITH_TARGETS(message__is_received),	 WITH_TARGETS(pieces__at_most_four),
	WITH_TARGETS(write__inline_and_durable), WITH_TARGETS(flush__of_each_kind),
	WITH_TARGETS(atomic__of_each_kind),
};

int main(void)
{
	return cmocka_run_group_tests_name("operation", tests, NULL, NULL);
}
