// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* execute.c - each operation and each receive completes once, with what was asked for */
#include "testcase/execute.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scripted_side.h"

static struct test *const t = &script.test;
static const struct side_op no_op;

static void op__pieces_are_of_local_targets(void **state)
{
	struct target one = { .info = { .id = 3 } }, other = { .info = { .id = 5 } };
	struct side_op op = { 0 };

	side_op_add(&op, &one, 4096, 100);
	side_op_add(&op, &other, 8, 50);
	assert_int_equal(op.rdma.sges, 2);
	assert_int_equal(op.piece[0].target, 3);
	assert_int_equal(op.piece[0].offset, 4096);
	assert_int_equal(op.piece[0].len, 100);
	assert_int_equal(op.piece[1].target, 5);
	assert_int_equal(op.piece[1].offset, 8);
	assert_int_equal(op.piece[1].len, 50);
}

/* Offsets are of the mapping, the peer's address is of the MR within it. */
static void op__is_aimed_at_the_mapping(void **state)
{
	struct target target = { .info = { .addr = 0x10064, .rkey = 9 },
				 .spec = { .mr_offset = 100 } };
	struct side_op op = { 0 };

	side_op_aim(&op, &target, 104);
	assert_int_equal(op.rdma.remote_addr, 0x10068);
	assert_int_equal(op.rdma.rkey, 9);
}

static void op__longer_than_the_port_takes(void **state)
{
	struct target local = { .info = { .id = 3 } };
	struct side_op op = { .rdma = { .opcode = RDMA_WRITE } };

	side_op_add(&op, &local, 0, 4096);
	side_op_add(&op, &local, 0, 4096);
	script.env.device.port.max_message = 8192;
	test_fits_message(t, &op);
	script.env.device.port.max_message = 8191;
	snprintf(script.env.device.name, sizeof(script.env.device.name), "dev0");
	ends(test_post(t, 0, &op), VERDICT_SKIP,
	     "dev0 takes messages of 8191 bytes, not 8192");
	assert_int_equal(script.asked, 0);
	script.env.device.port.max_message = 0; /* not known */
	test_fits_message(t, &op);
}

static void execute__posts_and_waits(void **state)
{
	struct side_op op = { .rdma = { .opcode = RDMA_WRITE, .rkey = 77 } };

	script.reply[SIDE_WAIT].completion.what = COMPLETED_WRITE;
	assert_int_equal(test_execute(t, &op), OP_SUCCESS);
	next_is(INITIATOR, &REQUEST(SIDE_POST));
	assert_int_equal(script.request[0].op.rdma.rkey, 77);
	next_is(INITIATOR, &REQUEST(SIDE_WAIT));
	test_post(t, 3, &op);
	assert_int_equal(test_wait(t, 3, &op), OP_SUCCESS);
	next_is(INITIATOR, &REQUEST(SIDE_POST, .pair = 3));
	assert_int_equal(script.request[2].op.rdma.rkey, 77);
	next_is(INITIATOR, &REQUEST(SIDE_WAIT, .pair = 3));
	assert_false(t->broken);
	assert_string_equal(said(), "");
}

static void execute__a_side_that_fails(void **state)
{
	script.error[SIDE_POST] = EIO;
	fails(test_execute(t, &no_op), "post an operation: Input/output error");
	script.error[SIDE_POST] = 0;
	script.error[SIDE_WAIT] = ENODEV;
	fails(test_execute(t, &no_op), "wait for a completion: No such device");
}

static void complete(enum rdma_completed what, uint32_t bytes)
{
	script.reply[SIDE_WAIT].completion =
		(struct rdma_completion){ .what = what, .bytes = bytes };
}

/*
 * IBTA 11.4.2.1: bytes, of the pieces that are used, are those that the initiator gets,
 * by a READ or an atomic.
 */
