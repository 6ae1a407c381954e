// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * background.c - what a side's traffic writes, reads back, and reports, and how it ends
 */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "loopback.h"

#define LEN 256

/* Written from target 0 to target 2, and read back into target 1. */
static struct local_side *side;
static struct side_request begin;
static struct side_reply reply;

static int thread_error;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*run)(void *), void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*run)(void *), void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*run)(void *), void *data)
{
	return thread_error ? thread_error :
			      __real_pthread_create(thread, attr, run, data);
}

static int ask(enum request_kind kind)
{
	struct side_request request = { .kind = kind };

	return loopback_ask(side, kind == SIDE_BACKGROUND_BEGIN ? &begin : &request,
			    &reply);
}

static int setup(void **state)
{
	loopback_reset(state);
	side = loopback_side(INITIATOR);
	loopback_pair(side, 0);
	for (unsigned int i = 0; i < 3; i++)
		loopback_target(side, KiB(4));
	begin = (struct side_request){ .kind = SIDE_BACKGROUND_BEGIN,
				       .pattern = { .seed = 5, .generation = 7 },
				       .pattern_offset = 4096 };
	begin.op.rdma.sges = 2;
	begin.op.rdma.rkey = 0x77;
	begin.op.rdma.remote_addr = side->targets[2].mr.remote_addr;
	begin.op.piece[0] = (struct piece){ .target = 0, .len = LEN };
	begin.op.piece[1] = (struct piece){ .target = 1, .len = LEN };
	begin.op.piece[2] = (struct piece){ .target = 9 }; /* which is none of the two */
	thread_error = 0;
	return 0;
}

static int teardown(void **state)
{
	loopback_close(side);
	return 0;
}

static void holds(uint32_t target, size_t len, uint16_t generation)
{
	struct pattern pattern = { 5, generation };

	assert_int_equal(pattern_check(side->targets[target].region.addr, 4096, len,
				       pattern, NULL),
			 0);
}

/* The generation rises with each turn; the first turn has the one that was asked for. */
static void turns__until_the_end(void **state)
{
	uint64_t turns;

	begin.op.piece[1].len = LEN / 2; /* not all of it need be read back */
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask(SIDE_BACKGROUND_WAIT), 0);
	assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
	turns = reply.background.turns;
	assert_true(turns >= 3);
	assert_int_equal(reply.background.status, OP_SUCCESS);
	assert_false(reply.background.wrong);
	assert_int_equal(reply.background.generation, 7 + (turns - 1) % 0x4000);
	assert_true(reply.background.longest_ns >= loopback.tick);
	assert_true(reply.background.longest_ns < NSEC_PER_SEC);
	holds(0, LEN, reply.background.generation);
	holds(2, LEN, reply.background.generation);
	holds(1, LEN / 2, reply.background.generation);
	assert_int_equal(loopback.posted, 2 * turns);
	assert_int_equal(loopback.op.opcode, RDMA_READ);
	assert_int_equal(loopback.op.sge[0].lkey, side->targets[1].mr.lkey);
	assert_int_equal(loopback.op.rkey, 0x77);
	/* there is nothing to wait for, and its end is the same again */
	assert_int_equal(ask(SIDE_BACKGROUND_WAIT), -EINVAL);
	assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
	assert_int_equal(reply.background.turns, turns);
}

/* What an earlier one did does not count. */
static void turns__again(void **state)
{
	loopback.good = 4;
	loopback.status = OP_REM_ACCESS_ERR;
	for (int again = 0; again < 2; again++) {
		loopback.posted = 0;
		assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), 0);
		while (!atomic_load(&side->background.over))
			assert_int_equal(ask(SIDE_BACKGROUND_WAIT), 0);
		assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
		assert_int_equal(reply.background.turns, 2);
		assert_int_equal(reply.background.generation, 8);
		assert_int_equal(reply.background.status, OP_REM_ACCESS_ERR);
	}
}

static void run_to_its_end(void)
{
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), 0);
	while (!atomic_load(&side->background.over))
		assert_int_equal(ask(SIDE_BACKGROUND_WAIT), 0);
	/* it is over, and not gone */
	assert_int_equal(ask(SIDE_BACKGROUND_WAIT), 0);
	assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
}

/*
 * A WRITE that failed has not changed the generation; a READ that failed comes after it.
 */
static void status__ends_it(void **state)
{
	static const struct {
		unsigned int good;
		uint64_t turns;
		uint16_t generation;
		enum rdma_opcode opcode;
	} rows[] = {
		{ 0, 0, 7, RDMA_WRITE },
		{ 1, 0, 7, RDMA_READ },
		{ 2, 1, 7, RDMA_WRITE },
		{ 3, 1, 8, RDMA_READ },
	};

	loopback.status = OP_RETRY_EXC_ERR;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		loopback.posted = 0;
		loopback.good = rows[i].good;
		run_to_its_end();
		assert_int_equal(reply.background.status, OP_RETRY_EXC_ERR);
		assert_false(reply.background.wrong);
		assert_int_equal(reply.background.turns, rows[i].turns);
		assert_int_equal(reply.background.generation, rows[i].generation);
		assert_int_equal(loopback.op.opcode, rows[i].opcode);
	}
}

