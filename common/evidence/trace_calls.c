// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * trace_calls.c - calls that map pages: entered, and not returned from yet; one of each
 * task
 */
#include "evidence/trace_calls.h"

const struct trace_record *trace_calls_find(const struct trace_calls *calls, int task)
{
	for (unsigned int i = 0; i < calls->n; i++)
		if (calls->call[i].task == task)
			return &calls->call[i];
	return NULL;
}

bool trace_calls_enter(struct trace_calls *calls, const struct trace_record *call)
{
	if (calls->n == TRACE_CALLS)
		return false;
	calls->call[calls->n++] = *call;
	return true;
}

bool trace_calls_leave(struct trace_calls *calls, int task, struct trace_record *call)
{
	const struct trace_record *found = trace_calls_find(calls, task);

	if (!found)
		return false;
	*call = *found;
	calls->call[found - calls->call] = calls->call[--calls->n];
	return true;
}
