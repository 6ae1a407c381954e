/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * path_info.h - whether a path is on DAX, if not why, and what a region there would be
 * like
 *
 * A directory stands for the files that are made in it: an unnamed one is made, inspected
 * and closed. Nothing else is changed.
 */
#ifndef ODPLAB_STORAGE_PATH_INFO_H
#define ODPLAB_STORAGE_PATH_INFO_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "storage/block_device.h"
#include "storage/dax.h"
#include "storage/extents.h"
#include "storage/mount.h"

enum path_kind {
	PATH_FILE,
	PATH_DIRECTORY,
	PATH_DAX_DEVICE,
	PATH_BLOCK_DEVICE,
	PATH_OTHER, /* a socket, a terminal ... */
	PATH_KINDS
};

/* "file", "directory", "DAX device" ... */
const char *path_kind_name(enum path_kind kind);

struct path_info {
	char name[PATH_MAX];
	enum path_kind kind;
	bool tried;    /* false: a directory in which no file can be made */
	bool writable; /* by this process */
	bool dax;
	bool map_sync;
	uint64_t size;	      /* bytes, of a file or a DAX device */
	uint64_t align;	      /* bytes, of a DAX device */
	uint64_t block_bytes; /* of the filesystem */
	bool dax_flag;	      /* FS_XFLAG_DAX, whether or not it is in effect */
	bool encrypted, verity;
	struct mount mount;	   /* of a file or a directory; .point "": invisible */
	struct block_device block; /* under the mount */
	struct extents extents;	   /* of a file */
};

/*
 * Returns 0 or -errno after one line: there is no such path, or it cannot be
 * opened for reading.
 */
int path_info_inspect(const char *name, struct path_info *path);

struct diagnosis {
	const char *reason;
	const char *remedy;
};

/* Why is it not on DAX? NULL where it is. */
const struct diagnosis *dax_diagnosis(const struct path_info *path);

/* Whether the kernel accepts a pinned registration, with or without remote write. */
enum pinning {
	PINNING_ACCEPTED,
	PINNING_READ_ONLY, /* refused where the device may write */
	PINNING_REFUSED,
	PINNING_UNKNOWN,
};

enum pinning path_info_pinning(const struct path_info *path);

/* "accepted", "read-only", "refused", "unknown" */
const char *pinning_name(enum pinning pinning);

/* The same with the errno and the reason. */
const char *pinning_about(enum pinning pinning);

#endif
