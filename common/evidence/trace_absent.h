/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* trace_absent.h - where the CPU has no pages, so that the next snapshot maps none */
#ifndef ODPLAB_EVIDENCE_TRACE_ABSENT_H
#define ODPLAB_EVIDENCE_TRACE_ABSENT_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/trace_count.h"

/* One that finds no place is not kept: its pages are in doubt then. */
#define TRACE_ABSENTS 64

struct trace_absent {
	struct trace_range range[TRACE_ABSENTS];
	unsigned int n;
};

/* Addresses; @to is not included. */
void trace_absent_add(struct trace_absent *absent, uint64_t from, uint64_t to);
bool trace_absent_has(const struct trace_absent *absent, uint64_t va);

/* Forgets the ranges that begin there: what the CPU has from now on is not known. */
void trace_absent_forget(struct trace_absent *absent, uint64_t from, uint64_t to);

#endif
