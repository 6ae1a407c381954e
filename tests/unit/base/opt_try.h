/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* opt_try.h - a table of options of every type, and what a command line makes of it */
#ifndef ODPLAB_TESTS_OPT_TRY_H
#define ODPLAB_TESTS_OPT_TRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"

struct config {
	bool odp;
	unsigned int verbose;
	uint64_t count, length, timeout;
	const char *device;
	unsigned int memory;
	struct opt_sizes sizes;
	unsigned int ops;
};

extern const struct opt options[];

/* What one run of the parser gave. */
struct opt_run {
	struct config config;
	int ret, rest;
	char *argv[48];
	char out[4096], err[1024];
};
extern struct opt_run run;

/* Parses the words of the line. */
void parse(const char *line);

/* Likewise; nothing may be wrong with them. */
void accepts(const char *line);

#endif
