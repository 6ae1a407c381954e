/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* way.h - the ways to invalidate pages that a program can choose */
#ifndef ODPLAB_EXPLORE_WAY_H
#define ODPLAB_EXPLORE_WAY_H

#include <stdbool.h>
#include <stdint.h>

#include "env/needs.h"
#include "invalidation/invalidate.h"

struct way {
	enum invalidator by;
	need_set needs;
	uint32_t kinds; /* 1 << enum region_kind: of memory that it can be done to */
	bool loses;	/* the data of the range may turn into zeros */
	bool refuses;	/* meanwhile an access may be refused */
	bool reclaims;	/* pages that are clean are taken without their data */
};

extern const struct way ways[];

/* NULL-terminated, in the order of ways[]. */
extern const char *const way_names[];

#endif
