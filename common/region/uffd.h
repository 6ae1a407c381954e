/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * uffd.h - page faults that are resolved late, by a userfaultfd
 *
 * A fault on the range waits for a thread of this process, which resolves it after a
 * delay, in one of the ways of userfaultfd(2). The faults of a device wait as well
 * (mm/hmm.c hmm_range_fault_unlocked_timeout()).
 */
#ifndef ODPLAB_REGION_UFFD_H
#define ODPLAB_REGION_UFFD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/pattern.h"
#include "region/region.h"

enum uffd_way {
	UFFD_COPY,    /* a page that is missing is brought with data */
	UFFD_PROTECT, /* a page is present and write-protected: the protection is lifted */
	UFFD_ZERO,    /* a page that is missing is one of zeros */
	UFFD_MOVE,    /* a page with data is moved there from elsewhere: Linux 6.8 */
	UFFD_CONTINUE, /* a page of the file, present in no page table, is mapped */
	UFFD_POISON,   /* a page that is missing is marked as failed memory: Linux 6.6 */
	UFFD_WAYS
};

struct uffd_delay {
	struct region *region; /* the caller's; it must stay open */
	uint64_t offset;
	size_t len;
	uint64_t delay_ns;
	enum uffd_way way;
	struct pattern p; /* of the pages that are brought with data */
	int fd, stop[2];
	pthread_t thread;
	bool running;
	atomic_uint answers; /* faults that were resolved */
	atomic_int error;    /* -errno that ended the thread early, or 0 */
};

/*
 * From here on, faults of the range are resolved in that way; of UFFD_PROTECT the first
 * write to each page. Returns 0 or -errno after one line; -EOPNOTSUPP without a line
 * where the kernel does not know the way.
 */
int uffd_delay_begin(struct uffd_delay *delay, struct region *region, uint64_t offset,
		     size_t len, uint64_t delay_ns, enum uffd_way way, struct pattern p);

/*
 * Returns how many faults were resolved, or -errno after one line: also where the thread
 * failed, after which faults were not resolved any more.
 */
int uffd_delay_end(struct uffd_delay *delay);

#endif
