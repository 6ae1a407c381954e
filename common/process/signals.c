// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* signals.c - signals that ask a program to end */
#include "process/signals.h"

#include <signal.h>
#include <stddef.h>

#include "base/util.h"

static const int requests[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t noted;

static void note(int signal)
{
	noted = signal;
	/* it may have to be sent again where the end takes too long */
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		sigaction(requests[i], &(struct sigaction){ .sa_handler = SIG_DFL },
			  NULL);
}

static void set(int signal, void (*handler)(int), int flags)
{
	struct sigaction now;

	sigaction(signal, NULL, &now);
	if (now.sa_handler != SIG_IGN || signal == SIGPIPE)
		sigaction(signal,
			  &(struct sigaction){ .sa_handler = handler, .sa_flags = flags },
			  NULL);
}

/* The handlers of a sanitizer stay, as its report has more than the signal. */
static void crash_by_signal(void)
{
#ifndef __SANITIZE_ADDRESS__
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };

	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++)
		set(crashes[i], SIG_DFL, 0);
#endif
	set(SIGABRT, SIG_DFL, 0);
}

void signals_note(void)
{
	crash_by_signal();
	set(SIGPIPE, SIG_IGN, 0);
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		set(requests[i], note, SA_RESTART);
}

int signals_noted(void)
{
	return noted;
}

void signals_reset(void)
{
	crash_by_signal();
	set(SIGPIPE, SIG_DFL, 0);
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		set(requests[i], SIG_DFL, 0);
}
