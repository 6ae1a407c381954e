/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* fs_fill.h - all that a filesystem has left, taken and given back */
#ifndef ODPLAB_STORAGE_FS_FILL_H
#define ODPLAB_STORAGE_FS_FILL_H

#include <stdint.h>

/* A filesystem with more free than this is not filled up: somebody may work there. */
#define FS_FILL_MOST (4ull << 30)

/*
 * Takes every free block of the filesystem that @directory lies on, by an unnamed file,
 * which is gone when its descriptor is closed, whatever happens. Returns the descriptor,
 * or -errno after one line: -EFBIG where more than FS_FILL_MOST is free.
 */
int fs_fill(const char *directory);

#endif
