/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* source.h - what a region of each kind is mapped from */
#ifndef ODPLAB_MEM_SOURCE_H
#define ODPLAB_MEM_SOURCE_H

#include "mem/region.h"

struct source_kind {
	const char *about;
	size_t page_bytes;
	int map_flags;	 /* for mmap(), without MAP_FIXED and its kin */
	bool needs_path; /* from the user */
	/*
	 * Fills region->fd and what is known of it. Returns 0 or -errno after one line.
	 * NULL: no file.
	 */
	int (*open)(struct region *region, const struct region_spec *spec);
};

const struct source_kind *source_kind(enum region_kind kind);

#endif
