/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* coverage.h - what was tested of each capability, and what was not */
#ifndef ODPLAB_QUALIFY_COVERAGE_H
#define ODPLAB_QUALIFY_COVERAGE_H

#include <stddef.h>
#include <stdio.h>

struct findings;

/*
 * Prints the table of capabilities, and a line "not tested: CAPABILITY (REMEDY)" for each
 * gap: a capability of which nothing ran, where an option or root would have let
 * something of it run. What the device does not claim is no gap. Returns how many gaps
 * there are.
 */
size_t coverage_print(const struct findings *findings, FILE *out);

#endif
