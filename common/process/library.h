/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* library.h - which file of a shared library this process uses */
#ifndef ODPLAB_PROCESS_LIBRARY_H
#define ODPLAB_PROCESS_LIBRARY_H

#include <limits.h>

/*
 * @name: "libibverbs.so". Fills @file with the name of the file after all symbolic links,
 * as "libibverbs.so.1.14.44.0": where there is no call that returns it, this is the
 * version. Returns
 * @file, or NULL where the library is not loaded.
 */
const char *library_file(const char *name, char file[NAME_MAX + 1]);

#endif