static void completion__of_each_kind(void **state)
{
	static const struct {
		enum rdma_opcode opcode;
		enum rdma_completed what;
		bool counts;
	} rows[] = {
		{ RDMA_WRITE, COMPLETED_WRITE, false },
		{ RDMA_WRITE_IMMEDIATE, COMPLETED_WRITE, false },
		{ RDMA_SEND, COMPLETED_SEND, false },
		{ RDMA_READ, COMPLETED_READ, true },
		{ RDMA_FETCH_ADD, COMPLETED_FETCH_ADD, true },
		{ RDMA_COMPARE_SWAP, COMPLETED_COMPARE_SWAP, true },
	};
	char why[128];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct side_op op = {
			.rdma = { .opcode = rows[i].opcode, .sges = 2 },
			.piece = { { .len = 5 }, { .len = 3 }, { .len = 9 } }
		};

		complete(rows[i].what, 8);
		assert_int_equal(test_execute(t, &op), OP_SUCCESS);
		complete(rows[i].what, 7);
		snprintf(why, sizeof(why), "%s reports 7 bytes, expected 8",
			 rdma_opcode_name(rows[i].opcode));
		if (rows[i].counts)
			fails(test_execute(t, &op), why);
		else
			assert_int_equal(test_execute(t, &op), OP_SUCCESS);
		complete(COMPLETED_RECEIVE, 8);
		snprintf(why, sizeof(why), "%s completed as RECEIVE, expected %s",
			 rdma_opcode_name(rows[i].opcode),
			 rdma_completed_name(rows[i].what));
		fails(test_execute(t, &op), why);
	}
}

static void completion__there_is_one(void **state)
{
	complete(COMPLETED_WRITE, 0);
	script.reply[SIDE_WAIT].strays = 1;
	fails(test_execute(t, &no_op),
	      "1 unexpected completions (duplicate, or without a posted request)");
	/* also where it failed */
	script.reply[SIDE_WAIT].completion.status = OP_REM_ACCESS_ERR;
	fails(test_execute(t, &no_op),
	      "1 unexpected completions (duplicate, or without a posted request)");
}

static void completion__that_failed(void **state)
{
	script.reply[SIDE_WAIT].completion =
		(struct rdma_completion){ .status = OP_REM_ACCESS_ERR,
					  .vendor_error = 0x88 };
	assert_int_equal(test_execute(t, &no_op), OP_REM_ACCESS_ERR);
	assert_true(t->broken);
	assert_non_null(strstr(said(), "{\"note\":\"REM_ACCESS_ERR, "));
	/* in a storm they are many */
	t->storm_target = t->targets;
	assert_int_equal(test_execute(t, &no_op), OP_REM_ACCESS_ERR);
	assert_string_equal(said(), "");
}

static void note__of_a_failure_with_a_vendor_error(void **state)
{
	struct rdma_completion completion = { .vendor_error = 1 };

	test_note_failure(t, &completion);
	completion.status = OP_REM_ACCESS_ERR;
	completion.vendor_error = 0;
	test_note_failure(t, &completion);
	assert_string_equal(said(), "");
	completion.vendor_error = 1;
	test_note_failure(t, &completion);
	assert_non_null(strstr(said(), "REM_ACCESS_ERR"));
}

static void succeeded__or_not(void **state)
{
	test_succeeded(t, OP_SUCCESS);
	fails(test_succeeded(t, OP_RNR_RETRY_EXC_ERR),
	      "completed with RNR_RETRY_EXC_ERR");
}

static void receive__is_posted_to_the_responder(void **state)
{
	struct target target = { .info = { .id = 6 } };

	test_post_receive(t, NULL, 0, 0);
	next_is(RESPONDER, &REQUEST(SIDE_POST_RECV));
	assert_int_equal(script.request[0].op.rdma.sges, 0);
	test_post_receive(t, &target, 64, 128);
	next_is(RESPONDER, &REQUEST(SIDE_POST_RECV));
	assert_int_equal(script.request[1].op.rdma.sges, 1);
	assert_int_equal(script.request[1].op.piece[0].target, 6);
	assert_int_equal(script.request[1].op.piece[0].offset, 64);
	assert_int_equal(script.request[1].op.piece[0].len, 128);
}

#define RECEIVED(...)	 { .what = COMPLETED_RECEIVE, .bytes = 9, __VA_ARGS__ }
#define IMMEDIATE(value) .has_immediate = true, .immediate = value
#define INVALIDATED(key) .invalidated = true, .immediate = key

