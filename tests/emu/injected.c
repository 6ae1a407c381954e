// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* injected.c - a lane on a device that misbehaves */
#include "injected.h"

#include "base/clock.h"
#include "cmocka_all.h"

struct lane *injected_new(const char *injection, unsigned int local, unsigned int remote)
{
	struct lane *l =
		lane_new(SCHEME_MEMORY,
			 (struct guest_pair){ .service = SERVICE_RC, .rnr_retries = 7 },
			 local, remote);

	assert_int_equal(inject_on(&l->g->dev->inject, injection), 0);
	return l;
}

struct lane *injected_mapped(const char *injection)
{
	return injected_new(injection, MAPPED, MAPPED);
}

void injected_free(struct lane *l)
{
	uint64_t hits = 0;

	for (unsigned int i = 0; i < INJECT_COUNT; i++)
		hits += l->g->dev->inject.rules[i].hits;
	assert_true(hits > 0);
	lane_free(l);
}

void injected_wait(struct lane *l)
{
	clock_sleep_ns(2 * LATE_DELAY_NS);
	guest_run(l->g);
}
