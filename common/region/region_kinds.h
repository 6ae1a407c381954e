/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* region_kinds.h - the kinds of region: what each is mapped from */
#ifndef ODPLAB_REGION_REGION_KINDS_H
#define ODPLAB_REGION_REGION_KINDS_H

#include "region/region.h"

/*
 * All that differs between kinds but their names: a new kind is a row of region_kinds.def
 * and one of region_kinds.c.
 */
struct region_kind_ops {
	size_t page_bytes;
	int map_flags;	 /* for mmap(), without MAP_FIXED and its kin */
	int advice;	 /* for madvise() once it is mapped; 0: none */
	bool needs_path; /* from the user */
	bool is_media; /* flushing CPU caches makes data persistent, also without MAP_SYNC */
	/*
	 * Fills region->fd and what is known of it. Returns 0 or -errno after one line.
	 * NULL: no file.
	 */
	int (*open)(struct region *region, const struct region_spec *spec);
	/*
	 * As region_read() and region_write(). NULL: through the file, or the mapping
	 * where there is none.
	 */
	int (*read)(const struct region *region, uint64_t offset, void *buf, size_t len);
	int (*write)(const struct region *region, uint64_t offset, const void *buf,
		     size_t len);
};

const struct region_kind_ops *region_kind_ops(enum region_kind kind);

#endif
