// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* orphan.c - things on the host that outlived the process that made them */
#include "process/orphan.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool has_ended(const char *path)
{
	const char *dash = strrchr(path, '-');
	pid_t pid = dash ? (pid_t)atoi(dash + 1) : 0;

	return pid > 0 && kill(pid, 0) && errno == ESRCH;
}

unsigned int orphans_remove(const char *pattern, void (*remove)(const char *path))
{
	unsigned int n = 0;
	glob_t names;

	if (glob(pattern, 0, NULL, &names))
		return 0;
	for (size_t i = 0; i < names.gl_pathc; i++)
		if (has_ended(names.gl_pathv[i])) {
			remove(names.gl_pathv[i]);
			n++;
		}
	globfree(&names);
	return n;
}
