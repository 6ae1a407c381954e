/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* run_files.h - the files that a run leaves, and run.json on stdout */
#ifndef ODPLAB_RUNNER_RUN_FILES_H
#define ODPLAB_RUNNER_RUN_FILES_H

#include "env/results.h"
#include "runner/report.h"

/* Writes all files and gives the folder its name. Returns 0 or -errno after one line. */
int run_files_write(struct results *results, const struct run *run);

/* run.json on stdout */
void run_files_print_json(const struct run *run);

#endif
