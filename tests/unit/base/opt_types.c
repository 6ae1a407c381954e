// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * opt_types.c - a row whose kind does not fit its member must not compile
 *
 * Compiled by opt_types.cmake, without ROW as proof that the rest is right, then with
 * each wrong ROW.
 */
#include "base/opt.h"

struct config {
	bool flag;
	unsigned int count;
	uint64_t number;
	const char *string;
	struct opt_sizes sizes;
};

#ifndef ROW
#define ROW OPT_NUMBER_ROW(struct config, number, "number", 0, "N", NULL, "a number")
#endif

extern const struct opt options[];
const struct opt options[] = { ROW, OPT_END };
