/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* room.h - how many bytes of regions a host can take */
#ifndef ODPLAB_ENV_ROOM_H
#define ODPLAB_ENV_ROOM_H

#include <stddef.h>
#include <stdint.h>

#include "region/region.h"

struct env;

/*
 * Is there room for a region of @bytes, and for @memory bytes of memory besides?
 * Otherwise @why names what is too small: memory (memory.h), free huge pages, free space
 * on the filesystem, the size of the DAX device. Blocks that a filesystem reserves for
 * root are no room. Where it cannot be found out there is room.
 */
bool room_for(const struct env *env, enum region_kind kind, uint64_t bytes,
	      uint64_t memory, char *why, size_t size);

#endif
