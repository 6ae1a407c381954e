/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* delays.h - instructions before which a virtual processor pauses */
#ifndef ODPLAB_PLUGIN_DELAYS_H
#define ODPLAB_PLUGIN_DELAYS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define DELAYS 64

struct delay {
	uint64_t address;
	uint32_t us;	/* how long */
	uint32_t every; /* at each how many-th execution */
	atomic_uint_fast64_t executed, paused;
};

/* Rows are added at the end, by one thread; others read up to .n, and pause. */
struct delays {
	atomic_uint n;
	struct delay delay[DELAYS];
};

/* Is the delay before this instruction; or NULL. */
struct delay *delays_at(struct delays *delays, uint64_t address);

/* Counts an execution. Returns whether it is one to pause before. */
bool delay_is_due(struct delay *delay);

/*
 * Carries a request out: "pause ADDRESS US EVERY" or "clear", after which translated code
 * must be forgotten (*@changed), or "list", which prints a line "ADDRESS EXECUTED PAUSED"
 * each. Returns NULL, or what is wrong.
 */
const char *delays_request(struct delays *delays, const char *line, FILE *out,
			   bool *changed);

#endif
