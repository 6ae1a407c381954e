// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fork_child.c - a forked child that has a copy of all memory, and looks at it when it is told */
#include "region/fork_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define PATIENCE_MS 10000

struct order {
	unsigned char *addr;
	uint64_t pattern_offset;
	size_t len;
	struct pattern pattern;
	bool store; /* else check */
};

struct answer {
	int ret;
	struct mismatch mismatch;
};

static void execute(const struct order *order, struct answer *answer)
{
	*answer = (struct answer){ 0 };
	if (order->store)
		pattern_fill(order->addr, order->pattern_offset, order->len,
			     order->pattern);
	else
		answer->ret = pattern_check(order->addr, order->pattern_offset,
					    order->len, order->pattern,
					    &answer->mismatch);
}

/* The child's life: nothing but its memory and the socket is of interest to it. */
static void child_main(int socket, pid_t parent)
{
	struct order order;
	struct answer answer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	while (read(socket, &order, sizeof(order)) == sizeof(order)) {
		execute(&order, &answer);
		if (write(socket, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

int fork_child_begin(struct fork_child *child)
{
	pid_t parent = getpid();
	int ends[2];

	if (child->pid)
		return log_errno(EBUSY, "two children at once");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return log_errno(errno, "a socket to a child");
	child->pid = fork();
	if (!child->pid) {
		close(ends[0]);
		child_main(ends[1], parent);
	}
	close(ends[1]);
	child->socket = ends[0];
	if (child->pid > 0)
		return 0;
	close(ends[0]);
	child->pid = 0;
	return log_errno(errno, "fork");
}

static int command(struct fork_child *child, const struct order *order,
		   struct answer *answer)
{
	struct pollfd ready = { .fd = child->socket, .events = POLLIN };

	if (!child->pid ||
	    send(child->socket, order, sizeof(*order), MSG_NOSIGNAL) != sizeof(*order))
		return log_errno(ECHILD, "a forked child");
	if (poll(&ready, 1, PATIENCE_MS) != 1)
		return log_errno(ETIMEDOUT, "a forked child");
	/* one that died of its order leaves no answer */
	if (read(child->socket, answer, sizeof(*answer)) != sizeof(*answer))
		return log_errno(ECHILD, "a forked child");
	return answer->ret;
}

int fork_child_store(struct fork_child *child, void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p)
{
	struct order order = { addr, pattern_offset, len, p, true };
	struct answer answer;

	return command(child, &order, &answer);
}

int fork_child_check(struct fork_child *child, const void *addr, uint64_t pattern_offset,
		     size_t len, struct pattern p, struct mismatch *mismatch)
{
	struct order order = { (unsigned char *)(uintptr_t)addr, pattern_offset, len, p,
			       false };
	struct answer answer = { 0 };
	int ret = command(child, &order, &answer);

	*mismatch = answer.mismatch;
	return ret;
}

int fork_child_end(struct fork_child *child)
{
	pid_t pid = child->pid;

	if (!pid)
		return log_errno(ECHILD, "end a child");
	child->pid = 0;
	close(child->socket);
	return waitpid(pid, NULL, 0) == pid ? 0 : log_errno(errno, "wait for a child");
}
