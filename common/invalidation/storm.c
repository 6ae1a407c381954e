// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm.c - a thread that invalidates a region continuously */
#include "invalidation/storm.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"

#define MOST_PAUSE_NS (20 * NSEC_PER_MSEC) /* of a cycle that took long */

static void pause_after(const struct storm *s, uint64_t took_ns)
{
	uint64_t ns = took_ns < MOST_PAUSE_NS ? took_ns : MOST_PAUSE_NS;

	if (s->least_pause_ns)
		clock_sleep_ns(ns > s->least_pause_ns ? ns : s->least_pause_ns);
}

/*
 * Rarely all; else small ranges as often as large ones (a random length below a random
 * power of two). So ways that are slow for each page still make many cycles, and there
 * are ranges of all sizes.
 */
static uint64_t some_units(struct rand *rand, uint64_t units)
{
	unsigned int powers = 64 - (unsigned int)__builtin_clzll(units);
	uint64_t most = 1ull << rand_below(rand, powers);

	if (!rand_below(rand, 16))
		return units;
	return 1 + rand_below(rand, most);
}

static int one_cycle(struct storm *s, uint64_t turn)
{
	size_t unit = s->region->page_bytes;
	uint64_t units = s->region->len / unit;
	uint64_t n = some_units(&s->rand, units);
	uint64_t first = rand_below(&s->rand, units - n + 1);

	return region_invalidate(s->region, first * unit, n * unit, s->by, turn);
}

static void *invalidate_loop(void *data)
{
	struct storm *s = data;
	int ret = 0;

	for (uint64_t turn = 0; !ret && !atomic_load(&s->stop); turn++) {
		uint64_t begin = clock_ns();

		ret = one_cycle(s, turn);
		pause_after(s, clock_ns() - begin);
		/* a cycle that finds no page counts, too */
		if (!ret)
			atomic_fetch_add(&s->cycles, 1);
		else if (ret == -EAGAIN)
			ret = 0;
	}
	atomic_store(&s->error, ret);
	return NULL;
}

int storm_begin(struct storm *s, struct region *region, enum invalidator by,
		uint64_t seed, uint64_t least_pause_ns)
{
	int ret;

	if (s->running)
		return log_errno(EBUSY, "two storms at once");
	*s = (struct storm){ .region = region,
			     .by = by,
			     .least_pause_ns = least_pause_ns,
			     .rand = { seed } };
	ret = pthread_create(&s->thread, NULL, invalidate_loop, s);
	if (ret)
		return log_errno(ret, "a thread that invalidates");
	s->running = true;
	return 0;
}

int storm_cycles(struct storm *s, uint64_t *cycles)
{
	*cycles = atomic_load(&s->cycles);
	return atomic_load(&s->error);
}

int storm_end(struct storm *s)
{
	if (!s->running)
		return log_errno(ESRCH, "end a storm");
	atomic_store(&s->stop, true);
	pthread_join(s->thread, NULL);
	s->running = false;
	return atomic_load(&s->error);
}
