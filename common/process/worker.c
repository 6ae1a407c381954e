// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* worker.c - a forked process that does one thing, and a socket for messages to and from it */
#include "process/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/signals.h"

/* A killed process may sit in the kernel for a while, which a device that hangs makes long. */
#define KILL_PATIENCE_NS (10 * NSEC_PER_SEC)

int worker_start(struct worker *worker, worker_fn *main, void *arg)
{
	pid_t parent = getpid();
	int ends[2], ret = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	worker->socket = ends[0];
	worker->pid = fork();
	if (!worker->pid) {
		close(ends[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signals_reset();
		/* the parent may have died before prctl() */
		_exit(getppid() == parent ? main(ends[1], arg) : 1);
	}
	if (worker->pid < 0) {
		ret = -errno;
		worker->pid = 0;
		close(ends[0]);
	}
	close(ends[1]);
	return ret;
}

int worker_send(const struct worker *worker, const void *message, size_t len)
{
	if (!worker->pid ||
	    send(worker->socket, message, len, MSG_NOSIGNAL) != (ssize_t)len)
		return -ECHILD;
	return 0;
}

int worker_receive(const struct worker *worker, void *message, size_t len, int timeout_ms)
{
	struct pollfd ready = { .fd = worker->socket, .events = POLLIN };
	int n;

	if (!worker->pid)
		return -ECHILD;
	n = poll(&ready, 1, timeout_ms);
	if (n != 1)
		return n ? -errno : -ETIMEDOUT;
	return recv(worker->socket, message, len, 0) == (ssize_t)len ? 0 : -ECHILD;
}

static int reap(pid_t pid, uint64_t patience_ns)
{
	uint64_t deadline = clock_ns() + patience_ns;
	pid_t ended;

	while (!(ended = waitpid(pid, NULL, WNOHANG))) {
		if (clock_passed(deadline))
			return -ETIMEDOUT;
		clock_sleep_ns(NSEC_PER_MSEC / 10);
	}
	return ended == pid ? 0 : -errno;
}

static int kill_and_reap(pid_t pid)
{
	kill(pid, SIGKILL);
	return reap(pid, KILL_PATIENCE_NS);
}

/* Returns its pid; 0: it is not running. */
static pid_t hang_up(struct worker *worker)
{
	pid_t pid = worker->pid;

	if (pid)
		close(worker->socket);
	worker->pid = 0;
	return pid;
}

int worker_wait(struct worker *worker, int timeout_ms)
{
	pid_t pid = hang_up(worker);
	int ret = pid ? reap(pid, (uint64_t)timeout_ms * NSEC_PER_MSEC) : -ECHILD;

	if (ret == -ETIMEDOUT)
		kill_and_reap(pid);
	return ret;
}

int worker_kill(struct worker *worker)
{
	pid_t pid = hang_up(worker);

	return pid ? kill_and_reap(pid) : -ECHILD;
}
