/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* outcome.h - the result of one scenario: plain data, for the reports */
#ifndef ODPLAB_RUNNER_OUTCOME_H
#define ODPLAB_RUNNER_OUTCOME_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "env/needs.h"
#include "testcase/verdict.h"

struct scenario;
struct defect;

struct outcome {
	const struct scenario *scenario;
	unsigned int repetition; /* from 1 */
	enum verdict verdict;
	char why[1024]; /* of all verdicts but PASS */
	char step[256]; /* where it failed ... */
	char file[64];
	int line;
	need_set lacks; /* SKIP: the needs that are not met */
	uint64_t duration_ns;
	uint64_t peak_rss; /* bytes resident at most, regions included; 0: not run */
	struct json_object *watches; /* array: what was expected and observed */
	struct json_object *notes;   /* array of strings */
	/* array: what was seen where drivers differ (testcase/driver_column.c) */
	struct json_object *columns;
	char *reproducer;    /* see reproducer/reproducer.h; or NULL ... */
	char *no_reproducer; /* ... and why; NULL: none was due */
	bool host_spoiled;   /* scenarios after it prove nothing until the next boot */
	char *kernel;	     /* the kernel log meanwhile; NULL: not readable */
	const struct defect *defect; /* XFAIL and XPASS: the known defect */
};

void outcome_set(struct outcome *outcome, enum verdict verdict, const char *why);

void outcome_free(struct outcome *outcome);

/*
 * How many expectations about page faults there were, how many were proven, and how many
 * of those weakly: faults were seen, but no witness counted them.
 */
struct proof {
	unsigned int expected, proven, weak;
};
struct proof outcome_proof(const struct outcome *outcome);

/* "2 of 3 expectations proven, 1 of them weakly". Returns @text. */
#define PROOF_TEXT 96
const char *proof_text(struct proof proof, char text[PROOF_TEXT]);

/* Adds to @counts, by its name, how many of them each witness confirms. */
void outcome_count_witnesses(const struct outcome *outcome, struct json_object *counts);

#endif
