/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * offline.h - soft-offlines page frames, and releases those that are out of use
 *
 * Soft-offlining migrates a page as if its memory were about to fail (mm/memory-failure.c
 * soft_offline_page()). Its old frame is unusable until the next boot, or until it is
 * released through debugfs (unpoison_memory()).
 */
#ifndef ODPLAB_INVALIDATION_OFFLINE_H
#define ODPLAB_INVALIDATION_OFFLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "region/region.h"

/* Can frames be released? Needs root, debugfs and the hwpoison-inject module. */
bool offline_undoable(void);

/*
 * Releases a frame that soft-offlining or MADV_HWPOISON has taken out of use, where this
 * is possible, and nothing maps it any more. A frame that is in use stays so; 0: none.
 */
void offline_release(uint64_t frame);

/*
 * Soft-offlines the page at @offset and releases its old frame. Returns 0; -EAGAIN where
 * no page was present, or it had other references; or -errno after one line.
 */
int offline_move(struct region *region, uint64_t offset);

#endif
