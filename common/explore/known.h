/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * known.h - the known defects that any program meets (docs/findings.md), and what the
 * model allows for them
 *
 * Without an allowance every second program would fail by the same defect.
 */
#ifndef ODPLAB_EXPLORE_KNOWN_H
#define ODPLAB_EXPLORE_KNOWN_H

#include "explore/world.h"

enum allowance {
	KNOWN_NONE = 0,
	KNOWN_REFUSES = 1 << 0, /* a valid access may be refused */
	/* an operation that begins inside a page goes to another place: there is none */
	KNOWN_OFFSET = 1 << 1,
	/* what the device wrote is lost by reclaim: there is none */
	KNOWN_CLEAN = 1 << 2,
	/* the kernel's list of its pages is wrong: the memory is left alone */
	KNOWN_SPOILT = 1 << 3,
};

/* Those for accesses to @m, a mask. None where the world is .strict. */
unsigned int known_allowance(const struct world *world, const struct memory *m);

#endif
