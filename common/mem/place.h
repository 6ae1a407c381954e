/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * place.h - one path: is it on DAX, why not, and what would a memory region there be like
 *
 * A directory stands for the files that are made in it: an unnamed one is made, looked at
 * and let go. Nothing else is changed.
 */
#ifndef ODPLAB_MEM_PLACE_H
#define ODPLAB_MEM_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "mem/block_device.h"
#include "mem/dax.h"
#include "mem/extents.h"
#include "mem/mount.h"

enum place_kind {
	PLACE_FILE,
	PLACE_DIRECTORY,
	PLACE_DAX_DEVICE,
	PLACE_BLOCK_DEVICE,
	PLACE_OTHER, /* a socket, a terminal ... */
	PLACE_KINDS
};

/* "file", "directory", "DAX device" ... */
const char *place_kind_name(enum place_kind kind);

struct place {
	char path[PATH_MAX];
	enum place_kind kind;
	bool tried;    /* false: a directory in which no file can be made */
	bool writable; /* by this process */
	bool dax;
	bool map_sync;
	uint64_t size;	      /* bytes, of a file or a DAX device */
	uint64_t align;	      /* bytes, of a DAX device */
	uint64_t block_bytes; /* of the filesystem */
	bool dax_flag;	      /* FS_XFLAG_DAX: wanted, whether or not it is in effect */
	bool encrypted, verity;
	struct mount mount; /* of a file or a directory; .point "" where it is out of
			       sight */
	struct block_device block; /* under the mount */
	struct extents extents;	   /* of a file */
};

/*
 * Returns 0 or -errno after one line: there is no such path, or it cannot be opened for
 * reading.
 */
int place_inspect(const char *path, struct place *place);

struct hindrance {
	const char *reason;
	const char *remedy;
};

/* Why is it not on DAX? NULL where it is. */
const struct hindrance *place_hindrance(const struct place *place);

/* What the kernel says to a pinned registration, with or without remote write. */
enum pinning {
	PINNING_ACCEPTED,
	PINNING_READ_ONLY, /* refused where the device may write */
	PINNING_REFUSED,
	PINNING_UNKNOWN,
};

enum pinning place_pinning(const struct place *place);

/* "accepted", "read-only", "refused", "unknown" */
const char *pinning_name(enum pinning pinning);

/* The same with the errno and the reason. */
const char *pinning_about(enum pinning pinning);

#endif
