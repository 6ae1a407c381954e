/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* case.h - a way to invalidate memory, and what it does to it */
#ifndef ODPLAB_SCENARIOS_INVALIDATION_CASE_H
#define ODPLAB_SCENARIOS_INVALIDATION_CASE_H

#include "scenario/scenario.h"

/* Short enough for the default suite on an emulated processor. */
#define ROUNDS test_iterations(t, 50, 10000)

struct invalidation_case {
	enum region_kind kind;
	enum invalidator by;
	unsigned int harm; /* mask of enum harm */
	uint64_t len;	   /* of the memory in bytes; 0: 256 KiB */
	uint64_t rounds;   /* of traffic, and cycles of the storm; 0: ROUNDS */
};

/* A scenario of one way: of what every way needs, and the members of its case. */
#define INVALIDATION(id_, run_, about_, needs_, ...)                     \
	{                                                                \
		.id = id_,                                               \
		.about = about_,                                         \
		.needs = (needs_) | NEEDS(ODP, RC_WRITE, RC_READ),       \
		.run = run_,                                             \
		.row = &(const struct invalidation_case){ __VA_ARGS__ }, \
	}

/* WRITE and READ during a storm. @row: a struct invalidation_case. */
void run_under_invalidation(struct test *t, const void *row);

#endif
