/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* mremap.h - what mremap(2) can do to a mapping while a device may reach it */
#ifndef ODPLAB_REGION_MREMAP_H
#define ODPLAB_REGION_MREMAP_H

#include "region/region.h"

enum mremap_form {
	MREMAP_KEEPS,	 /* its pages move away, and an empty mapping stays (DONTUNMAP) */
	MREMAP_COPIES,	 /* a second mapping of it comes and goes (old size 0) */
	MREMAP_REPLACES, /* such a second mapping, or empty memory, moves to its place */
	MREMAP_SHRINKS,	 /* its second half is unmapped */
	MREMAP_GROWS,	 /* by as much as it is long, where it was shrunk before */
	MREMAP_FORMS
};

/* "MREMAP_DONTUNMAP" */
const char *region_mremap_name(enum mremap_form form);

/*
 * For whole pages. Returns 0 or -errno without a line: a kind of memory may have no such
 * form.
 */
int region_mremap(struct region *region, uint64_t offset, size_t len,
		  enum mremap_form form);

#endif
