/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* dax.h - whether a file or device is DAX, and takes MAP_SYNC */
#ifndef ODPLAB_STORAGE_DAX_H
#define ODPLAB_STORAGE_DAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stat;

/*
 * Is the file's data accessed without the page cache now? By STATX_ATTR_DAX (Linux 5.8),
 * or on older kernels by whether MAP_SYNC is accepted.
 */
bool dax_file(int fd);

/* Does the kernel accept MAP_SYNC for this file? Then flushed stores are on the media. */
bool dax_map_sync(int fd);

/* A DAX device is a character device whose subsystem is "dax". */
bool dax_device_is(const struct stat *st);

struct dax_device {
	uint64_t size;	/* bytes */
	uint64_t align; /* what mappings must be multiples of: 4K, 2M or 1G */
};

/*
 * @path: "/dev/dax0.0". Returns 0 or -errno after one line (-EMEDIUMTYPE: no DAX device).
 */
int dax_device_query(const char *path, struct dax_device *device);

#endif
