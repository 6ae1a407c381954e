/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* dax.h - is it DAX, and can it be mapped with MAP_SYNC */
#ifndef ODPLAB_STORAGE_DAX_H
#define ODPLAB_STORAGE_DAX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stat;

/*
 * The file's data is reached without the page cache now: STATX_ATTR_DAX (Linux 5.8), and
 * where the kernel does not say, whether it takes MAP_SYNC.
 */
bool dax_file(int fd);

/* The kernel takes MAP_SYNC for this file: what is stored and flushed is on the media. */
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
