// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* record.c - what a scenario asked of its sides, what came of it, and what was due */
#include "side/record.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/util.h"

/* Passes requests on to another side. */
struct recorded_side {
	struct side side;
	struct side *inner;
	struct record *record;
	enum side_role role;
};

/* Makes room at each power of two. Returns 0 or -ENOMEM. */
static int make_room(struct record *record)
{
	unsigned int n = record->n;
	struct record_entry *more;

	if (n & (n - 1))
		return 0;
	more = realloc(record->entry, (n ? 2 * n : 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	record->entry = more;
	return 0;
}

static struct record_entry *add(struct record *record)
{
	if (record->n == RECORD_ENTRIES) {
		record->lost = "the scenario makes too many requests";
		return NULL;
	}
	if (make_room(record)) {
		record->lost = "no memory for the record";
		return NULL;
	}
	return &record->entry[record->n++];
}

static int recorded_call(struct side *base, const struct side_request *request,
			 struct side_reply *reply)
{
	struct recorded_side *side = container_of(base, struct recorded_side, side);
	int ret = side_call(side->inner, request, reply);
	struct record *record = side->record;
	struct record_entry *entry = add(record);

	if (!entry)
		return ret;
	*entry = (struct record_entry){
		.step = record->step,
		.role = side->role,
		.pause_ns = record->pause_ns,
		.request = *request,
		.ret = ret,
		.number = reply->number,
		.target = reply->target,
		.completion = request->kind == SIDE_COLLECT ? reply->batch[0] :
							      reply->completion,
		.strays = reply->strays,
	};
	record->pause_ns = 0;
	return ret;
}

static void recorded_close(struct side *base)
{
	struct recorded_side *side = container_of(base, struct recorded_side, side);

	side->record->lost = "a side is closed and opened again";
	side->inner->close(side->inner);
	free(side);
}

int record_side(struct record *record, struct side **side, enum side_role role)
{
	struct recorded_side *recorded = malloc(sizeof(*recorded));

	if (!recorded)
		return log_errno(ENOMEM, "the record of a side");
	*recorded = (struct recorded_side){
		.side = { recorded_call, recorded_close },
		.inner = *side,
		.record = record,
		.role = role,
	};
	*side = &recorded->side;
	return 0;
}

void record_pause(struct record *record, uint64_t ns)
{
	record->pause_ns += ns;
}

static struct record_entry *last(struct record *record)
{
	return record->n ? &record->entry[record->n - 1] : NULL;
}

void record_due(struct record *record, int ret)
{
	struct record_entry *entry = last(record);

	if (!entry)
		return;
	entry->ret_judged = true;
	entry->ret_due = ret;
}

void record_due_number(struct record *record, uint64_t number)
{
	struct record_entry *entry = last(record);

	if (!entry)
		return;
	entry->number_judged = true;
	entry->number_due = number;
}

void record_due_errno(struct record *record, int got, int due)
{
	for (unsigned int i = record->n; i-- > 0;) {
		struct record_entry *entry = &record->entry[i];

		switch (entry->request.kind) {
		case SIDE_TARGET_REGISTER:
		case SIDE_TARGET_REREGISTER:
		case SIDE_TARGET_ADVISE:
			if (entry->ret != -got || entry->ret_judged)
				return;
			entry->ret_judged = true;
			entry->ret_due = -due;
			return;
		case SIDE_TARGET_MADVISE_NUMBER:
		case SIDE_TARGET_MREMAP:
		case SIDE_TARGET_POLICY:
			if (entry->number != (uint64_t)got)
				return;
			entry->number_judged = true;
			entry->number_due = (uint64_t)due;
			return;
		default:
			break;
		}
	}
}

static bool completes(const struct record_entry *entry)
{
	switch (entry->request.kind) {
	case SIDE_WAIT:
	case SIDE_WAIT_RECV:
	case SIDE_COLLECT:
	case SIDE_WINDOW_BIND:
	case SIDE_WINDOW_INVALIDATE:
		return true;
	default:
		return false;
	}
}

void record_due_status(struct record *record, enum op_status got, enum op_status due)
{
	for (unsigned int i = record->n; i-- > 0;) {
		struct record_entry *entry = &record->entry[i];

		if (!completes(entry) || entry->completion.status != got)
			continue;
		entry->status_judged = true;
		entry->due.status = due;
		return;
	}
}

void record_due_message(struct record *record, const struct rdma_completion *due)
{
	struct record_entry *entry = last(record);

	if (!entry)
		return;
	entry->status_judged = entry->message_judged = true;
	entry->due = *due;
}

const char *record_request_name(enum request_kind kind)
{
	static const char *const names[] = {
#define ON_SIDE(kind, server)	[SIDE_##kind] = #kind,
#define ON_TARGET(kind, server) [SIDE_##kind] = #kind,
#include "side/requests.def"
#undef ON_SIDE
#undef ON_TARGET
	};

	return names[kind];
}
