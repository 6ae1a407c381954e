/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * storm.h - a thread that invalidates a region continuously
 *
 * Each cycle takes a range of whole pages, chosen at random and replayable by the seed;
 * one in 16 takes all of them. Cycles are apart by as long as the last one took, and by
 * the least pause that the caller gives: it lets the device fault pages in that the next
 * cycle can invalidate. Without it HMM would refuse faults, as it gives up after a second
 * without progress.
 */
#ifndef ODPLAB_INVALIDATION_STORM_H
#define ODPLAB_INVALIDATION_STORM_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/rand.h"
#include "invalidation/invalidate.h"

struct storm {
	struct region *region; /* the caller's; it must stay open */
	enum invalidator by;
	uint64_t least_pause_ns; /* 0: no pause at all */
	struct rand rand;
	pthread_t thread;
	bool running;
	atomic_bool stop;
	atomic_uint_fast64_t cycles; /* completed */
	atomic_int error;	     /* -errno that ended it early, or 0 */
};

/* Returns 0 or -errno after one line. */
int storm_begin(struct storm *s, struct region *region, enum invalidator by,
		uint64_t seed, uint64_t least_pause_ns);

/* How many cycles are complete. Returns 0, or the error that ended the storm. */
int storm_cycles(struct storm *s, uint64_t *cycles);

/*
 * Waits for the current cycle. Returns 0, or the error of region_invalidate() that had
 * ended the storm before.
 */
int storm_end(struct storm *s);

#endif
