// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* queue_pair.c - a side's queue pairs, and the completions of many operations */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/clock.h"
#include "base/util.h"

static int setup(void **state)
{
	loopback_reset(state);
	side = loopback_side(INITIATOR);
	request = (struct side_request){ .pair = SIDE_PAIRS - 1 };
	return 0;
}

/* It counts from 0 again: an operation that was under way is none any more. */
static void reset__counts_anew(void **state)
{
	struct local_pair *pair;

	assert_int_equal(ask(SIDE_QP_RESET), -ENOTCONN);
	assert_int_equal(ask(SIDE_QP_OPEN), 0);
	pair = local_pair(side, &request);
	*pair = (struct local_pair){ .qp = pair->qp,
				     .posted = 3,
				     .completed = 2,
				     .receives_posted = 5,
				     .received = 4,
				     .timeout_ns = 6 };
	loopback.refuse = "qp_reset";
	loopback.error = EIO;
	assert_int_equal(ask(SIDE_QP_RESET), -EIO);
	assert_int_equal(pair->posted, 3);
	loopback.refuse = NULL;
	assert_int_equal(ask(SIDE_QP_RESET), 0);
	assert_int_equal(reply.address.qpn, 0x77);
	assert_int_equal(pair->posted + pair->completed, 0);
	assert_int_equal(pair->receives_posted + pair->received, 0);
	assert_int_equal(pair->timeout_ns, 6);
}

static void complete(uint32_t pair, uint64_t id)
{
	loopback_complete(&side->pairs[pair].qp, (struct rdma_completion){ .id = id });
}

static void open__and_connect(void **state)
{
	request.queue_pair = (struct rdma_qp_spec){ .type = QP_UD, .depth = 3 };
	assert_int_equal(ask(SIDE_QP_OPEN), 0);
	assert_int_equal(reply.address.qpn, 0x77);
	assert_int_equal(loopback.pair.type, QP_UD);
	assert_int_equal(loopback.pair.depth, SIDE_DEPTH);
	assert_false(loopback.pair.listens);
	assert_ptr_equal(local_pair(side, &request), &side->pairs[SIDE_PAIRS - 1]);
	request.address = (struct rdma_address){ .qpn = 0x88 };
	assert_int_equal(ask(SIDE_QP_CONNECT), 0);
	assert_int_equal(loopback.peer.qpn, 0x88);
	loopback.refuse = "qp_connect";
	loopback.error = ETIMEDOUT;
	assert_int_equal(ask(SIDE_QP_CONNECT), -ETIMEDOUT);
}

static void open__the_responder_listens(void **state)
{
	struct local_side *responder = loopback_side(RESPONDER);

	loopback_pair(responder, 0);
	assert_true(loopback.pair.listens);
	responder->side.close(&responder->side);
}

/* Another in its place begins anew. */
static void open__again(void **state)
{
	struct local_pair *pair = &side->pairs[SIDE_PAIRS - 1];

	assert_int_equal(ask(SIDE_QP_OPEN), 0);
	pair->posted = pair->completed = pair->receives_posted = pair->received = 5;
	assert_int_equal(ask(SIDE_QP_OPEN), 0);
	assert_int_equal(loopback.pairs, 1);
	assert_int_equal(pair->posted, 0);
	assert_int_equal(pair->completed, 0);
	assert_int_equal(pair->receives_posted, 0);
	assert_int_equal(pair->received, 0);
	loopback.refuse = "qp_open";
	loopback.error = ENOMEM;
	assert_int_equal(ask(SIDE_QP_OPEN), -ENOMEM);
	assert_int_equal(reply.address.qpn, 0);
	assert_int_equal(loopback.pairs, 0);
	assert_null(local_pair(side, &request));
	loopback.refuse = NULL;
	request.pair = SIDE_PAIRS;
	assert_int_equal(ask(SIDE_QP_OPEN), -EINVAL);
	assert_non_null(strstr(loopback_log(), "queue pair 64 of a side"));
	assert_null(local_pair(side, &request));
}

/* Silence is an answer; it takes as long as an operation may, or as the request says. */
static void event__that_is_asked_for(void **state)
{
	assert_int_equal(ask(SIDE_ARM), -ENOTCONN);
	assert_int_equal(ask(SIDE_WAIT_EVENT), -ENOTCONN);
	loopback_pair(side, SIDE_PAIRS - 1);
	request.flag = true;
	assert_int_equal(ask(SIDE_ARM), 0);
	assert_int_equal(loopback.armed, 2);
	assert_int_equal(ask(SIDE_WAIT_EVENT), 0);
	assert_int_equal(reply.number, 1);
	assert_int_equal(loopback.event_timeout_ns, SIDE_OP_TIMEOUT_NS);
	request.argument = 20;
	loopback.refuse = "qp_wait_event";
	loopback.error = ETIMEDOUT;
	assert_int_equal(ask(SIDE_WAIT_EVENT), 0);
	assert_int_equal(reply.number, 0);
	assert_int_equal(loopback.event_timeout_ns, 20 * NSEC_PER_MSEC);
	loopback.error = EIO;
	assert_int_equal(ask(SIDE_WAIT_EVENT), -EIO);
	loopback.refuse = "qp_arm";
	assert_int_equal(ask(SIDE_ARM), -EIO);
}

