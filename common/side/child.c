// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* child.c - a side in a process of its own, which can be killed */
#include "side/child.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "env/deadline.h"
#include "env/env.h"
#include "env/patience.h"
#include "process/worker.h"

#define ANSWER_NS (20 * NSEC_PER_SEC)

struct child_side {
	struct side side;
	struct worker worker;
	/* what the process opens */
	struct env *env;
	enum side_role role;
};

struct answer {
	int ret;
	struct side_reply reply;
};

static bool send_answer(int socket, const struct answer *answer)
{
	return write(socket, answer, sizeof(*answer)) == sizeof(*answer);
}

/* The process: opens its side, and serves requests until the parent closes the socket. */
static int serve(int socket, void *arg)
{
	struct child_side *child = arg;
	struct side_request request;
	struct answer answer = { 0 };
	struct side *side;

	answer.ret = side_open(&side, child->env, child->role);
	if (!send_answer(socket, &answer) || answer.ret)
		return 1;
	while (read(socket, &request, sizeof(request)) == sizeof(request)) {
		answer.ret = side_call(side, &request, &answer.reply);
		if (!send_answer(socket, &answer))
			return 1;
	}
	return 0;
}

/* Within a deadline that may move, as those of the requests that the process serves. */
static int receive(struct child_side *child, struct answer *answer)
{
	struct deadline deadline =
		deadline_in(&child->env->pace, env_patience(child->env, ANSWER_NS));
	int ret;

	do
		ret = worker_receive(&child->worker, answer, sizeof(*answer),
				     (int)(deadline_left(&deadline) / NSEC_PER_MSEC) + 1);
	while (ret == -ETIMEDOUT && !deadline_passed(&deadline));
	return ret;
}

static int child_call(struct side *base, const struct side_request *request,
		      struct side_reply *reply)
{
	struct child_side *child = container_of(base, struct child_side, side);
	struct answer answer;
	int ret;

	*reply = (struct side_reply){ 0 };
	if (request->kind == SIDE_STREAM)
		return -EOPNOTSUPP;
	ret = worker_send(&child->worker, request, sizeof(*request));
	if (!ret)
		ret = receive(child, &answer);
	if (ret)
		return log_errno(ret, "request %u of a side in a process of its own",
				 request->kind);
	*reply = answer.reply;
	return answer.ret;
}

int child_side_kill(struct side *base)
{
	struct child_side *child = container_of(base, struct child_side, side);
	uint64_t patience_ns = env_patience(child->env, ANSWER_NS);
	int ret = worker_kill(&child->worker, (int)(patience_ns / NSEC_PER_MSEC));

	free(child);
	return ret;
}

/* Nothing was asked, so that nothing comes but the end of the socket. */
int child_side_wait(struct side *base)
{
	struct child_side *child = container_of(base, struct child_side, side);
	struct answer answer;
	int ret = receive(child, &answer);

	return ret == -ECHILD ? child_side_kill(base) : ret ? ret : -EBADMSG;
}

static void child_close(struct side *side)
{
	child_side_kill(side);
}

/* Starts the process and waits for its first answer: is its side open? */
static int start(struct child_side *child)
{
	struct answer answer;
	int ret = worker_start(&child->worker, serve, child);

	if (ret)
		return log_errno(ret, "a process for a side");
	ret = receive(child, &answer);
	return ret ? log_errno(ret, "no answer from the process of a side") : answer.ret;
}

int child_side_open(struct side **out, struct env *env, enum side_role role)
{
	struct child_side *child = calloc(1, sizeof(*child));
	int ret;

	if (!child)
		return log_errno(ENOMEM, "a side");
	child->side = (struct side){ child_call, child_close };
	child->env = env;
	child->role = role;
	ret = start(child);
	if (ret) {
		child_side_kill(&child->side);
		return ret;
	}
	*out = &child->side;
	return 0;
}
