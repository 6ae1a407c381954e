/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * bus_error.h - SIGBUS: is a filesystem full?
 *
 * The kernel sends it where the CPU touches a page for which the filesystem has no block.
 * Whether it is full is asked in the handler, while the process still holds what it had:
 * once it is dead its unnamed files are gone, and their blocks are free.
 */
#ifndef ODPLAB_ENV_BUS_ERROR_H
#define ODPLAB_ENV_BUS_ERROR_H

#include <stdbool.h>

/*
 * In the thread that has touched @address. Returns whether the access succeeds when it is
 * repeated; if not, SIGBUS does what it did before. It may call what is not safe in every
 * handler: the access that failed is to memory of a region, and the code that makes it
 * holds no lock of the C library.
 */
typedef bool bus_error_fn(void *arg, void *address);

/*
 * From now on @judge is called for each access to a page that is not there. One in a
 * process.
 */
void bus_errors_judge(bus_error_fn *judge, void *arg);

/* SIGBUS does again what it did before. */
void bus_errors_leave(void);

#endif
