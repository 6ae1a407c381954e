// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * queue_pair.c - queue pairs and what goes with them: traffic in a thread, windows, mkeys
 */
#include "scenario/operation/queue_pair.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/operation/scratch.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *target;

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	return ret;
}

/* Each queue pair has an address of its own. */
static int number_pairs(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_QP_OPEN)
		reply->address.qpn = script.asked;
	return 0;
}

/* Both are opened before one is connected, each to the other. */
static void reconnect__each_pair(void **state)
{
	script.serve = number_pairs;
	t->pairs = 2;
	t->broken = true;
	t->queue_pair.path_mtu = 1024;
	(reconnect)(t);
	for (unsigned int pair = 0; pair < 2; pair++) {
		const struct side_request *request = &script.request[4 * pair];

		next_is(INITIATOR, &REQUEST(SIDE_QP_OPEN, .pair = pair));
		next_is(RESPONDER, &REQUEST(SIDE_QP_OPEN, .pair = pair));
		next_is(INITIATOR, &REQUEST(SIDE_QP_CONNECT, .pair = pair));
		next_is(RESPONDER, &REQUEST(SIDE_QP_CONNECT, .pair = pair));
		assert_int_equal(request[0].queue_pair.path_mtu, 1024);
		assert_int_equal(request[1].queue_pair.path_mtu, 1024);
		assert_int_equal(request[2].address.qpn, 4 * pair + 2);
		assert_int_equal(request[3].address.qpn, 4 * pair + 1);
	}
	assert_int_equal(script.asked, 8);
	assert_false(t->broken);
}

/* Both are reset before one is connected, and none is opened. */
static void reset__each_pair(void **state)
{
	t->pairs = 2;
	t->broken = true;
	(reset_queue_pairs)(t);
	for (unsigned int pair = 0; pair < 2; pair++) {
		next_is(INITIATOR, &REQUEST(SIDE_QP_RESET, .pair = pair));
		next_is(RESPONDER, &REQUEST(SIDE_QP_RESET, .pair = pair));
		next_is(INITIATOR, &REQUEST(SIDE_QP_CONNECT, .pair = pair));
		next_is(RESPONDER, &REQUEST(SIDE_QP_CONNECT, .pair = pair));
	}
	assert_int_equal(script.asked, 8);
	assert_false(t->broken);
}

static void use__another_kind(void **state)
{
	script.env.device.port.mtu_bytes = 2048;
	strcpy(script.env.device.name, "mlx5_0");
	(use_queue_pair)(t, QUEUE_PAIR(.type = QP_XRC, .path_mtu = 2048));
	assert_int_equal(next_of(SIDE_QP_OPEN)->queue_pair.type, QP_XRC);
	assert_int_equal(count_of(SIDE_QP_CONNECT), 2);
	ends((use_queue_pair)(t, QUEUE_PAIR(.path_mtu = 4096)), VERDICT_SKIP,
	     "mlx5_0 has a path MTU of 2048 bytes only; 4096 are needed");
}

static void use__several(void **state)
{
	(use_pairs)(t, SIDE_PAIRS);
	assert_int_equal(count_of(SIDE_QP_CONNECT), 2 * SIDE_PAIRS);
	assert_int_equal(t->pairs, SIDE_PAIRS);
	fails((use_pairs)(t, SIDE_PAIRS + 1), "more than 64 queue pairs");
}

static void event__comes_or_not(void **state)
{
	struct side_reply *reply = &script.reply[SIDE_WAIT_EVENT];

	(ask_for_event)(t, RESPONDER, EVENT_SOLICITED);
	next_is(RESPONDER, &REQUEST(SIDE_ARM, .flag = true));
	(ask_for_event)(t, INITIATOR, EVENT_ANY);
	next_is(INITIATOR, &REQUEST(SIDE_ARM));
	(expect_no_event)(t, RESPONDER);
	next_is(RESPONDER, &REQUEST(SIDE_WAIT_EVENT, .argument = 20));
	fails((expect_event)(t, INITIATOR),
	      "the initiator got no event for the completion");
	reply->number = 1;
	(expect_event)(t, RESPONDER);
	fails((expect_no_event)(t, RESPONDER),
	      "the responder got an event for a completion that is not solicited");
}

