/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * offline.h - page frames that the kernel takes out of use, and gets back
 *
 * Soft-offlining moves a page as if its memory were about to fail
 * (mm/memory-failure.c soft_offline_page()); the frame that it leaves is lost until the
 * next boot, or until unpoison_memory() is asked for it through debugfs.
 */
#ifndef ODPLAB_INVALIDATION_OFFLINE_H
#define ODPLAB_INVALIDATION_OFFLINE_H

#include <stdbool.h>

#include "region/region.h"

/* Can frames be had back? Needs root, debugfs and the kernel's hwpoison-inject. */
bool offline_undoable(void);

/*
 * Soft-offlines the page at @offset, and has its former frame put to use again. Returns
 * 0; -EAGAIN where no page was there, or somebody held it; or -errno after one line.
 */
int offline_move(struct region *region, uint64_t offset);

#endif
