/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trace_count.h - what the kernel's trace says of one watched range
 *
 * A page counts when it was absent from the device and a fault brought it; to a write it
 * is absent where the device may only read it. How often a device asks, and what it takes
 * along, is a property of the device: a page that is asked for again is a repeat; a page
 * that no operation names is a neighbour.
 */
#ifndef ODPLAB_EVIDENCE_TRACE_COUNT_H
#define ODPLAB_EVIDENCE_TRACE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/mapped.h"
#include "evidence/witness.h"

#define TRACE_NAMES 160

/* What a fault did to a page. */
enum brought {
	BROUGHT,	  /* it was absent */
	BROUGHT_TO_WRITE, /* the device could read it before */
	BROUGHT_PERHAPS,  /* it may have been there */
	BROUGHT_BACK,	  /* it was there when the fault began, and went meanwhile */
};

struct trace_range {
	uint64_t from, to; /* addresses */
	enum brought how;
};

struct trace_name {
	uint64_t from, to; /* addresses */
	bool writes;	   /* the device writes there, or reads */
};

struct trace_count {
	struct watched range;
	/* where operations touch it; none: anywhere */
	struct trace_name name[TRACE_NAMES];
	unsigned int names;
	bool anywhere; /* they are more than .name holds, or not known */

	struct trace_range *brought; /* pages that faults made present, in their order */
	size_t n, size;

	uint64_t pages; /* of .brought that are named, each once */
	uint64_t
		returned; /* how often they were brought again: gone meanwhile, or to be written */
	uint64_t perhaps;    /* and those that may have been there already */
	uint64_t neighbours; /* those that are not named */
	uint64_t along;	  /* named, and brought by an earlier fault along with another */
	uint64_t repeats; /* pages that were asked for while they were present */
	uint64_t events;  /* calls that were allowed to fault, and mapped pages */
	uint64_t pending; /* absent pages of faults that have not returned yet */
	uint64_t refused; /* calls that failed */
	int refusal;	  /* errno of the last of them */
	uint64_t snapshots;	/* calls that were not allowed to fault */
	uint64_t invalidations; /* calls */
	uint64_t remote_dax;	/* DAX faults of the range that no CPU access caused */
	bool lost;		/* events are missing: too few are counted */
};

void trace_count_begin(struct trace_count *count, const struct watched *range);

/* An operation touches these addresses: the device @writes there, or reads. */
void trace_count_name(struct trace_count *count, uint64_t from, uint64_t to, bool writes);

/* How many pages of the range lie between these addresses. */
uint64_t trace_count_within(const struct trace_count *count, uint64_t from, uint64_t to);

/* A fault made a page present, or gave the device the right to write it. */
void trace_count_brought(struct trace_count *count, uint64_t page, enum brought how);

/*
 * The watch is over: fills .pages, .returned, .perhaps, .neighbours, .along, and marks
 * the neighbours in @mapped. To be read before trace_count_free().
 */
void trace_count_settle(struct trace_count *count, struct mapped *mapped);
void trace_count_free(struct trace_count *count);

/*
 * How many pages were faulted in. A call that has not returned in the trace may have
 * mapped its pages or not: the kernel drops a return event where too many calls are in
 * progress.
 */
struct bounds trace_count_pages(const struct trace_count *count);

/* "3 pages faulted in, 1 remote DAX faults" */
void trace_count_text(const struct trace_count *count, char *out, size_t size);

#endif
