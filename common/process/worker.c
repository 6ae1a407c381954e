// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * worker.c - a forked process that does one thing, and a socket for messages to and from
 * it
 */
#include "process/worker.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

/* At least, where one that should have ended by itself is killed. */
#define KILL_MS 10000

/* What the process needs to begin with. */
struct beginning {
	worker_fn *main;
	void *arg;
	int ends[2];
};

static int begin(void *arg)
{
	struct beginning *with = arg;

	close(with->ends[0]);
	return with->main(with->ends[1], with->arg);
}

int worker_start(struct worker *worker, worker_fn *main, void *arg)
{
	struct beginning with = { .main = main, .arg = arg };
	int ret;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, with.ends))
		return -errno;
	worker->socket = with.ends[0];
	ret = subprocess_start(&worker->process, begin, &with);
	if (ret)
		close(with.ends[0]);
	close(with.ends[1]);
	return ret;
}

int worker_send(const struct worker *worker, const void *message, size_t len)
{
	if (!worker->process.pid ||
	    send(worker->socket, message, len, MSG_NOSIGNAL) != (ssize_t)len)
		return -ECHILD;
	return 0;
}

int worker_receive(const struct worker *worker, void *message, size_t len, int timeout_ms)
{
	struct pollfd ready = { .fd = worker->socket, .events = POLLIN };
	int n;

	if (!worker->process.pid)
		return -ECHILD;
	n = poll(&ready, 1, timeout_ms);
	if (n != 1)
		return n ? -errno : -ETIMEDOUT;
	return recv(worker->socket, message, len, 0) == (ssize_t)len ? 0 : -ECHILD;
}

static void hang_up(const struct worker *worker)
{
	if (worker->process.pid)
		close(worker->socket);
}

static uint64_t after_ms(int ms)
{
	return clock_ns() + (uint64_t)ms * NSEC_PER_MSEC;
}

int worker_wait(struct worker *worker, int timeout_ms)
{
	int ret;

	hang_up(worker);
	ret = subprocess_wait(&worker->process, after_ms(timeout_ms));
	if (ret)
		subprocess_kill(&worker->process,
				after_ms(timeout_ms > KILL_MS ? timeout_ms : KILL_MS));
	worker->process.pid = 0;
	return ret;
}

int worker_kill(struct worker *worker, int timeout_ms)
{
	int ret;

	hang_up(worker);
	ret = subprocess_kill(&worker->process, after_ms(timeout_ms));
	worker->process.pid = 0;
	return ret;
}
