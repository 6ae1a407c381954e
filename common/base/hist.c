// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hist.c - HDR-style latency histogram */
#include "base/hist.h"

#include <math.h>
#include <string.h>

#include "base/util.h"

#define STEPS (1u << HIST_STEP_BITS)

/*
 * Below 2 * STEPS each value has its own bucket; above, the top
 * HIST_STEP_BITS + 1 bits count.
 */
static unsigned int shift_of(uint64_t value)
{
	unsigned int top = 63 - (unsigned int)__builtin_clzll(value | 1);

	return top > HIST_STEP_BITS ? top - HIST_STEP_BITS : 0;
}

static size_t index_of(uint64_t value)
{
	unsigned int shift = shift_of(value);

	return ((size_t)shift << HIST_STEP_BITS) + (size_t)(value >> shift);
}

uint64_t hist_index_end(size_t index)
{
	unsigned int shift;

	if (index < 2 * STEPS)
		return index;
	shift = (unsigned int)(index >> HIST_STEP_BITS) - 1;
	return (((uint64_t)(index - ((size_t)shift << HIST_STEP_BITS)) + 1) << shift) - 1;
}

void hist_reset(struct hist *h)
{
	memset(h, 0, sizeof(*h));
}

void hist_record(struct hist *h, uint64_t value)
{
	uint64_t capped = value < HIST_SQUARE_MAX ? value : HIST_SQUARE_MAX;

	h->min = h->count && h->min < value ? h->min : value;
	h->max = h->max > value ? h->max : value;
	h->count++;
	h->sum += value;
	h->squares += (unsigned __int128)capped * capped;
	h->buckets[index_of(value)]++;
}

uint64_t hist_percentile(const struct hist *h, double percent)
{
	double exact = percent * (double)h->count / 100;
	/* a rounding error must not raise a whole number to the next */
	uint64_t due = (uint64_t)ceil(exact - exact * 1e-14);
	uint64_t seen = 0;

	if (!h->count)
		return 0;
	if (due < 1)
		due = 1;
	for (size_t i = 0; i < HIST_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen >= due)
			return hist_index_end(i) < h->max ? hist_index_end(i) : h->max;
	}
	return h->max;
}

double hist_mean(const struct hist *h)
{
	return h->count ? (double)h->sum / (double)h->count : 0;
}

double hist_stdev(const struct hist *h)
{
	long double n = (long double)h->count, mean, variance;

	if (!h->count)
		return 0;
	mean = (long double)h->sum / n;
	variance = (long double)h->squares / n - mean * mean;
	return variance > 0 ? (double)sqrtl(variance) : 0;
}
