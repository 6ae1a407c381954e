/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * reproducer.h - a program in C that does what a scenario asked of its two sides
 *
 * It needs libibverbs alone, works on memory of its own process, and has both ends in it.
 * It ends with 1 where something is not as the scenario expects it, with 0 where all is,
 * and with 77 where the device or the host lacks something. As a reproducer of syzkaller,
 * it is what a maintainer can read and run without the suite.
 */
#ifndef ODPLAB_REPRODUCER_REPRODUCER_H
#define ODPLAB_REPRODUCER_REPRODUCER_H

#include <stddef.h>

#include "side/record.h"

/* A program that is longer is not read. */
#define REPRODUCER_LINES 300

/* What its first comment says. */
struct reproducer_facts {
	const char *id, *about;
	const char *verdict, *why; /* of the run that was recorded */
	const struct rdma_device *device;
	bool failed; /* it must show in the program */
};

#define REPRODUCER_WHY 200

/*
 * Returns the program, which the caller frees; or NULL with @why: a request that is not
 * known here, nothing that the program can check has failed, and so on.
 */
char *reproducer_text(const struct reproducer_facts *facts, const struct record *record,
		      char why[REPRODUCER_WHY]);

#endif
