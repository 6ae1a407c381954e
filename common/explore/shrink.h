/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* shrink.h - the least program that still fails in the same way */
#ifndef ODPLAB_EXPLORE_SHRINK_H
#define ODPLAB_EXPLORE_SHRINK_H

#include <stdbool.h>

#include "explore/program.h"

/* Does this program fail as the one that is shrunk did? */
typedef bool fails_fn(const struct program *program, void *data);

/*
 * Takes steps away, first many at a time, and makes those that stay simpler, while
 * @fails. Asks at most @tries times. Returns how often it asked.
 */
unsigned int program_shrink(struct program *program, unsigned int tries, fails_fn *fails,
			    void *data);

#endif
