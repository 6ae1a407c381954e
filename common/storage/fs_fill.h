/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* fs_fill.h - fills a filesystem */
#ifndef ODPLAB_STORAGE_FS_FILL_H
#define ODPLAB_STORAGE_FS_FILL_H

#include <stdbool.h>
#include <stdint.h>

/* A filesystem with more free bytes than this is not filled: it may be in use. */
#define FS_FILL_MOST (4ull << 30)

/* Is that few free on the filesystem of @directory? Where it cannot be found out: yes. */
bool fs_fillable(const char *directory);

/*
 * Allocates every free block of the filesystem of @directory to an unnamed file, which is
 * deleted when its descriptor is closed. Returns the descriptor,
 * or -errno after one line: -EFBIG where more than FS_FILL_MOST is free.
 */
int fs_fill(const char *directory);

#endif
