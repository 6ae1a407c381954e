// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* subprocess.c - a forked process that dies with the one that started it */
#include "process/subprocess.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "process/signals.h"

#define POLL_NS (NSEC_PER_MSEC / 10)

int subprocess_start(struct subprocess *process, subprocess_fn *main, void *arg)
{
	pid_t parent = getpid(), pid = fork();

	*process = (struct subprocess){ .pid = pid > 0 ? pid : 0 };
	if (pid)
		return pid > 0 ? 0 : -errno;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_reset();
	/* the parent may have died before prctl() */
	_exit(getppid() == parent ? main(arg) : 1);
}

/* Returns 0, -ETIMEDOUT or -ECHILD; -EINTR only where @until_signal. */
static int reap(struct subprocess *process, uint64_t deadline, bool until_signal)
{
	struct rusage usage;
	pid_t ended;

	if (!process->pid)
		return -ECHILD;
	while (!(ended = wait4(process->pid, &process->status, WNOHANG, &usage))) {
		if (clock_passed(deadline))
			return -ETIMEDOUT;
		if (until_signal && signals_noted())
			return -EINTR;
		clock_sleep_ns(POLL_NS);
	}
	process->pid = 0;
	if (ended < 0)
		return -errno;
	process->peak_rss = KiB((uint64_t)usage.ru_maxrss);
	return 0;
}

int subprocess_wait(struct subprocess *process, uint64_t deadline)
{
	return reap(process, deadline, true);
}

int subprocess_kill(struct subprocess *process, uint64_t deadline)
{
	if (process->pid)
		kill(process->pid, SIGKILL);
	return reap(process, deadline, false);
}
