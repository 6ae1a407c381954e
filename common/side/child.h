/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* child.h - a side in a process of its own, which can be killed */
#ifndef ODPLAB_SIDE_CHILD_H
#define ODPLAB_SIDE_CHILD_H

#include "side/side.h"

/* Everything but SIDE_STREAM; a request that is not answered in time is -ETIMEDOUT. */
side_open_fn child_side_open;

/*
 * Kills the process and waits for its end; the side is gone then, also on an error.
 * Returns 0, or -ETIMEDOUT where the kernel does not let it end.
 */
int child_side_kill(struct side *base);

/*
 * Waits for the process to end by itself. Returns 0, and the side is gone then; or
 * -ETIMEDOUT where it lives on.
 */
int child_side_wait(struct side *base);

#endif
