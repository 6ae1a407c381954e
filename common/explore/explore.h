/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * explore.h - programs that are drawn by chance, one after the other, each in a process
 * of its own
 */
#ifndef ODPLAB_EXPLORE_EXPLORE_H
#define ODPLAB_EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#include "env/env.h"
#include "explore/draw.h"
#include "runner/outcome.h"

struct explore_config {
	struct draw_config draw; /* .kinds are limited to those that @env has */
	uint64_t programs;	 /* how many; 0: until the time is over */
	uint64_t time_ns;	 /* 0: no limit */
	uint64_t deadline_ns;	 /* of each program */
	uint64_t tries;		 /* at most, to shrink one */
	bool strict;		 /* no allowance for known defects, see known.h */
};

struct explored {
	uint64_t programs;	/* that have run */
	bool found;		/* the last did not pass; the rest is about that one */
	struct program program; /* as small as it could be made */
	struct outcome outcome; /* the caller frees it with outcome_free() */
	unsigned int steps;	/* that it had when it was drawn */
	unsigned int tries;	/* to shrink it */
};

/* Before the first program: the unit of deadlines, see env/patience.h. */
void explore_calibrate(struct env *env, const struct explore_config *config);

/*
 * Runs one program more, and shrinks it if it does not pass. Returns whether that is the
 * end: it was found, or signals_noted().
 */
bool explore_one(struct env *env, const struct explore_config *config,
		 const struct program *program, struct explored *explored);

/*
 * Draws and runs programs, with the seeds from @seed on, until one does not pass, which
 * is then shrunk; until there were enough; or until signals_noted(). Returns 0, or -errno
 * after one line where nothing can be explored on this host.
 */
int explore(struct env *env, const struct explore_config *config, uint64_t seed,
	    struct explored *explored);

#endif
