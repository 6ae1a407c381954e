/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * subprocess.h - a forked process that dies with the one that started it
 *
 * It gets a copy of all memory and of all descriptors. What the two say to each other is
 * the caller's: worker.h adds messages over a socket.
 */
#ifndef ODPLAB_PROCESS_SUBPROCESS_H
#define ODPLAB_PROCESS_SUBPROCESS_H

#include <stdint.h>
#include <sys/types.h>

struct subprocess {
	pid_t pid; /* 0: not running */
	/* once it has ended: */
	int status;	   /* as waitpid() reports it */
	uint64_t peak_rss; /* bytes: the most memory of it or of one of its children */
};

/* What the process runs. Returns its exit status. */
typedef int subprocess_fn(void *arg);

/* None of these logs. Returns 0 or -errno. */
int subprocess_start(struct subprocess *process, subprocess_fn *main, void *arg);

/*
 * Waits until it has ended, until @deadline by clock_ns() at most. Returns 0; -ETIMEDOUT,
 * or -EINTR where signals_noted(): it still runs; -ECHILD where it was not running.
 */
int subprocess_wait(struct subprocess *process, uint64_t deadline);

/*
 * Likewise after SIGKILL, whatever signals_noted(): -ETIMEDOUT where the kernel has not
 * let it end. That takes a while where a device hangs.
 */
int subprocess_kill(struct subprocess *process, uint64_t deadline);

#endif
