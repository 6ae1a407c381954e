// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream.c - a stream keeps its depth, times each operation, and ends where it must */
#include "side/stream.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "capture.h"
#include "rdma/transport.h"

/*
 * A queue pair that completes the oldest operation at each poll, 100 ns after the poll
 * before. Time goes on by polls only.
 */
static struct {
	uint64_t now, step, posted, completed, refuse_post, fail_completion;
	uint64_t slow;	      /* so many at first take 1000 ns each */
	uint64_t silent_from; /* operation that never completes */
	unsigned int in_flight_most;
	int poll_error;
	struct rdma_op first, second;
} fake;

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	ts->tv_sec = (time_t)(fake.now / NSEC_PER_SEC);
	ts->tv_nsec = (long)(fake.now % NSEC_PER_SEC);
	return 0;
}

static int post(struct rdma_qp *qp, const struct rdma_op *op)
{
	uint64_t in_flight = fake.posted + 1 - fake.completed;

	assert_int_equal(op->id, fake.posted);
	if (fake.posted == fake.refuse_post)
		return -ENOMEM;
	if (!fake.posted)
		fake.first = *op;
	if (fake.posted == 1)
		fake.second = *op;
	fake.posted++;
	if (in_flight > fake.in_flight_most)
		fake.in_flight_most = (unsigned int)in_flight;
	return 0;
}

static int poll(struct rdma_qp *qp, struct rdma_completion *completions, int max)
{
	fake.now += fake.completed < fake.slow ? 1000 : fake.step;
	if (fake.poll_error)
		return fake.poll_error;
	if (fake.completed >= fake.silent_from || fake.completed == fake.posted)
		return 0;
	completions[0] = (struct rdma_completion){ .id = fake.completed };
	if (fake.completed == fake.fail_completion)
		completions[0].status = OP_REM_ACCESS_ERR;
	fake.completed++;
	return 1;
}

static const struct rdma_transport transport = { .post = post, .poll = poll };
static struct rdma_qp qp = { .ops = &transport };
static struct stream_result result;

static const struct stream_spec ten = { .opcode = RDMA_READ,
					.local_addr = 0x1000,
					.lkey = 3,
					.remote_addr = 0x9000,
					.rkey = 4,
					.size = 64,
					.stride = 256,
					.count = 10,
					.depth = 4 };

static int reset(void **state)
{
	memset(&fake, 0, sizeof(fake));
	memset(&result, 0, sizeof(result));
	fake.now = 5 * NSEC_PER_SEC;
	fake.step = 100;
	fake.refuse_post = fake.fail_completion = fake.silent_from = UINT64_MAX;
	hist_reset(&result.latency);
	return 0;
}

static void run__all_at_its_depth(void **state)
{
	assert_int_equal(stream_run(&qp, &ten, &result), 0);
	assert_int_equal(result.status, OP_SUCCESS);
	assert_int_equal(result.completed, 10);
	assert_int_equal(fake.posted, 10);
	assert_int_equal(fake.in_flight_most, 4);
	assert_int_equal(fake.first.opcode, RDMA_READ);
	assert_int_equal(fake.first.sges, 1);
	assert_int_equal(fake.second.sge[0].addr, 0x1100);
	assert_int_equal(fake.second.sge[0].len, 64);
	assert_int_equal(fake.second.sge[0].lkey, 3);
	assert_int_equal(fake.second.remote_addr, 0x9100);
	assert_int_equal(fake.second.rkey, 4);
}

/* The first operations were posted together; each later one as an earlier completed. */
static void run__times_of_each_operation(void **state)
{
	assert_int_equal(stream_run(&qp, &ten, &result), 0);
	assert_int_equal(result.ns, 1000);
	assert_int_equal(result.peak_ns, 400); /* of four */
	assert_int_equal(result.latency.count, 10);
	assert_true(hist_percentile(&result.latency, 100) == 400);
	assert_true(hist_percentile(&result.latency, 1) >= 100);
	assert_true(hist_percentile(&result.latency, 1) < 102);
	/* the latencies of calls add up, the rest is of the last */
	fake.posted = fake.completed = 0;
	assert_int_equal(stream_run(&qp, &ten, &result), 0);
	assert_int_equal(result.latency.count, 20);
	assert_int_equal(result.ns, 1000);
}

/* The best of all groups of operations, whose times do not overlap. */
static void run__peak_after_a_slow_start(void **state)
{
	fake.slow = 5;
	assert_int_equal(stream_run(&qp, &ten, &result), 0);
	assert_int_equal(result.peak_ns, 1000 + 3 * 100);
}

/* Whatever the result had before; one group of operations has a peak, too. */
static void run__its_result_is_set(void **state)
{
	struct stream_spec spec = ten;

	spec.count = 4;
	result.status = OP_REM_ACCESS_ERR;
	result.peak_ns = 1;
	result.completed = 77;
	assert_int_equal(stream_run(&qp, &spec, &result), 0);
	assert_int_equal(result.status, OP_SUCCESS);
	assert_int_equal(result.completed, 4);
	assert_int_equal(result.ns, 400);
	assert_int_equal(result.peak_ns, 400);
}

static void run__ends_at_the_first_failure(void **state)
{
	fake.fail_completion = 2;
	assert_int_equal(stream_run(&qp, &ten, &result), 0);
	assert_int_equal(result.status, OP_REM_ACCESS_ERR);
	assert_int_equal(result.completed, 3);
}

static void run__errors_are_returned(void **state)
{
	fake.poll_error = -EIO;
	assert_int_equal(stream_run(&qp, &ten, &result), -EIO);
	reset(NULL);
	fake.refuse_post = 1;
	assert_int_equal(stream_run(&qp, &ten, &result), -ENOMEM);
	assert_int_equal(fake.posted, 1);
}

/* 20 s without a completion end it, however long the whole has taken. */
static void run__silence(void **state)
{
	fake.step = 19 * NSEC_PER_SEC;
	assert_int_equal(stream_run(&qp, &ten, &result), 0);
	reset(NULL);
	fake.step = NSEC_PER_SEC;
	fake.silent_from = 7;
	assert_int_equal(stream_run(&qp, &ten, &result), -ETIMEDOUT);
	assert_int_equal(fake.now / NSEC_PER_SEC, 5 + 7 + 21);
}

static void run__refused(void **state)
{
	static const struct {
		unsigned int depth;
		uint64_t count;
	} rows[] = { { 0, 10 }, { STREAM_DEPTH + 1, 10 }, { 1, 0 } };
	struct stream_spec spec = ten;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capture c = capture_start(stderr);
		char text[256];
		int ret;

		spec.depth = rows[i].depth;
		spec.count = rows[i].count;
		ret = stream_run(&qp, &spec, &result);
		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, -EINVAL);
		assert_non_null(strstr(text, "a stream of depth"));
	}
	spec.depth = STREAM_DEPTH;
	spec.count = 100;
	assert_int_equal(stream_run(&qp, &spec, &result), 0);
	assert_int_equal(fake.in_flight_most, STREAM_DEPTH);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(run__all_at_its_depth, reset),
	cmocka_unit_test_setup(run__times_of_each_operation, reset),
	cmocka_unit_test_setup(run__peak_after_a_slow_start, reset),
	cmocka_unit_test_setup(run__its_result_is_set, reset),
	cmocka_unit_test_setup(run__ends_at_the_first_failure, reset),
	cmocka_unit_test_setup(run__errors_are_returned, reset),
	cmocka_unit_test_setup(run__silence, reset),
	cmocka_unit_test_setup(run__refused, reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
