/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * compaction.h - the kernel's moving of pages, so that large blocks become free
 *
 * It takes pages of low addresses to free ones of high addresses, in blocks that are
 * partly free (mm/compaction.c, suitable_migration_target()). On a host that has been up
 * for a minute there are few of those: they are made first.
 */
#ifndef ODPLAB_INVALIDATION_COMPACTION_H
#define ODPLAB_INVALIDATION_COMPACTION_H

#include <stdbool.h>

#include "region/region.h"

/*
 * Can it be asked for, and can be seen what it moved? Needs root; and where there is more
 * than 16 GiB, the holes would have to be too many.
 */
bool compaction_possible(void);

/*
 * Compacts all of the host's memory, with holes in most of what is free on the range's
 * node, which the first call makes (seconds) and the process keeps until it ends. Returns
 * 0 if pages of the range came to lie elsewhere, -EAGAIN if none did, or -errno after one
 * line. Changes SYSCTL_COMPACT_LOCKED.
 */
int compaction_move(const struct region *region, uint64_t offset, size_t len);

#endif
