/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * ksm.h - KSM: merges pages of equal content
 *
 * Documentation/admin-guide/mm/ksm.rst. It is enabled for all processes, see vm_sysctl.h.
 */
#ifndef ODPLAB_INVALIDATION_KSM_H
#define ODPLAB_INVALIDATION_KSM_H

#include "region/region.h"

/* Makes it scan, and fast. Returns 0 or -errno after one line. */
int ksm_start(void);

/*
 * How many pages of this process are merged: Linux 5.19. Returns 0 or -errno
 * after one line.
 */
int ksm_merged(uint64_t *pages);

/*
 * One cycle over a range of private memory, once KSM scans: copies of its pages are
 * mapped for a while, so that the kernel merges some of them, and then unmerged. Returns
 * 0; -EAGAIN where none was merged in time, as they kept changing; or -errno after one
 * line.
 */
int ksm_cycle(const struct region *region, uint64_t offset, size_t len);

#endif
