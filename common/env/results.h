/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * results.h - the folder that a run leaves: whole, or not there
 *
 * Files are written into a folder whose name begins with a dot, which gets its own name,
 * <UTC time>-<device>-<kernel>, when all of them are on disk.
 */
#ifndef ODPLAB_ENV_RESULTS_H
#define ODPLAB_ENV_RESULTS_H

#include <limits.h>
#include <stdio.h>

#include "env/env.h"

struct results {
	char path[PATH_MAX];   /* of the folder, as it will be */
	char hidden[PATH_MAX]; /* as it is until then */
	int reserve;	       /* a file with the blocks that are set aside, or -1 */
};

/* Far more than the files of a usual run take: one has 1 MiB. */
#define RESULTS_BYTES (16ull << 20)

/*
 * What runs have left that were killed, in @directory, gets its name, with "-killed" at
 * its end: it holds the journal of what ran. Returns how many there were. results_open()
 * does so first.
 */
unsigned int results_adopt(const char *directory);

/*
 * Before the run, so that a folder that cannot be written is known. RESULTS_BYTES are set
 * aside there until the first file is written, so that a filesystem that others fill up
 * meanwhile costs no results. Returns 0; -ENOSR where it has not as much free; or -errno;
 * after one line.
 */
int results_open(struct results *results, const char *directory, const struct env *env);

/* What @write writes, with bytes that are not UTF-8 replaced. The caller frees it; NULL:
 * no memory. */
char *results_text(void (*write)(FILE *out, const void *data), const void *data,
		   size_t *size);

/* One file, written by @write. Returns 0 or -errno after one line. */
int results_file(struct results *results, const char *name,
		 void (*write)(FILE *out, const void *data), const void *data);

/* Gives the folder its name. Returns 0 or -errno after one line. */
int results_finish(struct results *results);

/* Removes what there is, if it has not been finished. */
void results_drop(struct results *results);

#endif
