/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* devdax.h - regions of a DAX device, which has no read() and write() */
#ifndef ODPLAB_REGION_DEVDAX_H
#define ODPLAB_REGION_DEVDAX_H

#include "region/region.h"

/* See struct region_kind_ops. Reads and writes go through a second mapping. */
int devdax_open(struct region *region, const struct region_spec *spec);
int devdax_read(const struct region *region, uint64_t offset, void *buf, size_t len);
int devdax_write(const struct region *region, uint64_t offset, const void *buf,
		 size_t len);

#endif
