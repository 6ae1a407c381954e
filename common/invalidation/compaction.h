/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * compaction.h - memory compaction, on request
 *
 * The kernel migrates pages of low addresses to free ones of high addresses, in blocks
 * that are partly free (mm/compaction.c suitable_migration_target()). A host that has
 * been up for a minute has few of those: they are made first.
 */
#ifndef ODPLAB_INVALIDATION_COMPACTION_H
#define ODPLAB_INVALIDATION_COMPACTION_H

#include <stdbool.h>

#include "region/region.h"

/*
 * Can it be requested, and its effect be seen? Needs root, and at most 16 GiB of memory:
 * in more, making the holes would take too long.
 */
bool compaction_possible(void);

/*
 * Compacts all of the host's memory, with holes in most of the free memory of the range's
 * node: the first call makes them (seconds), and the process keeps them until it ends.
 * Returns 0 if pages of the range were migrated, -EAGAIN if none was, or -errno after one
 * line. Changes SYSCTL_COMPACT_LOCKED.
 */
int compaction_move(const struct region *region, uint64_t offset, size_t len);

#endif
