/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* data.h - data files that come with a program: ../share/odplab, seen from its folder */
#ifndef ODPLAB_PROCESS_DATA_H
#define ODPLAB_PROCESS_DATA_H

#include <limits.h>

/*
 * The path of the file or folder @name, wherever the program was installed or copied to.
 * Returns
 * @path, or NULL where there is no such file.
 */
const char *data_path(const char *name, char path[PATH_MAX]);

#endif