static void background__begins(void **state)
{
	const struct side_op *op;

	(background_begin)(t, target, 16, KiB(8));
	op = &script.request[script.asked - 1].op;
	assert_int_equal(next_of(SIDE_TARGET_OPEN)->spec.len, KiB(8));
	assert_int_equal(next_of(SIDE_TARGET_OPEN)->spec.mode, MR_PINNED);
	next_is(INITIATOR,
		&REQUEST(SIDE_BACKGROUND_BEGIN, .pattern = { target->seed, 0x1000 },
			 .pattern_offset = 16));
	assert_int_equal(op->rdma.sges, 2);
	assert_int_equal(op->piece[0].len, KiB(8));
	assert_int_equal(op->piece[0].offset, 0);
	assert_int_not_equal(op->piece[0].target, op->piece[1].target);
	assert_int_equal(op->rdma.remote_addr, target->info.addr + 16);
	/* the same memory, unless the length is another; the count goes on and around */
	t->background.turns = 3;
	(background_begin)(t, target, 16, KiB(8));
	assert_int_equal(next_of(SIDE_BACKGROUND_BEGIN)->pattern.generation, 0x1003);
	assert_int_equal(count_of(SIDE_TARGET_OPEN), 2);
	t->background.turns = 0x4000 + 5;
	(background_begin)(t, target, 16, KiB(4));
	assert_int_equal(next_of(SIDE_BACKGROUND_BEGIN)->pattern.generation, 0x1005);
	assert_int_equal(count_of(SIDE_TARGET_OPEN), 4);
	(background_wait)(t);
	next_is(INITIATOR, &REQUEST(SIDE_BACKGROUND_WAIT));
}

static void background__ends(void **state)
{
	struct background_result *result = &script.reply[SIDE_BACKGROUND_END].background;

	*result = (struct background_result){ .turns = 5,
					      .generation = 9,
					      .longest_ns = 30 };
	assert_int_equal((background_end)(t), 9);
	next_is(INITIATOR, &REQUEST(SIDE_BACKGROUND_END));
	result->longest_ns = 20;
	assert_int_equal((background_end)(t), 9);
	assert_int_equal(t->background.times, 2);
	assert_int_equal(t->background.turns, 10);
	assert_int_equal(t->background.longest_ns, 30);
	result->status = OP_REM_ACCESS_ERR;
	assert_int_equal((background_end_status)(t), OP_REM_ACCESS_ERR);
}

static void background__that_failed(void **state)
{
	struct side_reply *reply = &script.reply[SIDE_BACKGROUND_END];

	until_end((background_end)(t));
	assert_non_null(strstr(said(), "traffic: no turn was completed"));
	reply->background.turns = 4;
	reply->background.status = OP_REM_ACCESS_ERR;
	until_end((background_end)(t));
	assert_non_null(
		strstr(said(), "traffic: completed with REM_ACCESS_ERR in turn 5"));
	reply->background.wrong = true;
	reply->mismatch = (struct mismatch){ MISMATCH_ZEROS, .bytes = 8, .expected = 1 };
	until_end((background_end_status)(t));
	assert_non_null(strstr(said(),
			       "traffic: wrong data in turn 5: zeros at offset 0, "
			       "expected generation 1 (8 bytes wrong)"));
}

static struct side_reply *bound(enum rdma_completed what)
{
	struct side_reply *reply = &script.reply[SIDE_WINDOW_BIND];

	*reply = (struct side_reply){ .number = 0x77, .completion = { .what = what } };
	return reply;
}

static void window__is_bound(void **state)
{
	const struct target *window;
	struct side_reply *reply = bound(COMPLETED_BIND);

	window = (target_window)(t, target, WINDOW_TYPE_2, 16, 32);
	next_is(RESPONDER, &REQUEST(SIDE_WINDOW_BIND, .target = target->info.id,
				    .offset = 16, .len = 32, .argument = WINDOW_TYPE_2));
	assert_int_equal(window->info.rkey, 0x77);
	assert_int_equal(window->info.addr, target->info.addr);
	assert_int_equal(window->window, WINDOW_TYPE_2);
	assert_int_equal(t->n_targets, 2);
	reply->strays = 1;
	fails((target_window)(t, target, WINDOW_TYPE_2, 16, 32),
	      "1 unexpected completions");
	reply->completion.what = COMPLETED_SEND;
	fails((target_window)(t, target, WINDOW_TYPE_2, 16, 32),
	      "completed as SEND, expected BIND");
	reply->completion.status = OP_MW_BIND_ERR;
	fails((target_window)(t, target, WINDOW_TYPE_2, 16, 32),
	      "BIND completed with MW_BIND_ERR");
	t->n_targets = TEST_TARGETS;
	fails((target_window)(t, target, WINDOW_TYPE_2, 16, 32), "more than 64 targets");
}

static void window__may_be_refused(void **state)
{
	struct side_reply *reply = bound(COMPLETED_BIND);
	static const int refusals[] = { EINVAL, EPERM, EOPNOTSUPP };

	assert_int_equal((window_bind_status)(t, target, WINDOW_TYPE_1, 16, 32),
			 OP_SUCCESS);
	assert_false(t->broken);
	reply->completion.status = OP_MW_BIND_ERR;
	assert_int_equal((window_bind_status)(t, target, WINDOW_TYPE_1, 16, 32),
			 OP_MW_BIND_ERR);
	assert_true(t->broken);
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		script.error[SIDE_WINDOW_BIND] = refusals[i];
		assert_int_equal((window_bind_status)(t, target, WINDOW_TYPE_1, 16, 32),
				 OP_NOT_POSTED);
	}
	script.error[SIDE_WINDOW_BIND] = EIO;
	fails((window_bind_status)(t, target, WINDOW_TYPE_1, 16, 32),
	      "bind a memory window: Input/output error");
}

