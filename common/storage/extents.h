/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* extents.h - where a file is on its media (FIEMAP), and whether huge pages can map it */
#ifndef ODPLAB_STORAGE_EXTENTS_H
#define ODPLAB_STORAGE_EXTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent {
	uint64_t logical; /* offset in the file */
	uint64_t physical;
	uint64_t length;
	bool shared; /* with another file (reflink) */
};

struct extents {
	bool known;	   /* false: the filesystem has no FIEMAP */
	unsigned int seen; /* from the file's beginning */
	bool more;	   /* there are more after those */
	unsigned int huge; /* of those seen, that a 2 MiB page can map a part of */
	unsigned int shared;
};

/*
 * Inspects the file's first extents. @nvdimm_start: the offset of physical offset 0
 * on the media.
 */
void extents_query(int fd, uint64_t nvdimm_start, struct extents *extents);

/*
 * Does the extent hold a 2 MiB block that is 2 MiB-aligned both in the file and on the
 * media? Only such a block is mapped by one entry of the page table, with one fault.
 */
bool extent_is_huge(const struct extent *extent);

#endif
