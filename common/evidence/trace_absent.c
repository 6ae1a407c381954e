// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_absent.c - where the CPU has no pages, so that the next snapshot maps none */
#include "evidence/trace_absent.h"

void trace_absent_add(struct trace_absent *absent, uint64_t from, uint64_t to)
{
	if (absent->n < TRACE_ABSENTS)
		absent->range[absent->n++] =
			(struct trace_range){ .from = from, .to = to };
}

bool trace_absent_has(const struct trace_absent *absent, uint64_t va)
{
	for (unsigned int i = 0; i < absent->n; i++)
		if (va >= absent->range[i].from && va < absent->range[i].to)
			return true;
	return false;
}

void trace_absent_forget(struct trace_absent *absent, uint64_t from, uint64_t to)
{
	for (unsigned int i = absent->n; i-- > 0;)
		if (absent->range[i].from >= from && absent->range[i].from < to)
			absent->range[i] = absent->range[--absent->n];
}