static void status__refused(void **state)
{
	loopback.refuse = "post";
	loopback.error = ENOMEM;
	run_to_its_end();
	assert_int_equal(reply.background.status, OP_NO_COMPLETION);
	assert_int_equal(reply.background.turns, 0);
}

/* A silent device has ten seconds for an operation: SIDE_OP_TIMEOUT_NS. */
static void status__silence(void **state)
{
	loopback.silent = true;
	loopback.tick = NSEC_PER_SEC / 100;
	run_to_its_end();
	assert_int_equal(reply.background.status, OP_NO_COMPLETION);
	assert_true(reply.background.longest_ns >= SIDE_OP_TIMEOUT_NS);
	assert_true(reply.background.longest_ns < 2 * SIDE_OP_TIMEOUT_NS);
	assert_int_equal(loopback.posted, 1);
}

static void data__wrong(void **state)
{
	loopback.corrupt = 5;
	run_to_its_end();
	assert_true(reply.background.wrong);
	assert_int_equal(reply.background.status, OP_SUCCESS);
	assert_int_equal(reply.background.turns, 2);
	assert_int_equal(reply.background.generation, 9);
	assert_int_equal(reply.mismatch.bytes, 1);
	assert_int_equal(reply.mismatch.offset, 4096 + LEN - 1);
	/* the next traffic has nothing of it */
	loopback.corrupt = UINT_MAX;
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), 0);
	assert_int_equal(ask(SIDE_BACKGROUND_WAIT), 0);
	assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
	assert_false(reply.background.wrong);
	assert_int_equal(reply.mismatch.bytes, 0);
}

/*
 * A READ that brings nothing is not taken for one that brought the data of the turn
 * before.
 */
static void data__of_the_turn_before(void **state)
{
	loopback.lost = 3;
	run_to_its_end();
	assert_true(reply.background.wrong);
	assert_int_equal(reply.background.generation, 8);
	assert_int_equal(reply.mismatch.kind, MISMATCH_ZEROS);
}

/* The highest generations are reserved: after 0x4000 of them it begins again. */
static void data__generations_come_again(void **state)
{
	loopback.good = 2 * (0x4000 + 2);
	loopback.status = OP_REM_ACCESS_ERR;
	begin.op.piece[0].len = begin.op.piece[1].len = 8;
	run_to_its_end();
	assert_int_equal(reply.background.turns, 0x4002);
	assert_int_equal(reply.background.generation, 8);
	assert_int_equal(loopback.op.sge[0].len, 8);
}

/* Twice as long as one operation may take; the operations then go on. */
static void wait__no_turn_ends(void **state)
{
	uint64_t asked;

	loopback.held = true;
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), 0);
	sem_wait(&loopback.arrived);
	loopback.tick = NSEC_PER_SEC;
	asked = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_BACKGROUND_WAIT), -ETIMEDOUT);
	assert_int_equal((atomic_load(&loopback.now) - asked) / NSEC_PER_SEC, 21);
	loopback.tick = NSEC_PER_USEC;
	sem_post(&loopback.go_on);
	assert_int_equal(ask(SIDE_BACKGROUND_WAIT), 0);
	/* meanwhile the pair belongs to the thread */
	assert_int_equal(ask(SIDE_POST), -EBUSY);
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), -EINVAL);
	assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
	assert_int_equal(ask(SIDE_POST), 0);
}

static void begin__refused(void **state)
{
	static const struct {
		struct piece piece[2];
		unsigned int sges;
	} rows[] = {
		{ { { .target = 0, .len = 8 }, { .target = 1, .len = 8 } }, 1 },
		{ { { .target = 0, .len = 8 }, { .target = 1, .len = 8 } }, 3 },
		{ { { .target = 9, .len = 8 }, { .target = 1, .len = 8 } }, 2 },
		{ { { .target = 0, .len = 8 }, { .target = 9, .len = 8 } }, 2 },
		{ { { .target = 0, .len = 4097 }, { .target = 1, .len = 8 } }, 2 },
		{ { { .target = 0, .len = 8 }, { .target = 1, .len = 4097 } }, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		begin.op.rdma.sges = rows[i].sges;
		memcpy(begin.op.piece, rows[i].piece, sizeof(rows[i].piece));
		assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), -EINVAL);
		assert_non_null(strstr(loopback_log(), "traffic"));
		assert_false(side->background.running);
	}
	begin.op.rdma.sges = 2;
	begin.op.piece[0] = (struct piece){ .target = 0, .len = 4096 };
	begin.op.piece[1] = (struct piece){ .target = 1, .len = 4096 };
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), 0);
	assert_int_equal(ask(SIDE_BACKGROUND_END), 0);
	thread_error = EAGAIN;
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), -EAGAIN);
	assert_non_null(strstr(loopback_log(), "a thread for the traffic"));
	assert_int_equal(ask(SIDE_BACKGROUND_WAIT), -EINVAL);
	thread_error = 0;
	local_pairs_close(side);
	assert_int_equal(ask(SIDE_BACKGROUND_BEGIN), -EINVAL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(turns__until_the_end),	TEST(turns__again),
	TEST(status__ends_it),		TEST(status__refused),
	TEST(status__silence),		TEST(data__wrong),
	TEST(data__of_the_turn_before), TEST(data__generations_come_again),
	TEST(wait__no_turn_ends),	TEST(begin__refused),
};

int main(void)
{
	return cmocka_run_group_tests_name("background", tests, NULL, NULL);
}