/* ---- settle ---- */

/* A stray is one that no operation and no receive is owed. */
static void settle__of_all_pairs(void **state)
{
	uint64_t before;

	for (uint32_t pair = 0; pair < SIDE_PAIRS; pair += SIDE_PAIRS - 1)
		loopback_pair(side, pair);
	loopback_target(side, KiB(4));
	assert_int_equal(ask(SIDE_WINDOW_BIND), 0); /* not polled itself */
	side->pairs[0].posted = 2;
	side->pairs[0].completed = side->pairs[0].receives_posted = 1;
	for (int i = 0; i < 5; i++)
		complete(0, 0);
	complete(SIDE_PAIRS - 1, 0);
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_SETTLE), 0);
	assert_int_equal(reply.strays, 3 + 1);
	assert_int_equal(side->pairs[0].completed, 2);
	assert_int_equal(side->pairs[0].received, 1);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_MSEC, 2);
}

/* ---- collect ---- */

static void open_with_posted(uint64_t posted)
{
	struct local_pair *pair = &side->pairs[SIDE_PAIRS - 1];

	loopback_pair(side, SIDE_PAIRS - 1);
	pair->posted = posted;
	pair->completed = 4;
}

/* Ids in the reply count from the oldest; what comes within 5 ms is added. */
static void collect__and_one_too_many(void **state)
{
	struct local_pair *pair = &side->pairs[SIDE_PAIRS - 1];
	uint64_t before;

	open_with_posted(7);
	request.len = 3;
	for (uint64_t id = 0; id < 3; id++)
		complete(SIDE_PAIRS - 1, 4 + (id + 1) % 3);
	complete(SIDE_PAIRS - 1, 9);
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_COLLECT), 0);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_MSEC, 5);
	assert_int_equal(reply.completions, 4);
	assert_int_equal(reply.batch[0].id, 1);
	assert_int_equal(reply.batch[1].id, 2);
	assert_int_equal(reply.batch[2].id, 0);
	assert_int_equal(reply.batch[3].id, 5);
	assert_int_equal(reply.batch[4].id, 0);
	assert_int_equal(pair->completed, 7);
	assert_int_equal(ask(SIDE_COLLECT), -ENODATA);
}

/* Then there is no reason to wait as long as for an operation. */
static void collect__and_no_more(void **state)
{
	uint64_t before;

	open_with_posted(6);
	request.len = 2;
	loopback.most = 1;
	complete(SIDE_PAIRS - 1, 4);
	complete(SIDE_PAIRS - 1, 5);
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_COLLECT), 0);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_MSEC, 5);
	assert_int_equal(reply.completions, 2);
	assert_int_equal(reply.batch[1].id, 1);
}

static void collect__as_many_as_a_reply_holds(void **state)
{
	uint64_t before;

	open_with_posted(5);
	request.len = 1;
	loopback.most = 6;
	for (uint64_t id = 0; id < SIDE_BATCH + 2; id++)
		complete(SIDE_PAIRS - 1, id);
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_COLLECT), 0);
	assert_true(atomic_load(&loopback.now) - before < NSEC_PER_MSEC);
	assert_int_equal(reply.completions, SIDE_BATCH);
	assert_int_equal(reply.strays, 0);
	assert_int_equal(reply.batch[SIDE_BATCH - 1].id, SIDE_BATCH - 1 - 4);
}

static void collect__silence(void **state)
{
	uint64_t before;

	open_with_posted(6);
	request.len = 2;
	complete(SIDE_PAIRS - 1, 4);
	loopback.tick = NSEC_PER_MSEC;
	before = atomic_load(&loopback.now);
	assert_int_equal(ask(SIDE_COLLECT), 0);
	assert_int_equal(reply.completions, 1);
	assert_int_equal((atomic_load(&loopback.now) - before) / NSEC_PER_SEC, 10);
}

static void stream__by_its_pair(void **state)
{
	struct stream_result result = { 0 };
	const struct stream_spec spec = {
		.opcode = RDMA_FETCH_ADD, .size = 8, .count = 5, .depth = 2
	};

	loopback_pair(side, SIDE_PAIRS - 1);
	request.stream = &spec;
	request.stream_result = &result;
	hist_reset(&result.latency);
	assert_int_equal(ask(SIDE_STREAM), 0);
	assert_int_equal(result.completed, 5);
	assert_int_equal(loopback.posted, 5);
	loopback.refuse = "post";
	loopback.error = ENOMEM;
	assert_int_equal(ask(SIDE_STREAM), -ENOMEM);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(open__and_connect),
	TEST(reset__counts_anew),
	TEST(open__the_responder_listens),
	TEST(open__again),
	TEST(event__that_is_asked_for),
	TEST(settle__of_all_pairs),
	TEST(collect__and_one_too_many),
	TEST(collect__and_no_more),
	TEST(collect__as_many_as_a_reply_holds),
	TEST(collect__silence),
	TEST(stream__by_its_pair),
};

int main(void)
{
	return cmocka_run_group_tests_name("queue_pair", tests, NULL, NULL);
}
