/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* run.h - runs scenarios one after the other, and reports */
#ifndef ODPLAB_RUNNER_RUN_H
#define ODPLAB_RUNNER_RUN_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "env/env.h"
#include "runner/defects.h"
#include "testcase/registry.h"

struct run_config {
	uint64_t deadline_ns; /* of each scenario */
	uint64_t repeat;      /* how often each runs */
	const char *journal;  /* NULL: only the one in the folder of the run */
	bool allow_unproven;
	bool stop_on_failure;
	bool learn; /* leave the draft of a driver's column, too */
	bool ktap;  /* results on stdout as KTAP, the table on stderr */
	unsigned int verbose;
};

/* What is run, how the user asked for it, and where the results go. */
struct run_request {
	const struct scenario *const *scenarios;
	size_t n;
	const struct defects *defects;
	struct json_object *options; /* effective ones */
	struct json_object *command; /* its words */
	const struct result_config *results;
};

/* That holds for each scenario: longer where loops are. */
uint64_t run_deadline_ns(const struct run_config *config, const struct env *env);

/*
 * Runs them, until signals_noted(). What has run is on disk as it ends, in the hidden
 * folder of results.h, and is in the reports at the end. Returns the exit status.
 */
int run_scenarios(struct env *env, const struct run_config *config,
		  const struct run_request *request);

#endif