/* What arrived is what was sent: opcode, bytes, immediate data or a key. */
static void receive__matches_what_was_sent(void **state)
{
	static const struct {
		enum rdma_opcode opcode;
		const char *why; /* NULL: it matches */
		struct rdma_completion completion;
	} rows[] = {
		{ RDMA_SEND, NULL, RECEIVED(.immediate = 1) },
		{ RDMA_SEND,
		  "the receive reports 8 bytes, expected 9",
		  { .what = COMPLETED_RECEIVE, .bytes = 8 } },
		{ RDMA_SEND,
		  "SEND completed as RECEIVE of WRITE with immediate, expected RECEIVE",
		  { .what = COMPLETED_RECEIVE_OF_WRITE, .bytes = 9 } },
		{ RDMA_SEND, "the receive completed with LOC_LEN_ERR",
		  RECEIVED(.status = OP_LOC_LEN_ERR) },
		{ RDMA_SEND, "the receive of SEND reports immediate data",
		  RECEIVED(IMMEDIATE(0xab)) },
		{ RDMA_SEND, "the receive of SEND reports that a key was invalidated",
		  RECEIVED(INVALIDATED(0xab)) },
		{ RDMA_SEND_IMMEDIATE, NULL, RECEIVED(IMMEDIATE(0xab)) },
		{ RDMA_SEND_IMMEDIATE,
		  "the receive of SEND with immediate reports no immediate data",
		  RECEIVED(.immediate = 0xab) },
		{ RDMA_SEND_IMMEDIATE, "the receive reports 0xaa, expected 0xab",
		  RECEIVED(IMMEDIATE(0xaa)) },
		{ RDMA_WRITE_IMMEDIATE,
		  NULL,
		  { .what = COMPLETED_RECEIVE_OF_WRITE, .bytes = 9, IMMEDIATE(0xab) } },
		{ RDMA_WRITE_IMMEDIATE,
		  "the receive of WRITE with immediate reports no immediate data",
		  { .what = COMPLETED_RECEIVE_OF_WRITE, .bytes = 9 } },
		{ RDMA_SEND_INVALIDATE, NULL, RECEIVED(INVALIDATED(0xab)) },
		{ RDMA_SEND_INVALIDATE,
		  "the receive of SEND with invalidate reports that no key was "
		  "invalidated",
		  RECEIVED(.immediate = 0xab) },
		{ RDMA_SEND_INVALIDATE, "the receive reports 0xac, expected 0xab",
		  RECEIVED(INVALIDATED(0xac)) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct side_op op = { .rdma = { .opcode = rows[i].opcode,
						.immediate = 0xab } };

		script.reply[SIDE_WAIT_RECV].completion = rows[i].completion;
		if (rows[i].why)
			fails(test_received(t, &op, 9), rows[i].why);
		else
			test_received(t, &op, 9);
		next_is(RESPONDER, &REQUEST(SIDE_WAIT_RECV));
	}
}

static void receive__is_the_oldest(void **state)
{
	script.reply[SIDE_WAIT_RECV].strays = 1;
	fails(test_received(t, &no_op, 9),
	      "a receive completed that was not the oldest: a message consumed more than "
	      "one, or one was consumed twice");
}

static void quiet__both_sides_are_asked(void **state)
{
	expect_quiet(t);
	next_is(INITIATOR, &REQUEST(SIDE_SETTLE));
	next_is(RESPONDER, &REQUEST(SIDE_SETTLE));
	script.reply[SIDE_SETTLE].strays = 2;
	fails(expect_quiet(t),
	      "2 unexpected completions (duplicate, or without a posted request)");
	/* what a broken queue pair flushes is undefined */
	t->broken = true;
	expect_quiet(t);
	assert_int_equal(script.asked, 3);
}

static const struct CMUnitTest tests[] = {
	WITH_SCRIPT(op__pieces_are_of_local_targets),
	WITH_SCRIPT(op__is_aimed_at_the_mapping),
	WITH_SCRIPT(op__longer_than_the_port_takes),
	WITH_SCRIPT(execute__posts_and_waits),
	WITH_SCRIPT(execute__a_side_that_fails),
	WITH_SCRIPT(completion__of_each_kind),
	WITH_SCRIPT(completion__there_is_one),
	WITH_SCRIPT(completion__that_failed),
	WITH_SCRIPT(note__of_a_failure_with_a_vendor_error),
	WITH_SCRIPT(succeeded__or_not),
	WITH_SCRIPT(receive__is_posted_to_the_responder),
	WITH_SCRIPT(receive__matches_what_was_sent),
	WITH_SCRIPT(receive__is_the_oldest),
	WITH_SCRIPT(quiet__both_sides_are_asked),
};

int main(void)
{
	return cmocka_run_group_tests_name("execute", tests, NULL, NULL);
}
