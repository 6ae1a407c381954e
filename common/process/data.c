// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data.c - data files that come with a program */
#include "process/data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *data_path(const char *name, char path[PATH_MAX])
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	program[n] = '\0';
	slash = strrchr(program, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	n = snprintf(path, PATH_MAX, "%s/../share/odplab/%s", program, name);
	return n < PATH_MAX && !access(path, F_OK) ? path : NULL;
}
