/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* report.h - a run's outcomes in the forms that people and machines read */
#ifndef ODPLAB_RUNNER_REPORT_H
#define ODPLAB_RUNNER_REPORT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "env/env.h"
#include "runner/outcome.h"

/* A whole run: plain data. */
struct run {
	const struct env *env;
	struct json_object *config;  /* effective options */
	struct json_object *command; /* its words */
	const char *defects_digest;  /* of the known defects; NULL: there are none */
	char started[CLOCK_TEXT], finished[CLOCK_TEXT];
	struct outcome calibration; /* of scenario/calibration.h */
	struct outcome *outcomes;
	size_t n;
	unsigned int count[VERDICTS];
	bool allow_unproven; /* what is unproven is no failure */
	bool learn;	     /* report_column() is wanted */
	int interrupted;     /* the signal that ended it early, or 0 */
	int exit_status;
};

/* The table, a line as each outcome comes. @verbose: with all evidence. */
void report_table_head(FILE *out);
void report_table_line(const struct outcome *outcome, bool verbose, FILE *out);
void report_table_sum(const struct run *run, FILE *out);

/* docs/run.schema.json describes it. The caller owns the object. */
struct json_object *report_json(const struct run *run);

/* Test Anything Protocol, version 13: what every reader knows */
void report_tap(const struct run *run, FILE *out);
void report_junit(const struct run *run, FILE *out);

/*
 * KTAP version 1, of the kernel's own tests: a line as each outcome comes. @n: how many
 * will come.
 */
void report_ktap_head(size_t n, FILE *out);
void report_ktap_line(const struct run *run, size_t i, FILE *out);
void report_ktap_end(const struct run *run, FILE *out);

/* What was seen where drivers differ, for a person to decide on: docs/add-a-driver.md. */
void report_column(const struct run *run, FILE *out);

/* The kernel's log over the run, scenario by scenario. */
void report_kernel_log(const struct run *run, FILE *out);

#endif
