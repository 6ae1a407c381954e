/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * signals.h - signals that ask a program to end
 *
 * A library may catch them first: libinfinipath, which Debian 12's libfabric loads,
 * catches SIGINT, SIGTERM and crashes, and calls exit(1) from the handler. It hides the
 * signal, and deadlocks where the signal met a lock that an exit handler takes.
 */
#ifndef ODPLAB_PROCESS_SIGNALS_H
#define ODPLAB_PROCESS_SIGNALS_H

/*
 * At the beginning of main(): from now on SIGINT, SIGTERM and SIGHUP are noted, for a run
 * that winds itself up. A second one ends the process at once, as does any other signal.
 * One that the process was started to ignore stays ignored. A write to a pipe without a
 * reader fails with EPIPE.
 */
void signals_note(void);

/*
 * After signals_note(): lets in the signals that were held back since the program
 * started, before the constructor of any library ran. Link it into programs that call it
 * in main().
 */
void signals_let_in(void);

/* The signal that was noted, or 0. */
int signals_noted(void);

/* In a forked process: each signal does again what it does by default. */
void signals_reset(void);

#endif
