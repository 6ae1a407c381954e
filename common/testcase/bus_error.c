// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bus_error.c - SIGBUS in a scenario's process: is a filesystem full? */
#include "testcase/bus_error.h"

#include <signal.h>
#include <stdio.h>

#include "testcase/test.h"

/* A handler gets no argument of ours. */
static struct test *running;
static struct sigaction before;

/*
 * What is called here is not safe in every handler, but in this one: the access that failed is to
 * memory of a region, and the code that makes it holds no lock of the C library.
 */
static void on_bus_error(int number, siginfo_t *info, void *context)
{
	char lack[SHORTAGE_TEXT], why[32 + SHORTAGE_TEXT];

	/* the access is repeated, and does what it did before */
	sigaction(SIGBUS, &before, NULL);
	if (info->si_code != BUS_ADRERR)
		raise(SIGBUS); /* there may be none */
	if (info->si_code != BUS_ADRERR || !test_lacks_space(running, lack))
		return;
	snprintf(why, sizeof(why), "crashed: Bus error: %s", lack);
	test_end(running, VERDICT_ERROR, why);
}

void bus_errors_judge(struct test *t)
{
	struct sigaction action = { .sa_sigaction = on_bus_error,
				    .sa_flags = SA_SIGINFO };

	running = t;
	sigaction(SIGBUS, &action, &before);
}
