/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trace_calls.h - calls that map pages: entered, and not returned from yet; one of each
 * task
 */
#ifndef ODPLAB_EVIDENCE_TRACE_CALLS_H
#define ODPLAB_EVIDENCE_TRACE_CALLS_H

#include "evidence/trace_record.h"

#define TRACE_CALLS 64 /* in progress at once */

struct trace_calls {
	struct trace_record call[TRACE_CALLS];
	unsigned int n;
};

/* The call that the task is in, or NULL. Valid until a call is entered or left. */
const struct trace_record *trace_calls_find(const struct trace_calls *calls, int task);

/* The task must be in no call. Returns false where there is no place left. */
bool trace_calls_enter(struct trace_calls *calls, const struct trace_record *call);

/* Fills @call. Returns false where the task is in none. */
bool trace_calls_leave(struct trace_calls *calls, int task, struct trace_record *call);

#endif
