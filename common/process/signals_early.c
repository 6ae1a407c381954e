// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * signals_early.c - holds signals back while libraries are loaded
 *
 * Linked into the programs that call signals_let_in() only: in others nothing would let
 * them in.
 */
#include <signal.h>
#include <stddef.h>

#include "process/signals.h"

/* AddressSanitizer is not ready for a call this early. */
#ifndef __SANITIZE_ADDRESS__
static sigset_t before;

static void hold(void)
{
	sigset_t requests;

	sigemptyset(&requests);
	sigaddset(&requests, SIGINT);
	sigaddset(&requests, SIGTERM);
	sigaddset(&requests, SIGHUP);
	sigprocmask(SIG_BLOCK, &requests, &before);
}

/* The loader runs these functions before the constructors of any library. */
static void (*const entry)(void) __attribute__((section(".preinit_array"), used)) = hold;

void signals_let_in(void)
{
	sigprocmask(SIG_SETMASK, &before, NULL);
}
#else
void signals_let_in(void)
{
}
#endif
