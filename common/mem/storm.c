// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm.c - a thread that invalidates a region again and again, until it is told to stop */
#include "mem/storm.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"

/*
 * Between cycles, so that the device gets pages that the next can take away. One that
 * finds none takes no time, and counts like the others.
 */
#define PAUSE_NS (100 * NSEC_PER_USEC)

static int one_cycle(struct storm *storm, uint64_t turn)
{
	size_t unit = storm->region->page_bytes;
	uint64_t units = storm->region->len / unit;
	uint64_t first = 0, n = units;

	/* now and then all of it */
	if (rand_below(&storm->rand, 4)) {
		first = rand_below(&storm->rand, units);
		n = 1 + rand_below(&storm->rand, units - first);
	}
	return region_invalidate(storm->region, first * unit, n * unit, storm->by, turn);
}

static void *blow(void *data)
{
	struct storm *storm = data;
	int ret = 0;

	for (uint64_t turn = 0; !ret && !atomic_load(&storm->stop); turn++) {
		ret = one_cycle(storm, turn);
		if (!storm->relentless)
			clock_sleep_ns(PAUSE_NS);
		if (!ret)
			atomic_fetch_add(&storm->cycles, 1);
		else if (ret == -EAGAIN)
			ret = 0;
	}
	atomic_store(&storm->error, ret);
	return NULL;
}

int storm_begin(struct storm *storm, struct region *region, enum invalidator by,
		uint64_t seed, bool relentless)
{
	int ret;

	if (storm->running)
		return log_errno(EBUSY, "two storms at once");
	*storm = (struct storm){
		.region = region, .by = by, .relentless = relentless, .rand = { seed }
	};
	ret = pthread_create(&storm->thread, NULL, blow, storm);
	if (ret)
		return log_errno(ret, "a thread that invalidates");
	storm->running = true;
	return 0;
}

int storm_cycles(struct storm *storm, uint64_t *cycles)
{
	*cycles = atomic_load(&storm->cycles);
	return atomic_load(&storm->error);
}

int storm_end(struct storm *storm)
{
	if (!storm->running)
		return log_errno(ESRCH, "end a storm");
	atomic_store(&storm->stop, true);
	pthread_join(storm->thread, NULL);
	storm->running = false;
	return atomic_load(&storm->error);
}
