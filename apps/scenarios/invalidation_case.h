/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* invalidation_case.h - a row of the table of traffic during invalidation */
#ifndef ODPLAB_SCENARIOS_INVALIDATION_CASE_H
#define ODPLAB_SCENARIOS_INVALIDATION_CASE_H

#include "scenario/scenario.h"

/* Short enough for the default suite on an emulated processor. */
#define ROUNDS test_iterations(t, 50, 10000)

struct invalidation_case {
	enum region_kind kind;
	enum invalidator by;
	unsigned int harm; /* enum harm */
	uint64_t len;	   /* 0: enough for most */
	uint64_t rounds;   /* of traffic, and cycles of the storm; 0: ROUNDS */
};

/* A scenario whose row is a struct invalidation_case. */
void run_under_invalidation(struct test *t, const void *row);

#endif
