/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * trace_stream.h - the kernel's trace as it comes, over the life of a scenario
 *
 * It keeps which pages the device has, and which calls are in progress, between watches
 * too: a watch counts the pages that were absent when it began.
 */
#ifndef ODPLAB_EVIDENCE_TRACE_STREAM_H
#define ODPLAB_EVIDENCE_TRACE_STREAM_H

#include "evidence/mapped.h"
#include "evidence/trace_absent.h"
#include "evidence/trace_calls.h"
#include "evidence/trace_count.h"
#include "evidence/trace_record.h"

#define TRACE_HUGE_UNITS 16

struct trace_stream {
	struct mapped mapped;
	struct trace_calls calls;
	struct trace_absent absent;
	/* ranges of which a translation is more than a page */
	struct watched huge[TRACE_HUGE_UNITS];
	unsigned int huges;
	struct trace_count count[WATCH_SLOTS]; /* of the watches that are on */
	unsigned int watching;		       /* bits by slot */
};

/* Takes the next line. Returns the watches that it concerns, bits by slot. */
unsigned int trace_stream_line(struct trace_stream *stream, const char *line);

/* Events were lost that no line of the trace tells of. */
void trace_stream_gap(struct trace_stream *stream);

void trace_stream_begin(struct trace_stream *stream, const struct watched *range);

/* Ends a watch. Its count is valid until the slot's next watch begins. */
const struct trace_count *trace_stream_end(struct trace_stream *stream,
					   unsigned int slot);

/* Forgets all: what it knew was of another process. */
void trace_stream_reset(struct trace_stream *stream);

#endif
