/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * storm.h - a thread that invalidates a region again and again, until it is told to stop
 *
 * Each cycle takes a range of whole pages, chosen at random and replayable by the seed;
 * one in 16 takes all of them.
 */
#ifndef ODPLAB_INVALIDATION_STORM_H
#define ODPLAB_INVALIDATION_STORM_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/rand.h"
#include "invalidation/invalidate.h"

struct storm {
	struct region *region; /* not ours, and not to be closed while it runs */
	enum invalidator by;
	bool relentless; /* without a pause between cycles */
	struct rand rand;
	pthread_t thread;
	bool running;
	atomic_bool stop;
	atomic_uint_fast64_t cycles; /* that came to pass */
	atomic_int error;	     /* what ended it before its time */
};

/* Returns 0 or -errno after one line. */
int storm_begin(struct storm *s, struct region *region, enum invalidator by,
		uint64_t seed, bool relentless);

/* How many cycles came to pass so far. Returns 0, or what ended it. */
int storm_cycles(struct storm *s, uint64_t *cycles);

/*
 * Waits for the cycle that is under way. Returns 0, or what region_invalidate() returned
 * where it failed: the storm had ended then.
 */
int storm_end(struct storm *s);

#endif
