/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * worker.h - a forked process that does one thing, and a socket for messages to and from
 * it
 *
 * It answers within a deadline or is given up. Messages keep their boundaries
 * (SOCK_SEQPACKET).
 */
#ifndef ODPLAB_PROCESS_WORKER_H
#define ODPLAB_PROCESS_WORKER_H

#include <stddef.h>

#include "process/subprocess.h"

struct worker {
	struct subprocess process;
	int socket; /* to it, while it runs */
};

/* What the process runs, with its end of the socket. Returns its exit status. */
typedef int worker_fn(int socket, void *arg);

/* None of these logs. Returns 0 or -errno. */
int worker_start(struct worker *worker, worker_fn *main, void *arg);

/* Returns 0, or -ECHILD where the worker has ended. */
int worker_send(const struct worker *worker, const void *message, size_t len);

/*
 * Waits for a message of @len bytes. Returns 0, -ETIMEDOUT, or -ECHILD where the worker
 * ended without it or sent something else; -EINTR where a signal came first.
 */
int worker_receive(const struct worker *worker, void *message, size_t len,
		   int timeout_ms);

/*
 * Closes the socket and waits until the worker has ended: by itself, or (worker_kill) by
 * SIGKILL. Both return 0 or -errno: -ECHILD where it is not running; -ETIMEDOUT where it
 * did not end in time, or -EINTR where signals_noted() (worker_wait: it is killed then);
 * -ETIMEDOUT, too, where the kernel does not let it end. The worker is given up in any
 * case.
 */
int worker_wait(struct worker *worker, int timeout_ms);
int worker_kill(struct worker *worker, int timeout_ms);

#endif
