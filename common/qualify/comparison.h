/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * comparison.h - what differs between two runs
 *
 * A verdict that changed is a difference that has to be explained. How often a device
 * asks for pages, and what it takes along, is its own affair (docs/architecture.md, "What
 * counts"): that figures changed is shown, and is no failure.
 */
#ifndef ODPLAB_QUALIFY_COMPARISON_H
#define ODPLAB_QUALIFY_COMPARISON_H

#include <stddef.h>
#include <stdio.h>

struct findings;

/*
 * Prints a line for each fact of the environment, each verdict, and the figures of each
 * scenario and witness that differ, and one that sums up. Returns how many verdicts
 * changed; a scenario that the new run lacks is one of them, a scenario that it has in
 * addition is not.
 */
size_t comparison_print(const struct findings *old, const struct findings *new,
			FILE *out);

#endif
