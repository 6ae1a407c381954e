/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* rand.h - small, seeded, replayable random numbers (splitmix64, Steele et al. 2014) */
#ifndef ODPLAB_BASE_RAND_H
#define ODPLAB_BASE_RAND_H

#include <stdint.h>

struct rand {
	uint64_t state;
};

static inline uint64_t rand_mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

static inline uint64_t rand_next(struct rand *r)
{
	return rand_mix(r->state += 0x9e3779b97f4a7c15ull);
}

/*
 * Uniform in [0, @bound); @bound is not 0. The bias is below 2^-32 for the
 * bounds used here.
 */
static inline uint64_t rand_below(struct rand *r, uint64_t bound)
{
	return (uint64_t)(((unsigned __int128)rand_next(r) * bound) >> 64);
}

#endif
