/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * record.h - what a scenario asked of its sides, what came of it, and what was due
 *
 * Where nothing is due of an entry, the scenario took what came.
 */
#ifndef ODPLAB_SIDE_RECORD_H
#define ODPLAB_SIDE_RECORD_H

#include "side/side.h"

/* More than any program that is to be read can repeat. */
#define RECORD_ENTRIES 4096

struct record_entry {
	const char *step;
	enum side_role role;
	uint64_t pause_ns; /* that the scenario slept before it */
	struct side_request request;
	int ret;
	uint64_t number;
	struct target_info target;
	struct rdma_completion completion; /* of COLLECT: the first */
	uint32_t strays;
	/* what was due, of what is judged */
	bool ret_judged, status_judged, message_judged, number_judged;
	int ret_due;
	uint64_t number_due;
	struct rdma_completion due; /* .status; and all that a receive reports */
};

struct record {
	struct record_entry *entry;
	unsigned int n;
	/* what was done beside requests, or that there were too many; NULL: nothing */
	const char *lost;
	const char *step; /* that the scenario is in; a literal */
	uint64_t pause_ns;
};

/*
 * From now on all requests of *side are recorded; closing it closes that side. Returns 0
 * or -ENOMEM after one line.
 */
int record_side(struct record *record, struct side **side, enum side_role role);

/* Of the pause that the scenario is about to make. */
void record_pause(struct record *record, uint64_t ns);

/* What the last request had to return, and to reply in .number. */
void record_due(struct record *record, int ret);
void record_due_number(struct record *record, uint64_t number);

/* What the errno @got had to be, which the last request that may fail has returned. */
void record_due_errno(struct record *record, int got, int due);

/* How the operation had to end that was the last to end with @got. */
void record_due_status(struct record *record, enum op_status got, enum op_status due);

/* What the last receive had to report. */
void record_due_message(struct record *record, const struct rdma_completion *due);

/* "TARGET_OPEN" */
const char *record_request_name(enum request_kind kind);

#endif
