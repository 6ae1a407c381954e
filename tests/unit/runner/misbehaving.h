/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * misbehaving.h - what scenarios of misbehaving.c share with the tests of isolate and run
 */
#ifndef ODPLAB_TESTS_MISBEHAVING_H
#define ODPLAB_TESTS_MISBEHAVING_H

#include <stdint.h>
#include <sys/types.h>

#include "env/pace.h"
#include "evidence/kernel_log.h"
#include "runner/outcome.h"

extern int given_signal;   /* that T-signal raises */
extern int kernel_pipe[2]; /* in the place of the kernel's log, for T-kernel */
extern pid_t *child;	   /* shared memory: the pid of T-child */

/*
 * Runs one of them by isolate_run(), on the fake side of a host of this pace. The caller
 * frees what is returned with outcome_free().
 */
struct outcome isolated(const char *id, uint64_t deadline_ns, const struct pace *pace,
			struct kernel_log *kernel);

#endif
