/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trace_count.h - counts the events of the kernel's trace that concern one range
 *
 * The events are those that trace.c defines: odp_map and odp_mapped at the entry of
 * and the return from ib_umem_odp_map_dma_and_lock(), hmm_fault at the return of
 * the hmm_range_fault family, odp_unmap at the entry of
 * ib_umem_odp_unmap_dma_pages(); and fs_dax's.
 */
#ifndef ODPLAB_EVIDENCE_TRACE_COUNT_H
#define ODPLAB_EVIDENCE_TRACE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/witness.h"

#define TRACE_COUNT_CALLS 64 /* in progress at once */

struct trace_count {
	struct {
		int task;
		uint64_t pages; /* of the call that lie in the range */
		bool fault; /* faulting is allowed: not the snapshot of a registration */
	} calls[TRACE_COUNT_CALLS]; /* entered, and not returned from yet */
	unsigned int pending;
	/* more calls at once than .calls holds, or a gap in the trace: too few are counted */
	bool lost;

	uint64_t faulted;	/* pages mapped by calls that were allowed to fault */
	uint64_t refused;	/* such calls that failed */
	int refusal;		/* errno of the last of them */
	uint64_t snapshots;	/* calls that were not allowed to fault */
	uint64_t invalidations; /* calls */
	uint64_t remote_dax;	/* DAX faults of the range that no CPU access caused */
};

/* Counts one line of the trace file. Returns whether it concerns the range. */
bool trace_count_line(struct trace_count *count, const struct watched *range,
		      const char *line);

/*
 * How many pages were faulted in. A call that has not returned in the trace may have mapped
 * its pages or not: the kernel drops a return event where too many calls are in progress.
 */
struct bounds trace_count_pages(const struct trace_count *count);

/* "3 pages faulted in, 1 remote DAX faults" */
void trace_count_text(const struct trace_count *count, char *out, size_t size);

#endif
