/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* clock.h - monotonic time for intervals and deadlines, UTC for names and records */
#ifndef ODPLAB_BASE_CLOCK_H
#define ODPLAB_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define NSEC_PER_SEC  1000000000ull
#define NSEC_PER_MSEC 1000000ull
#define NSEC_PER_USEC 1000ull

/* Monotonic, in nanoseconds. */
static inline uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

static inline bool clock_passed(uint64_t deadline_ns)
{
	return clock_ns() >= deadline_ns;
}

static inline void clock_sleep_ns(uint64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / NSEC_PER_SEC),
			       .tv_nsec = (long)(ns % NSEC_PER_SEC) };

	nanosleep(&ts, NULL);
}

#define CLOCK_TEXT 24

/* "2026-11-22T16:20:07Z" */
static inline void clock_utc(char text[CLOCK_TEXT])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

#endif
