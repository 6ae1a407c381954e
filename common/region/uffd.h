/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * uffd.h - pages that come late: a userfaultfd whose owner takes its time
 *
 * A fault on the range waits for a thread of this process, which answers after a delay:
 * with a page of data where there is none, or by lifting write protection. The faults of
 * a device wait as well (mm/hmm.c hmm_range_fault_unlocked_timeout()).
 */
#ifndef ODPLAB_REGION_UFFD_H
#define ODPLAB_REGION_UFFD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/pattern.h"
#include "region/region.h"

struct uffd_delay {
	struct region *region; /* not ours, and not to be closed meanwhile */
	uint64_t offset;
	size_t len;
	uint64_t delay_ns;
	bool protect;	  /* pages are there, but protected from writing */
	struct pattern p; /* of the pages that come */
	int fd, stop[2];
	pthread_t thread;
	bool running;
	atomic_uint answers; /* faults that were answered */
};

/*
 * From here on, pages of the range that are missing come with the pattern; or, with
 * @protect, the first write to each is delayed. Returns 0 or -errno after one line.
 */
int uffd_delay_begin(struct uffd_delay *delay, struct region *region, uint64_t offset,
		     size_t len, uint64_t delay_ns, bool protect, struct pattern p);

/* Returns how many faults were answered, or -errno after one line. */
int uffd_delay_end(struct uffd_delay *delay);

#endif
