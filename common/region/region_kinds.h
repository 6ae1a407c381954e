/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* region_kinds.h - what a region of each kind is mapped from */
#ifndef ODPLAB_REGION_REGION_KINDS_H
#define ODPLAB_REGION_REGION_KINDS_H

#include "region/region.h"

struct region_kind_ops {
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

const struct region_kind_ops *region_kind_ops(enum region_kind kind);

#endif
