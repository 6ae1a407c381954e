// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_stream.c - the kernel's trace as it comes, over the life of a scenario */
#include "evidence/trace_stream.h"

#include <string.h>

#include "base/util.h"

#define EACH_WATCH(stream, count)                            \
	for (struct trace_count *count = (stream)->count;    \
	     count < (stream)->count + WATCH_SLOTS; count++) \
		if ((stream)->watching >> (count - (stream)->count) & 1)

static unsigned int bit_of(const struct trace_stream *stream,
			   const struct trace_count *count)
{
	return 1u << (count - stream->count);
}

/* The watches of whose range it touches a part. */
static unsigned int concerned(struct trace_stream *stream,
			      const struct trace_record *record)
{
	unsigned int watches = 0;

	EACH_WATCH(stream, count)
	if (trace_count_within(count, record->from, record->to))
		watches |= bit_of(stream, count);
	return watches;
}

void trace_stream_gap(struct trace_stream *stream)
{
	mapped_doubt(&stream->mapped);
	EACH_WATCH(stream, count)
	count->lost = true;
}

/* The addresses that a call maps: whole translations. */
static void widen(const struct trace_stream *stream, struct trace_record *record)
{
	uint64_t unit = PAGE_BYTES;

	for (unsigned int i = 0; i < stream->huges; i++)
		if (record->from >= stream->huge[i].addr &&
		    record->from < stream->huge[i].addr + stream->huge[i].len)
			unit = stream->huge[i].unit;
	if (record->from == record->to)
		return;
	record->from = round_down(record->from, unit);
	record->to = round_up(record->to, unit);
}

/* A task is in one call at a time: the return from this one is missing. */
static void doubt(struct trace_stream *stream, const struct trace_record *call)
{
	for (uint64_t va = call->from; va < call->to; va += PAGE_BYTES) {
		uint8_t *page = mapped_page(&stream->mapped, call->umem, va);

		if (page)
			*page |= MAPPED_PERHAPS;
	}
}

static unsigned int enter(struct trace_stream *stream, struct trace_record *record)
{
	struct trace_record stale;

	widen(stream, record);
	if (trace_calls_leave(&stream->calls, record->task, &stale))
		doubt(stream, &stale);
	if (!trace_calls_enter(&stream->calls, record))
		trace_stream_gap(stream);
	return concerned(stream, record);
}

/* Returns whether a watch counts the page. */
static bool note_brought(struct trace_stream *stream, uint64_t va, enum brought how)
{
	bool watched = false;

	EACH_WATCH(stream, count)
	{
		if (!trace_count_within(count, va, va + 1))
			continue;
		trace_count_brought(count, va, how);
		watched = true;
	}
	return watched;
}

static void note_repeat(struct trace_stream *stream, uint64_t va)
{
	EACH_WATCH(stream, count)
	count->repeats += trace_count_within(count, va, va + 1) != 0;
}

/* @page NULL: its state is not kept. */
static void fault_in(struct trace_stream *stream, const struct trace_record *call,
		     uint64_t va, uint8_t *page)
{
	uint8_t wanted = MAPPED_READ | (call->write ? MAPPED_WRITE : 0);
	uint8_t was = mapped_when_asked(page), along = MAPPED_ALONG;
	enum brought how = BROUGHT;
	bool watched, gone = page && !(*page & MAPPED_READ);

	if (was & MAPPED_PERHAPS) {
		how = BROUGHT_PERHAPS;
	} else if (was & MAPPED_READ) {
		how = BROUGHT_TO_WRITE;
		along = MAPPED_WRITE_ALONG;
	}
	if (page)
		*page = (was & (uint8_t)~MAPPED_PERHAPS) | wanted;
	if (!(was & MAPPED_PERHAPS) && (was & wanted) == wanted) {
		if (!gone) {
			note_repeat(stream, va);
			return;
		}
		how = BROUGHT_BACK;
		along = MAPPED_ALONG;
	}
	watched = note_brought(stream, va, how);
	if (page)
		*page = (*page & (uint8_t)~along) | (watched ? 0 : along);
}

static void apply(struct trace_stream *stream, const struct trace_record *call)
{
	for (uint64_t va = call->from; va < call->to; va += PAGE_BYTES) {
		uint8_t *page = mapped_page(&stream->mapped, call->umem, va);

		if (call->fault)
			fault_in(stream, call, va, page);
		else if (page && !(*page & (uint8_t)~MAPPED_BEFORE) &&
			 !trace_absent_has(&stream->absent, va))
			*page = MAPPED_PERHAPS;
	}
	if (!call->fault)
		trace_absent_forget(&stream->absent, call->from, call->to);
}

