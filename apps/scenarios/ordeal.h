/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ordeal.h - traffic that goes on while a storm takes its pages away */
#ifndef ODPLAB_SCENARIOS_ORDEAL_H
#define ODPLAB_SCENARIOS_ORDEAL_H

#include "scenario/scenario.h"

/* Short enough for the default suite on an emulated processor. */
#define ROUNDS test_iterations(t, 50, 10000)

struct ordeal {
	enum region_kind kind;
	enum invalidator by;
	unsigned int harm; /* enum harm */
	uint64_t len;	   /* 0: enough for most */
	uint64_t rounds;   /* of traffic, and cycles of the storm; 0: ROUNDS */
};

/* A scenario whose row is a struct ordeal. */
void endure(struct test *t, const void *row);

#endif