/* Type 1 is bound again, to nothing; type 2 is invalidated (IBTA 10.6.7.2). */
static void window__is_invalidated(void **state)
{
	struct rdma_completion *completion =
		&script.reply[SIDE_WINDOW_INVALIDATE].completion;
	struct target *window;

	bound(COMPLETED_BIND);
	window = (target_window)(t, target, WINDOW_TYPE_2, 16, 32);
	script.seen = script.asked;
	completion->what = COMPLETED_INVALIDATE;
	(window_invalidate)(t, window);
	next_is(RESPONDER, &REQUEST(SIDE_WINDOW_INVALIDATE, .target = target->info.id,
				    .key = 0x77, .argument = WINDOW_TYPE_2));
	window->window = WINDOW_TYPE_1;
	fails((window_invalidate)(t, window), "completed as INVALIDATE, expected BIND");
	completion->what = COMPLETED_BIND;
	(window_invalidate)(t, window);
}

/* By a message of a page, with the key in place of immediate data. */
static void window__is_invalidated_by_a_send(void **state)
{
	const struct side_op *op;

	script.reply[SIDE_WAIT].completion.what = COMPLETED_SEND;
	script.reply[SIDE_WAIT_RECV].completion =
		(struct rdma_completion){ .what = COMPLETED_RECEIVE,
					  .bytes = PAGE_BYTES,
					  .invalidated = true,
					  .immediate = target->info.rkey };
	(rdma_send_invalidate)(t, target);
	assert_int_equal(next_of(SIDE_TARGET_OPEN)->spec.len, PAGE_BYTES);
	assert_int_equal(next_of(SIDE_TARGET_FILL)->offset, SCRATCH_AT);
	assert_int_equal(next_of(SIDE_POST_RECV)->op.piece[0].len, PAGE_BYTES);
	op = &next_of(SIDE_POST)->op;
	assert_int_equal(op->rdma.opcode, RDMA_SEND_INVALIDATE);
	assert_int_equal(op->rdma.immediate, target->info.rkey);
	assert_int_equal(op->piece[0].offset, SCRATCH_AT);
	assert_int_equal(op->piece[0].len, PAGE_BYTES);
	next_of(SIDE_WAIT_RECV);
	assert_int_equal(next_of(SIDE_TARGET_CHECK_MAPPING)->len, PAGE_BYTES);
	script.reply[SIDE_WAIT].completion.status = OP_REM_INV_REQ_ERR;
	fails((rdma_send_invalidate)(t, target), "completed with REM_INV_REQ_ERR");
}

static void mkey__of_pieces(void **state)
{
	const struct local_piece pieces[5] = { { target, 1, 2 }, { target, 3, 4 } };
	struct side_reply *reply = &script.reply[SIDE_INDIRECT_MKEY];
	const struct target *mkey;
	const struct side_op *op;

	reply->target.rkey = 0x99;
	mkey = (target_of_pieces)(t, pieces, 2);
	next_is(RESPONDER, &REQUEST(SIDE_INDIRECT_MKEY));
	op = &script.request[0].op;
	assert_int_equal(op->rdma.sges, 2);
	assert_int_equal(op->piece[1].target, target->info.id);
	assert_int_equal(op->piece[1].offset, 3);
	assert_int_equal(op->piece[1].len, 4);
	assert_int_equal(mkey->info.rkey, 0x99);
	assert_int_equal(mkey->role, RESPONDER);
	assert_ptr_equal(mkey->side, t->side[RESPONDER]);
	assert_int_equal(t->n_targets, 2);
	(target_interleaved)(t, pieces, 2, 7, 8);
	next_is(RESPONDER, &REQUEST(SIDE_INDIRECT_MKEY, .argument = 7, .len = 8));
	fails((target_of_pieces)(t, pieces, 5), "more than 64 targets, or 4 pieces");
	reply->completion.status = OP_LOC_QP_OP_ERR;
	fails((target_of_pieces)(t, pieces, 2),
	      "the indirect mkey completed with LOC_QP_OP_ERR");
	t->n_targets = TEST_TARGETS;
	fails((target_of_pieces)(t, pieces, 2), "more than 64 targets, or 4 pieces");
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGET(reconnect__each_pair),
	WITH_TARGET(reset__each_pair),
	WITH_TARGET(use__another_kind),
	WITH_TARGET(use__several),
	WITH_TARGET(event__comes_or_not),
	WITH_TARGET(background__begins),
	WITH_TARGET(background__ends),
	WITH_TARGET(background__that_failed),
	WITH_TARGET(window__is_bound),
	WITH_TARGET(window__may_be_refused),
	WITH_TARGET(window__is_invalidated),
	WITH_TARGET(window__is_invalidated_by_a_send),
	WITH_TARGET(mkey__of_pieces),
};

int main(void)
{
	return cmocka_run_group_tests_name("queue_pair", tests, NULL, NULL);
}
