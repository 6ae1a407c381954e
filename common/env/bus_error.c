// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bus_error.c - SIGBUS: is a filesystem full? */
#include "env/bus_error.h"

#include <signal.h>

/* A handler gets no argument of ours. */
static bus_error_fn *judge_access;
static void *judge_arg;
static struct sigaction before;

static void on_bus_error(int number, siginfo_t *info, void *context)
{
	if (info->si_code == BUS_ADRERR && judge_access(judge_arg, info->si_addr))
		return;
	/* the access is repeated, and does what it did before */
	sigaction(SIGBUS, &before, NULL);
	if (info->si_code != BUS_ADRERR)
		raise(SIGBUS); /* there may be none */
}

void bus_errors_judge(bus_error_fn *judge, void *arg)
{
	struct sigaction action = { .sa_sigaction = on_bus_error,
				    .sa_flags = SA_SIGINFO };

	judge_access = judge;
	judge_arg = arg;
	sigaction(SIGBUS, &action, &before);
}

void bus_errors_leave(void)
{
	sigaction(SIGBUS, &before, NULL);
}
