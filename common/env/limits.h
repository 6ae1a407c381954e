/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * limits.h - resource limits of this process that would fail scenarios in the place of
 * the device
 */
#ifndef ODPLAB_ENV_LIMITS_H
#define ODPLAB_ENV_LIMITS_H

/*
 * Raises the soft limits that are too low, as far as the hard ones allow: open files,
 * stack, address space (setrlimit(2)). Returns 0, or -ENOSR after one line that names the
 * limit and the remedy.
 */
int limits_raise(void);

#endif
