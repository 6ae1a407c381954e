/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* mount.h - where a file's filesystem is mounted, and how (/proc/self/mountinfo) */
#ifndef ODPLAB_STORAGE_MOUNT_H
#define ODPLAB_STORAGE_MOUNT_H

#include <limits.h>
#include <stdbool.h>

struct mount {
	unsigned int id;
	char point[PATH_MAX];
	char type[32];
	char source[PATH_MAX]; /* "/dev/pmem0", or another name */
	char options[512];     /* of the mount, then of the superblock without "rw" */
};

/* One line of /proc/self/mountinfo. Returns 0 or -EINVAL; *mount is then undefined. */
int mount_parse(const char *line, struct mount *mount);

/*
 * The mount through which @fd was opened. Returns 0 or -errno, without a line: -ENOENT
 * where it cannot be seen from this process's root directory.
 */
int mount_of(int fd, struct mount *mount);

/*
 * Calls @each for every mount that this process can see, until @each returns true.
 * Returns 0 or -errno, without a line.
 */
int mount_for_each(bool (*each)(const struct mount *mount, void *data), void *data);

/* Is @option one of the comma-separated options, as a whole: "dax=always"? */
bool mount_has_option(const struct mount *mount, const char *option);

#endif