static unsigned int leave(struct trace_stream *stream, const struct trace_record *record)
{
	struct trace_record call;
	unsigned int watches;

	if (!trace_calls_leave(&stream->calls, record->task, &call))
		return 0;
	watches = concerned(stream, &call);
	if (record->ret >= 0)
		apply(stream, &call);
	else if (call.fault)
		mapped_forget_before(&stream->mapped, call.umem, call.from, call.to);
	EACH_WATCH(stream, count)
	{
		if (!(watches & bit_of(stream, count)))
			continue;
		count->snapshots += !call.fault;
		count->events += call.fault && record->ret >= 0;
		if (call.fault && record->ret < 0) {
			count->refused++;
			count->refusal = -record->ret;
		}
	}
	return watches;
}

static unsigned int unmap(struct trace_stream *stream, const struct trace_record *record)
{
	unsigned int watches = concerned(stream, record);

	for (unsigned int i = 0; i < stream->calls.n; i++) {
		const struct trace_record *call = &stream->calls.call[i];

		if (call->fault && call->umem == record->umem)
			mapped_keep_before(&stream->mapped, call->umem,
					   call->from > record->from ? call->from :
								       record->from,
					   size_min(call->to, record->to));
	}
	mapped_remove(&stream->mapped, record->umem, record->from, record->to);
	EACH_WATCH(stream, count)
	count->invalidations += (watches & bit_of(stream, count)) != 0;
	return watches;
}

static unsigned int dax(struct trace_stream *stream, const struct trace_record *record)
{
	unsigned int watches = concerned(stream, record);

	EACH_WATCH(stream, count)
	count->remote_dax += (watches & bit_of(stream, count)) != 0;
	return watches;
}

unsigned int trace_stream_line(struct trace_stream *stream, const char *line)
{
	const struct trace_record *call;
	struct trace_record record;

	if (!trace_record_parse(line, &record))
		return 0;
	switch (record.event) {
	case TRACE_GAP:
		trace_stream_gap(stream);
		return 0;
	case TRACE_MAP:
		return enter(stream, &record);
	case TRACE_MAPPED:
		return leave(stream, &record);
	case TRACE_HMM:
		call = trace_calls_find(&stream->calls, record.task);
		return call ? concerned(stream, call) : 0;
	case TRACE_UNMAP:
		return unmap(stream, &record);
	case TRACE_DAX:
		return dax(stream, &record);
	case TRACE_ABSENT:
		trace_absent_add(&stream->absent, record.from, record.to);
		return 0;
	}
	return 0;
}

static void know_unit(struct trace_stream *stream, const struct watched *range)
{
	if (range->unit <= PAGE_BYTES)
		return;
	for (unsigned int i = 0; i < stream->huges; i++)
		if (stream->huge[i].addr == range->addr)
			return;
	if (stream->huges < TRACE_HUGE_UNITS)
		stream->huge[stream->huges++] = *range;
}

void trace_stream_begin(struct trace_stream *stream, const struct watched *range)
{
	struct trace_count *count = &stream->count[range->slot];

	know_unit(stream, range);
	trace_count_free(count);
	trace_count_begin(count, range);
	stream->watching |= 1u << range->slot;
}

/* Pages of a call that has not returned, and that it may still bring. */
static uint64_t pending(struct trace_stream *stream, const struct trace_record *call,
			const struct trace_count *count)
{
	uint8_t wanted = MAPPED_READ | (call->write ? MAPPED_WRITE : 0);
	uint64_t pages = 0;

	for (uint64_t va = call->from; va < call->to; va += PAGE_BYTES) {
		uint8_t was =
			mapped_when_asked(mapped_page(&stream->mapped, call->umem, va));

		if (was & MAPPED_PERHAPS || (was & wanted) != wanted)
			pages += trace_count_within(count, va, va + 1);
	}
	return pages;
}

const struct trace_count *trace_stream_end(struct trace_stream *stream, unsigned int slot)
{
	struct trace_count *count = &stream->count[slot];

	for (unsigned int i = 0; i < stream->calls.n; i++) {
		const struct trace_record *call = &stream->calls.call[i];

		if (call->fault)
			count->pending += pending(stream, call, count);
	}
	trace_count_settle(count, &stream->mapped);
	stream->watching &= ~(1u << slot);
	return count;
}

void trace_stream_reset(struct trace_stream *stream)
{
	mapped_clear(&stream->mapped);
	for (unsigned int slot = 0; slot < WATCH_SLOTS; slot++)
		trace_count_free(&stream->count[slot]);
	memset(stream, 0, sizeof(*stream));
}
