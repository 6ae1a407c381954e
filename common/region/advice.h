/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* advice.h - madvise() */
#ifndef ODPLAB_REGION_ADVICE_H
#define ODPLAB_REGION_ADVICE_H

#include <sys/mman.h>

#include "region/region.h"

/* include/uapi/asm-generic/mman-common.h, where the C library's headers are older */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE  103
#endif

enum region_advice {
	REGION_FREE,	 /* private data may be discarded, unless it is written again */
	REGION_PAGE_OUT, /* to swap, or back to the file; -EAGAIN unless all is out */
	REGION_COLLAPSE, /* into huge pages, at once */
	REGION_POISON, /* as if the memory had failed: the pages are lost until reboot */
	REGION_SOFT_OFFLINE, /* as if it were about to fail: moved, and not used again */
	REGION_GUARD,	     /* no access, and no mapping of its own */
	REGION_UNGUARD,	     /* access again, to zeros */
	REGION_KSM,	     /* pages of equal content may become one: KSM */
	REGION_UNMERGE,
	REGION_ADVICES
};

/* "MADV_FREE" */
const char *region_advice_name(enum region_advice advice);

/*
 * For whole pages. Returns 0 or -errno after one line; -EAGAIN without a line, where the
 * kernel could not do it this time.
 */
int region_advise(struct region *region, uint64_t offset, size_t len,
		  enum region_advice advice);

#endif
