/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * uffd.h - page faults that are resolved late, by a userfaultfd
 *
 * A fault on the range waits for a thread of this process, which resolves it after a
 * delay: with a page of data where none is present, or by lifting write protection. The
 * faults of a device wait as well (mm/hmm.c hmm_range_fault_unlocked_timeout()).
 */
#ifndef ODPLAB_REGION_UFFD_H
#define ODPLAB_REGION_UFFD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/pattern.h"
#include "region/region.h"

struct uffd_delay {
	struct region *region; /* the caller's; it must stay open */
	uint64_t offset;
	size_t len;
	uint64_t delay_ns;
	bool protect;	  /* pages are present, but write-protected */
	struct pattern p; /* of the pages that are brought */
	int fd, stop[2];
	pthread_t thread;
	bool running;
	atomic_uint answers; /* faults that were resolved */
	atomic_int error;    /* -errno that ended the thread early, or 0 */
};

/*
 * From here on, pages of the range that are missing are brought with the pattern; or,
 * with
 * @protect, the first write to each is delayed. Returns 0 or -errno after one line.
 */
int uffd_delay_begin(struct uffd_delay *delay, struct region *region, uint64_t offset,
		     size_t len, uint64_t delay_ns, bool protect, struct pattern p);

/*
 * Returns how many faults were resolved, or -errno after one line: also where the thread
 * failed, after which faults were not resolved any more.
 */
int uffd_delay_end(struct uffd_delay *delay);

#endif
