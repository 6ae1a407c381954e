/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * misbehaving.h - what scenarios of misbehaving.c share with the tests of isolate and run
 */
#ifndef ODPLAB_TESTS_MISBEHAVING_H
#define ODPLAB_TESTS_MISBEHAVING_H

#include <sys/types.h>

extern int given_signal;   /* that T-signal raises */
extern int kernel_pipe[2]; /* in the place of the kernel's log, for T-kernel */
extern pid_t *child;	   /* shared memory: the pid of T-child */

#endif
