/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * acceptance.h - what a host must fulfil to be accepted, held against what was found
 *
 * configs/profiles has examples. Each section is one requirement, of scenarios
 *
 *	[DAX]
 *	scenario = DAX-* PER-*      ; globs, separated by blanks
 *	allow = XFAIL               ; verdicts that do, besides PASS: XFAIL, UNPROVEN, SKIP
 *
 * or of throughput, with operations in flight:
 *
 *	[warm writes]
 *	state = warm                ; warm, prefetched or cold
 *	op = write                  ; write or read; may be left out
 *	size = 64K                  ; of a message; may be left out
 *	of_pinned = 0.80            ; at least so many times the rate of the pinned state
 */
#ifndef ODPLAB_QUALIFY_ACCEPTANCE_H
#define ODPLAB_QUALIFY_ACCEPTANCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct findings;

struct requirement {
	char name[64];	    /* of the section */
	char scenario[512]; /* globs; "" where it is one of throughput */
	char allow[64];
	char state[16], op[16], size[16], of_pinned[16]; /* as in the file */
	uint64_t bytes;					 /* of .size; 0: all sizes */
	double least;					 /* of .of_pinned */
	unsigned int also; /* of .allow: 1 << enum standing */
};

struct acceptance {
	struct requirement *list;
	size_t n;
};

/*
 * Reads the file. Returns 0 or -errno after one line: -EINVAL for a key or value that is
 * unknown, a glob without a scenario, and a file without a requirement.
 */
int acceptance_load(struct acceptance *acceptance, const char *path);
void acceptance_free(struct acceptance *acceptance);

/*
 * Prints a line "not met: [NAME] ..." for each scenario and measurement that falls short,
 * or is missing. Returns how many.
 */
size_t acceptance_judge(const struct acceptance *acceptance,
			const struct findings *findings, FILE *out);

#endif
