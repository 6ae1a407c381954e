/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* report_pipe.h - what the process of a scenario reports through its pipe */
#ifndef ODPLAB_RUNNER_REPORT_PIPE_H
#define ODPLAB_RUNNER_REPORT_PIPE_H

#include "env/deadline.h"
#include "runner/outcome.h"

/*
 * Reads JSON lines (see testcase/test.h) into @outcome, until the verdict. Returns 0,
 * -EPIPE (the process is gone without a verdict), -ETIMEDOUT, -EINTR (a signal asks the
 * run to end), -EMSGSIZE (it reports too much) or -ENOMEM.
 */
int report_pipe_read(int fd, struct deadline *deadline, struct outcome *outcome);

#endif
