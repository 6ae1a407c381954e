/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * hist.h - HDR-style latency histogram: 0.8 % resolution, no clipping
 *
 * Buckets as in HdrHistogram: 128 linear steps in each power of two, for any value from 0
 * to 2^64 - 1 ns, in 58 KiB. Recording neither allocates nor branches. The smallest and
 * the largest sample and the mean are exact.
 */
#ifndef ODPLAB_BASE_HIST_H
#define ODPLAB_BASE_HIST_H

#include <stddef.h>
#include <stdint.h>

#define HIST_STEP_BITS 7
#define HIST_BUCKETS   ((64 - HIST_STEP_BITS + 1) << HIST_STEP_BITS)

/* 18 minutes: a greater sample counts as this in the standard deviation. */
#define HIST_SQUARE_MAX ((1ull << 40) - 1)

struct hist {
	uint64_t count;
	unsigned __int128 sum;	   /* exact: cannot overflow */
	unsigned __int128 squares; /* likewise, of samples of at most HIST_SQUARE_MAX */
	uint64_t min;		   /* 0 while empty */
	uint64_t max;
	uint64_t buckets[HIST_BUCKETS];
};

void hist_reset(struct hist *h);
void hist_record(struct hist *h, uint64_t value);

/*
 * The smallest value that at least @percent (0 to 100) of the samples do not exceed,
 * rounded up to its bucket's end but never beyond the largest sample; 0 while empty.
 */
uint64_t hist_percentile(const struct hist *h, double percent);
double hist_mean(const struct hist *h);

/* Of the samples as a whole population, as perftest's t_stdev; 0 while empty. */
double hist_stdev(const struct hist *h);

/* The largest value that falls into buckets[@index]. */
uint64_t hist_index_end(size_t index);

#endif
