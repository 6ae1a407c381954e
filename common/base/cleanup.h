/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* cleanup.h - variables that release what they hold when they leave scope */
#ifndef ODPLAB_BASE_CLEANUP_H
#define ODPLAB_BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *where)
{
	free(*(void **)where);
}

static inline void cleanup_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define _cleanup_free_ __attribute__((cleanup(cleanup_free)))
#define _cleanup_fd_   __attribute__((cleanup(cleanup_fd)))
#define _cleanup_file_ __attribute__((cleanup(cleanup_file)))
#define _cleanup_dir_  __attribute__((cleanup(cleanup_dir)))

#endif
