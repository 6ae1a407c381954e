/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* calls.h - which functions a function of the kernel calls, and from where */
#ifndef ODPLAB_KERNEL_CALLS_H
#define ODPLAB_KERNEL_CALLS_H

#include <stdio.h>

struct kernel_symbols;

/*
 * Prints a line "NAME+entry: ADDRESS" for each of the @n functions that this kernel has,
 * and "NAME+call=CALLEE: ADDRESS..." for each function that it calls by its address: as
 * places (place.h), with the instructions that they are. Calls through pointers are not
 * seen. Returns 0 or -errno.
 */
int kernel_calls_print(FILE *out, const struct kernel_symbols *symbols,
		       char *const *names, int n);

#endif
