/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* leftovers.h - what runs that were killed have left on a host */
#ifndef ODPLAB_ENV_LEFTOVERS_H
#define ODPLAB_ENV_LEFTOVERS_H

#include <stdio.h>

/*
 * Removes tracer instances and control groups, restores settings, and gives the results
 * of those runs in @directory their names. Prints how many there were of each, a line
 * each, or that there was nothing.
 */
void leftovers_remove(const char *directory, FILE *out);

#endif
