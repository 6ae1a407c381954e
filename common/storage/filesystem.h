/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* filesystem.h - which filesystems this host has, and which of them are DAX */
#ifndef ODPLAB_STORAGE_FILESYSTEM_H
#define ODPLAB_STORAGE_FILESYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "storage/mount.h"

/* "ext4", "xfs" ..., or its magic number in hex. Returns 0 or -errno after one line. */
int filesystem_name(int fd, char *name, size_t size);

/* What a new file in the filesystem is. */
enum filesystem_use {
	FILESYSTEM_UNUSABLE, /* no file can be made there */
	FILESYSTEM_PAGE_CACHE,
	FILESYSTEM_DAX,
	FILESYSTEM_DAX_SYNC, /* DAX, and takes MAP_SYNC */
};

const char *filesystem_use_name(enum filesystem_use use);

/* Finds out with an unnamed file in @directory. */
enum filesystem_use filesystem_try(const char *directory);

/* Is there a regular file of that name? */
bool file_is_regular(const char *path);

/* Can two files in @directory share their blocks? Finds out by FICLONE. */
bool filesystem_clones(const char *directory);

/* How a filesystem is shut down: EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN. */
enum shutdown_how {
	SHUTDOWN_FLUSHED,   /* all data and metadata, by a freeze */
	SHUTDOWN_LOGGED,    /* the journal */
	SHUTDOWN_UNFLUSHED, /* nothing: as if the power failed */
};

/* The filesystem refuses all from now on, until it is unmounted. Returns 0 or -errno. */
int filesystem_shut_down(int fd, enum shutdown_how how);

/*
 * Calls @each for every mount of a filesystem on a disk or on persistent memory
 * (ext2/3/4, xfs, btrfs), until @each returns true. Returns 0 or -errno after one line.
 */
int filesystem_for_each(bool (*each)(const struct mount *mount, void *data), void *data);

/*
 * The mount point, into @directory, of the first filesystem where a new file is of @use
 * (DAX also accepts DAX_SYNC). Returns false where there is none.
 */
bool filesystem_find(enum filesystem_use use, char *directory, size_t size);

#endif
