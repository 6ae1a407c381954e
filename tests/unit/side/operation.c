// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * operation.c - a side's operations: what is posted, and which completions are waited for
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/clock.h"
#include "base/util.h"

/* Receives have ids of their own. */
#define RECEIVE (1ull << 63)

static struct local_pair *pair;

static int setup(void **state)
{
	loopback_reset(state);
	side = loopback_side(INITIATOR);
	loopback_pair(side, 3);
	pair = &side->pairs[3];
	loopback_target(side, KiB(8));
	loopback_target(side, KiB(4));
	request = (struct side_request){ .pair = 3 };
	request.op.rdma =
		(struct rdma_op){ .opcode = RDMA_WRITE, .sges = 2, .rkey = 7, .id = 99 };
	request.op.rdma.remote_addr = side->targets[0].mr.remote_addr;
	request.op.piece[0] = (struct piece){ .target = 1, .len = 16 };
	request.op.piece[1] = (struct piece){
		.target = 0, .offset = KiB(8) - 32, .len = 32, .key = 0x999
	};
	return 0;
}

static void complete(uint64_t id, enum op_status status)
{
	loopback_complete(&pair->qp, (struct rdma_completion){ id, status });
}

static void are_pieces(const struct rdma_sge *sges)
{
	assert_true(sges[0].addr == (uintptr_t)side->targets[1].region.addr);
	assert_int_equal(sges[0].len, 16);
	assert_int_equal(sges[0].lkey, side->targets[1].mr.lkey);
	assert_true(sges[1].addr ==
		    (uintptr_t)side->targets[0].region.addr + KiB(8) - 32);
	assert_int_equal(sges[1].len, 32);
	assert_int_equal(sges[1].lkey, 0x999);
}

static void post__pieces_of_targets(void **state)
{
	for (uint64_t id = 0; id < 3; id++) {
		assert_int_equal(ask(SIDE_POST), 0);
		assert_int_equal(loopback.op.opcode, RDMA_WRITE);
		assert_int_equal(loopback.op.rkey, 7);
		assert_int_equal(loopback.op.id, id);
		are_pieces(loopback.op.sge);
		assert_int_equal(ask(SIDE_POST_RECV), 0);
		assert_int_equal(loopback.recv_sges, 2);
		assert_true(loopback.recv_id == (RECEIVE | id));
		are_pieces(loopback.recv);
	}
	assert_int_equal(pair->posted, 3);
	assert_int_equal(pair->receives_posted, 3);
}

static void is_refused(int error)
{
	assert_int_equal(ask(SIDE_POST), error);
	assert_int_equal(ask(SIDE_POST_RECV), error);
	assert_int_equal(pair->posted, 0);
	assert_int_equal(pair->receives_posted, 0);
}

static void post__refused(void **state)
{
	request.op.piece[1].len++;
	is_refused(-EINVAL);
	assert_non_null(strstr(loopback_log(), "piece 1 of an operation"));
	request.op.piece[1].target = 2;
	is_refused(-EINVAL);
	request.op.rdma.sges = QP_SGES + 1;
	is_refused(-EINVAL);
	assert_non_null(strstr(loopback_log(), "5 pieces of an operation"));
	request.op.rdma.sges = 1;
	loopback.error = ENOMEM;
	loopback.refuse = "post";
	assert_int_equal(ask(SIDE_POST), -ENOMEM);
	loopback.refuse = "post_recv";
	assert_int_equal(ask(SIDE_POST_RECV), -ENOMEM);
	assert_int_equal(pair->posted, 0);
	assert_int_equal(pair->receives_posted, 0);
	request.op.piece[1] = (struct piece){ .target = 0 };
	request.op.rdma.sges = QP_SGES;
	loopback.refuse = NULL;
	assert_int_equal(ask(SIDE_POST), 0);
}

