/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * deadline.h - the end of a wait, which moves where the host has become slower meanwhile
 *
 * Before a deadline passes the host is measured anew: what is late on a host that is as
 * fast as before hangs, what is late on one that is ten times slower may only be slow.
 */
#ifndef ODPLAB_ENV_DEADLINE_H
#define ODPLAB_ENV_DEADLINE_H

#include "base/clock.h"
#include "env/pace.h"

struct deadline {
	struct pace *pace; /* of the caller; NULL: the end does not move */
	uint64_t begin, ns;
};

/* @ns from now on, which are stretched by @pace already. */
static inline struct deadline deadline_in(struct pace *pace, uint64_t ns)
{
	return (struct deadline){ pace, clock_ns(), ns };
}

/* How long it still is; 0: it may pass. */
static inline uint64_t deadline_left(const struct deadline *deadline)
{
	uint64_t passed = clock_ns() - deadline->begin;

	return passed < deadline->ns ? deadline->ns - passed : 0;
}

static inline bool deadline_passed(struct deadline *deadline)
{
	if (deadline_left(deadline))
		return false;
	return !deadline->pace || !pace_is_slower(deadline->pace, &deadline->ns);
}

#endif
