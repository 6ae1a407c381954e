// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* child.c - a side in a process of its own: what it answers, and how it is lost */
#include "side/child.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture.h"
#include "env/env.h"
#include "process/worker.h"
#include "side/side.h"

/* The side of the child: it answers with .len, or does what .kind asks. */
static int serve(struct side *side, const struct side_request *request,
		 struct side_reply *reply)
{
	*reply = (struct side_reply){ .number = request->len };
	switch (request->kind) {
	case SIDE_REOPEN:
		return -EBADRQC;
	case SIDE_REMOVE_DEVICE:
		raise(SIGKILL);
		return 0;
	case SIDE_PINNED:
		reply->number = (uint64_t)getpid();
		return 0;
	default:
		return 0;
	}
}

/* As its side is opened. */
static bool dies;

static void close_side(struct side *side)
{
	free(side);
}

static int open_side(struct side **side, struct env *env, enum side_role role)
{
	if (role == INITIATOR)
		return -ENODEV;
	if (dies)
		raise(SIGKILL);
	*side = calloc(1, sizeof(**side));
	if (!*side)
		return -ENOMEM;
	**side = (struct side){ serve, close_side };
	return 0;
}

static struct env env = { .open_side = open_side };

/* What stands in place of a process that cannot be started, or does not end. */
static int start_error, kill_error, receive_error;
/* how long its end, and its last answer, were waited for at most */
static int kill_ms, receive_ms;

int __real_worker_start(struct worker *worker, worker_fn *fn, void *arg);
int __wrap_worker_start(struct worker *worker, worker_fn *fn, void *arg);
int __wrap_worker_start(struct worker *worker, worker_fn *fn, void *arg)
{
	return start_error ? start_error : __real_worker_start(worker, fn, arg);
}

int __real_worker_kill(struct worker *worker, int timeout_ms);
int __wrap_worker_kill(struct worker *worker, int timeout_ms);
int __wrap_worker_kill(struct worker *worker, int timeout_ms)
{
	int ret = __real_worker_kill(worker, timeout_ms);

	kill_ms = timeout_ms;

	return kill_error ? kill_error : ret;
}

int __real_worker_receive(const struct worker *worker, void *message, size_t len,
			  int timeout_ms);
int __wrap_worker_receive(const struct worker *worker, void *message, size_t len,
			  int timeout_ms);
int __wrap_worker_receive(const struct worker *worker, void *message, size_t len,
			  int timeout_ms)
{
	receive_ms = timeout_ms;
	if (receive_error)
		return receive_error;
	return __real_worker_receive(worker, message, len, timeout_ms);
}

static int ask(struct side *side, enum request_kind kind, uint64_t len,
	       struct side_reply *reply)
{
	struct side_request request = { .kind = kind, .len = len };

	/* as a caller leaves it: on its stack, with what was there */
	memset(reply, 0xa5, sizeof(*reply));
	return side_call(side, &request, reply);
}

static void call__is_served_by_another_process(void **state)
{
	struct side_reply reply;
	struct side *side;
	pid_t pid;

	assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
	assert_int_equal(ask(side, SIDE_WAIT, 42, &reply), 0);
	assert_int_equal(reply.number, 42);
	assert_int_equal(ask(side, SIDE_PINNED, 0, &reply), 0);
	assert_int_not_equal(reply.number, getpid());
	assert_int_equal(kill((pid_t)reply.number, 0), 0);
	pid = (pid_t)reply.number;
	assert_int_equal(ask(side, SIDE_REOPEN, 43, &reply), -EBADRQC);
	assert_int_equal(reply.number, 43);
	side->close(side);
	assert_int_equal(kill(pid, 0), -1);
}

static void call__no_stream(void **state)
{
	struct side_reply reply, zeros = { 0 };
	struct side *side;

	assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
	assert_int_equal(ask(side, SIDE_STREAM, 0, &reply), -EOPNOTSUPP);
	assert_memory_equal(&reply, &zeros, sizeof(reply));
	side->close(side);
}

