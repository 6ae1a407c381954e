/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trace_record.h - one line of the kernel's trace
 *
 * The events are those that trace.c defines: odp_map and odp_mapped at the entry of and
 * the return from ib_umem_odp_map_dma_and_lock(), hmm_fault at the return of the
 * hmm_range_fault family, odp_unmap at the entry of ib_umem_odp_unmap_dma_pages(); and
 * fs_dax's.
 */
#ifndef ODPLAB_EVIDENCE_TRACE_RECORD_H
#define ODPLAB_EVIDENCE_TRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_event {
	TRACE_MAP,    /* a driver is about to map pages of a region */
	TRACE_MAPPED, /* ... and has, or could not */
	TRACE_HMM,    /* the kernel faulted pages in for such a call */
	TRACE_UNMAP,  /* pages of a region are taken away from the device */
	TRACE_DAX,    /* a DAX fault that no CPU access caused */
	TRACE_ABSENT, /* our own mark: where the next snapshot finds no pages */
	TRACE_GAP,    /* the trace has lost events here */
};

struct trace_record {
	enum trace_event event;
	int task;
	uint64_t umem; /* MAP, UNMAP: the kernel's region (struct ib_umem_odp) */
	uint64_t from,
		to; /* MAP, UNMAP, DAX, ABSENT: user addresses, .to is not included */
	bool fault; /* MAP: faulting is allowed, it is no snapshot */
	bool write; /* MAP: for writing, too */
	int ret;    /* MAPPED: negative if it failed */
};

/* Returns false where the line is none of these events. */
bool trace_record_parse(const char *line, struct trace_record *record);

/*
 * The text of a mark: the CPU has no page there, so that the next snapshot, of a
 * registration or of a prefetch without faults, maps none. Which pages others map no
 * event tells.
 */
void trace_record_absent(uint64_t from, uint64_t to, char *text, size_t size);

#endif
