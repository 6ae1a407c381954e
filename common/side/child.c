// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* child.c - a side in a process of its own, which can be killed */
#include "side/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/util.h"
#include "env/env.h"

#define ANSWER_MSEC 20000
#define DEATH_NS    (5 * NSEC_PER_SEC)

struct child_side {
	struct side side;
	int socket;
	pid_t pid;
};

struct answer {
	int ret;
	struct side_reply reply;
};

static int send_all(int socket, const void *data, size_t len)
{
	for (const char *at = data; len;) {
		ssize_t n = send(socket, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return n ? -errno : -EPIPE;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* @msec: -1 waits for as long as the other end lives */
static int receive_all(int socket, void *data, size_t len, int msec)
{
	struct pollfd poll_fd = { .fd = socket, .events = POLLIN };

	for (char *at = data; len;) {
		ssize_t n;

		if (poll(&poll_fd, 1, msec) <= 0)
			return -ETIMEDOUT;
		n = recv(socket, at, len, 0);
		if (n <= 0)
			return n ? -errno : -EPIPE;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The child: serves requests until the parent closes the socket. */
static void serve(struct env *env, enum side_role role, int socket, pid_t parent)
{
	struct side_request request;
	struct answer answer = { 0 };
	struct side *side;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	answer.ret = side_open(&side, env, role);
	if (send_all(socket, &answer, sizeof(answer)) || answer.ret)
		_exit(1);
	while (!receive_all(socket, &request, sizeof(request), -1)) {
		answer.ret = side_call(side, &request, &answer.reply);
		if (send_all(socket, &answer, sizeof(answer)))
			break;
	}
	_exit(0);
}

static int child_call(struct side *base, const struct side_request *request,
		      struct side_reply *reply)
{
	struct child_side *side = container_of(base, struct child_side, side);
	struct answer answer;
	int ret;

	*reply = (struct side_reply){ 0 };
	if (request->kind == SIDE_STREAM)
		return -EOPNOTSUPP;
	ret = send_all(side->socket, request, sizeof(*request));
	if (!ret)
		ret = receive_all(side->socket, &answer, sizeof(answer), ANSWER_MSEC);
	if (ret)
		return log_errno(ret, "request %u of a side in a process of its own",
				 request->kind);
	*reply = answer.reply;
	return answer.ret;
}

int child_side_kill(struct side *base)
{
	struct child_side *side = container_of(base, struct child_side, side);
	uint64_t deadline = clock_ns() + DEATH_NS;
	int ret = 0;

	kill(side->pid, SIGKILL);
	while (!ret && waitpid(side->pid, NULL, WNOHANG) != side->pid) {
		if (clock_passed(deadline))
			ret = -ETIMEDOUT;
		clock_sleep_ns(NSEC_PER_MSEC);
	}
	close(side->socket);
	free(side);
	return ret;
}

static void child_close(struct side *side)
{
	child_side_kill(side);
}

/* Waits for the first answer of the child: is its side open? */
static int await_opening(struct child_side *side)
{
	struct answer answer;
	int ret = receive_all(side->socket, &answer, sizeof(answer), ANSWER_MSEC);

	return ret ? ret : answer.ret;
}

int child_side_open(struct side **out, struct env *env, enum side_role role)
{
	struct child_side *side = calloc(1, sizeof(*side));
	pid_t parent = getpid();
	int sockets[2], ret;

	if (!side)
		return log_errno(ENOMEM, "a side");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) {
		ret = log_errno(errno, "sockets of a side");
		goto err_free;
	}
	side->pid = fork();
	if (side->pid < 0) {
		ret = log_errno(errno, "a process for a side");
		close(sockets[0]);
		close(sockets[1]);
		goto err_free;
	}
	if (!side->pid) {
		close(sockets[0]);
		serve(env, role, sockets[1], parent);
	}
	close(sockets[1]);
	side->socket = sockets[0];
	side->side = (struct side){ child_call, child_close };
	ret = await_opening(side);
	if (ret) {
		child_side_kill(&side->side);
		return ret;
	}
	*out = &side->side;
	return 0;

err_free:
	free(side);
	return ret;
}