static void request__of_no_pair(void **state)
{
	static const struct {
		enum request_kind kind;
		int error;
	} rows[] = {
		{ SIDE_POST, -ENOTCONN },	{ SIDE_POST_RECV, -ENOTCONN },
		{ SIDE_WAIT, -ENODATA },	{ SIDE_WAIT_RECV, -ENODATA },
		{ SIDE_COLLECT, -ENODATA },	{ SIDE_STREAM, -ENOTCONN },
		{ SIDE_QP_CONNECT, -ENOTCONN },
	};

	/* what comes after the queue pairs is open, too */
	assert_int_equal(ask(SIDE_WINDOW_BIND), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		request.pair = 2;
		assert_int_equal(ask(rows[i].kind), rows[i].error);
		request.pair = SIDE_PAIRS;
		assert_int_equal(ask(rows[i].kind), rows[i].error);
	}
}

static void wait__the_oldest(void **state)
{
	assert_int_equal(ask(SIDE_WAIT), -ENODATA);
	loopback.good = 1;
	loopback.status = OP_REM_ACCESS_ERR;
	for (int i = 0; i < 2; i++)
		assert_int_equal(ask(SIDE_POST), 0);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.completion.id, 0);
	assert_int_equal(reply.completion.status, OP_SUCCESS);
	assert_int_equal(reply.completion.what, COMPLETED_WRITE);
	assert_int_equal(reply.strays, 0);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.completion.id, 1);
	assert_int_equal(reply.completion.status, OP_REM_ACCESS_ERR);
	assert_int_equal(ask(SIDE_WAIT), -ENODATA);
}

static void wait_recv__the_oldest(void **state)
{
	assert_int_equal(ask(SIDE_WAIT_RECV), -ENODATA);
	assert_int_equal(ask(SIDE_POST_RECV), 0);
	assert_int_equal(ask(SIDE_POST_RECV), 0);
	complete(RECEIVE, OP_SUCCESS);
	complete(RECEIVE | 1, OP_FLUSH_ERR);
	assert_int_equal(ask(SIDE_WAIT_RECV), 0);
	assert_true(reply.completion.id == RECEIVE);
	assert_int_equal(ask(SIDE_WAIT_RECV), 0);
	assert_true(reply.completion.id == (RECEIVE | 1));
	assert_int_equal(reply.completion.status, OP_FLUSH_ERR);
	assert_int_equal(reply.strays, 0);
	assert_int_equal(ask(SIDE_WAIT_RECV), -ENODATA);
}

/*
 * When the host is measured, it is three times as slow as at first; the completion comes.
 */
static bool late;

uint64_t __wrap_pace_work_ns(void);
uint64_t __wrap_pace_work_ns(void)
{
	if (late)
		complete(0, OP_SUCCESS);
	return 3000;
}

static void wait__longer_where_the_host_became_slower(void **state)
{
	uint64_t before = atomic_load(&loopback.now);

	loopback_env.pace = (struct pace){ 1, 1000 };
	loopback.silent = true;
	ask(SIDE_POST);
	loopback.tick = NSEC_PER_MSEC;
	late = true;
	assert_int_equal(ask(SIDE_WAIT), 0);
	late = false;
	assert_int_equal(reply.completion.status, OP_SUCCESS);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_SEC, 10);
	/* for the next one all that time is there, and none comes */
	loopback_env.pace = (struct pace){ 1, 1000 };
	loopback_pair(side, 3);
	ask(SIDE_POST);
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.completion.status, OP_NO_COMPLETION);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_SEC, 30);
	loopback_env.pace = (struct pace){ 0 };
}

/* Completions are in order: one that a later one overtakes does not come any more. */
static void wait__a_later_one_has_come(void **state)
{
	uint64_t before;

	loopback.silent = true;
	ask(SIDE_POST);
	ask(SIDE_POST);
	complete(1, OP_SUCCESS);
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.completion.status, OP_NO_COMPLETION);
	assert_int_equal(reply.strays, 1);
	assert_true(atomic_load(&loopback.now) - before < NSEC_PER_MSEC);
}

