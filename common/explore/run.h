/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* run.h - a program as the body of a scenario */
#ifndef ODPLAB_EXPLORE_RUN_H
#define ODPLAB_EXPLORE_RUN_H

#include <stdbool.h>

struct program;
struct test;

struct explore_row {
	const struct program *program;
	bool strict; /* no allowance for known defects, see known.h */
};

/*
 * Does all that the program says, then looks at each memory. @row: a struct explore_row.
 * Each step is one of the test's, in the file "program", at the line of its number.
 */
void explore_run(struct test *t, const void *row);

#endif
