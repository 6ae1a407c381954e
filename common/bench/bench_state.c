// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bench_state.c - the states of a region, and which can be measured here */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "env/env.h"

const char *const bench_state_names[] = {
	[BENCH_PINNED] = "pinned",
	[BENCH_WARM] = "warm",
	[BENCH_PREFETCHED] = "prefetched",
	[BENCH_COLD] = "cold",
	[BENCH_STATES] = NULL,
};

bool bench_has_state(const struct env *env, enum bench_state state, char *why,
		     size_t size)
{
	enum mr_mode mode = state == BENCH_PINNED ? MR_PINNED : MR_ODP;

	if (!(env->device.modes & 1u << mode)) {
		snprintf(why, size, "%s %s", env->config->transport,
			 mode == MR_PINNED ? "has no pinned registration" :
					     "has no on-demand paging");
		return false;
	}
	if (state == BENCH_PREFETCHED && env->prefetch) {
		snprintf(why, size, "%s has no prefetch: %s", env->device.name,
			 strerror(-env->prefetch));
		return false;
	}
	if ((state == BENCH_COLD || state == BENCH_PREFETCHED) &&
	    env->config->kind == REGION_SECRET) {
		snprintf(why, size, "%s memory cannot be evicted",
			 region_kind_names[REGION_SECRET]);
		return false;
	}
	return true;
}
