/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * journal.h - a line of JSON as a run, and each of its scenarios, begins and ends
 *
 * For programs that start a run and must know how far it came, also where the host went
 * down meanwhile: each line is on disk before the run goes on, and is whole or absent.
 * "event" is "run" (once, first), "begin" and "end" (for each scenario) or "finish".
 * odp_test(1) describes the members.
 */
#ifndef ODPLAB_RUNNER_JOURNAL_H
#define ODPLAB_RUNNER_JOURNAL_H

#include <stddef.h>
#include <sys/types.h>

#include "runner/report.h"

struct journal {
	const char *path;
	int fd;	     /* -1: no journal is kept */
	off_t size;  /* bytes of whole lines; a line that was cut short is cut off */
	bool broken; /* a line could not be written, and none was since */
};

/*
 * Creates or empties the file; @path NULL: no journal, and all other calls do nothing.
 * Returns 0 or -errno, with a line.
 */
int journal_open(struct journal *journal, const char *path);

void journal_run(struct journal *journal, const struct run *run,
		 const struct scenario *const *scenarios, size_t n);
void journal_begin(struct journal *journal, const struct scenario *scenario,
		   unsigned int repetition);
void journal_end(struct journal *journal, const struct outcome *outcome);
void journal_finish(struct journal *journal, const struct run *run);

/* Returns 0, or -EIO where a line is missing (the reason has been logged). */
int journal_close(struct journal *journal);

#endif