/* The reply is zeros then: a caller may look at it. */
static void call__the_process_has_died(void **state)
{
	struct side_reply reply, zeros = { 0 };
	struct side *side;
	struct capture c;
	char text[256];
	int ret;

	assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
	for (int again = 0; again < 2; again++) {
		c = capture_start(stderr);
		ret = ask(side, SIDE_REMOVE_DEVICE, 7, &reply);
		capture_end(&c, text, sizeof(text));
		assert_int_equal(ret, -ECHILD);
		assert_non_null(strstr(text, "process of its own"));
		assert_memory_equal(&reply, &zeros, sizeof(reply));
	}
	assert_int_equal(child_side_kill(side), 0);
}

static void no_process_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void open__its_error_is_returned(void **state)
{
	struct side *side;

	assert_int_equal(child_side_open(&side, &env, INITIATOR), -ENODEV);
	no_process_is_left();
}

static void open_fails(int error, const char *says)
{
	struct side *side = NULL;
	struct capture c = capture_start(stderr);
	char text[256];
	int ret = child_side_open(&side, &env, RESPONDER);

	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, error);
	assert_non_null(strstr(text, says));
	assert_null(side);
	no_process_is_left();
}

static void open__the_process_dies(void **state)
{
	dies = true;
	open_fails(-ECHILD, "no answer from the process of a side");
	dies = false;
}

static void open__there_is_no_process(void **state)
{
	start_error = -EAGAIN;
	open_fails(-EAGAIN, "a process for a side");
	start_error = 0;
}

static void kill__the_process_is_gone(void **state)
{
	struct side_reply reply;
	struct side *side;

	assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
	assert_int_equal(ask(side, SIDE_PINNED, 0, &reply), 0);
	assert_int_equal(child_side_kill(side), 0);
	assert_int_equal(kill((pid_t)reply.number, 0), -1);
	assert_int_equal(errno, ESRCH);
	no_process_is_left();
	assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
	kill_error = -ETIMEDOUT;
	assert_int_equal(child_side_kill(side), -ETIMEDOUT);
	kill_error = 0;
}

/* One that was killed has ended, one that lives is waited for and stays. */
static void wait__for_the_end_of_the_process(void **state)
{
	struct side_reply reply;
	struct side *side;

	assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
	receive_error = -EINTR;
	assert_int_equal(child_side_wait(side), -EINTR);
	receive_error = 0;
	assert_int_equal(ask(side, SIDE_PINNED, 0, &reply), 0);
	assert_int_equal(kill((pid_t)reply.number, SIGKILL), 0);
	assert_int_equal(child_side_wait(side), 0);
	no_process_is_left();
}

static void deadlines__follow_the_pace(void **state)
{
	struct side_reply reply;
	struct side *side;

	for (int times = 1; times < 4; times += 2) {
		env.pace.factor = times;
		assert_int_equal(child_side_open(&side, &env, RESPONDER), 0);
		assert_int_equal(ask(side, SIDE_PINNED, 0, &reply), 0);
		assert_in_range(receive_ms, times * 19000, times * 20000 + 1);
		assert_int_equal(child_side_kill(side), 0);
		assert_int_equal(kill_ms, times * 20000);
	}
	env.pace.factor = 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(call__is_served_by_another_process),
	cmocka_unit_test(call__no_stream),
	cmocka_unit_test(call__the_process_has_died),
	cmocka_unit_test(open__its_error_is_returned),
	cmocka_unit_test(open__the_process_dies),
	cmocka_unit_test(open__there_is_no_process),
	cmocka_unit_test(kill__the_process_is_gone),
	cmocka_unit_test(wait__for_the_end_of_the_process),
	cmocka_unit_test(deadlines__follow_the_pace),
};

int main(void)
{
	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