/* Completions of the other queue, or of what has been waited for, do not end the wait. */
static void wait__others_are_strays(void **state)
{
	loopback.silent = true;
	for (int i = 0; i < 3; i++)
		ask(SIDE_POST);
	ask(SIDE_POST_RECV);
	complete(0, OP_SUCCESS);
	assert_int_equal(ask(SIDE_WAIT), 0);
	complete(0, OP_SUCCESS);
	complete(RECEIVE, OP_SUCCESS);
	complete(1, OP_SUCCESS);
	complete(2, OP_SUCCESS);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.completion.id, 1);
	assert_int_equal(reply.strays, 2);
	/* a receive is still to come: what is there may be its own */
	complete(9, OP_SUCCESS);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.completion.id, 2);
	assert_int_equal(reply.strays, 0);
}

/* Once all has completed, one more shows at once; of receives likewise. */
static void wait__one_too_many(void **state)
{
	loopback.silent = true;
	ask(SIDE_POST);
	ask(SIDE_POST_RECV);
	complete(0, OP_SUCCESS);
	complete(RECEIVE, OP_SUCCESS);
	complete(RECEIVE, OP_SUCCESS);
	complete(1, OP_SUCCESS);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.strays, 0);
	assert_int_equal(ask(SIDE_WAIT_RECV), 0);
	assert_true(reply.completion.id == RECEIVE);
	assert_int_equal(reply.strays, 2);
	ask(SIDE_POST);
	complete(1, OP_SUCCESS);
	complete(1, OP_SUCCESS);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal(reply.strays, 1);
}

/* Ten seconds; in a long run, twenty minutes. */
static void wait__silence(void **state)
{
	static const uint64_t seconds[] = { 10, 1200 };
	uint64_t before;

	loopback.silent = true;
	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++) {
		loopback_config.long_run = i;
		loopback_pair(side, 3);
		ask(SIDE_POST);
		loopback.tick = NSEC_PER_MSEC;
		before = atomic_load(&loopback.now);
		assert_int_equal(ask(SIDE_WAIT), 0);
		assert_int_equal(reply.completion.status, OP_NO_COMPLETION);
		assert_int_equal(reply.strays, 0);
		assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_SEC,
				 seconds[i]);
	}
}

/* A device may ask for each page of a long message by itself. */
static void wait__longer_for_a_longer_message(void **state)
{
	uint64_t before;

	loopback.silent = true;
	loopback_pair(side, 3);
	request.op.rdma.sges = 1;
	request.op.piece[0] = (struct piece){ .target = 2, .len = MiB(1) };
	loopback_target(side, MiB(1));
	request.op.rdma.remote_addr = side->targets[2].mr.remote_addr;
	assert_int_equal(ask(SIDE_POST), 0);
	loopback.tick = NSEC_PER_MSEC;
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_WAIT), 0);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_SEC,
			 (10000 + 256 * 40) / 1000);
}

static void wait__errors_are_returned(void **state)
{
	static const enum request_kind kinds[] = { SIDE_WAIT, SIDE_WAIT_RECV,
						   SIDE_COLLECT, SIDE_SETTLE };

	ask(SIDE_POST);
	ask(SIDE_POST_RECV);
	loopback.refuse = "poll";
	loopback.error = EIO;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		assert_int_equal(ask(kinds[i]), -EIO);
}

/* It has completed, and one too many cannot be looked for. */
static void wait__error_after_the_completion(void **state)
{
	ask(SIDE_POST);
	loopback.refuse = "poll of nothing";
	loopback.error = EIO;
	assert_int_equal(ask(SIDE_WAIT), -EIO);
	assert_int_equal(reply.completion.what, COMPLETED_WRITE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(post__pieces_of_targets),
	TEST(post__refused),
	TEST(request__of_no_pair),
	TEST(wait__the_oldest),
	TEST(wait_recv__the_oldest),
	TEST(wait__a_later_one_has_come),
	TEST(wait__others_are_strays),
	TEST(wait__one_too_many),
	TEST(wait__silence),
	TEST(wait__longer_where_the_host_became_slower),
	TEST(wait__longer_for_a_longer_message),
	TEST(wait__errors_are_returned),
	TEST(wait__error_after_the_completion),
};

int main(void)
{
	return cmocka_run_group_tests_name("operation", tests, NULL, NULL);
}
