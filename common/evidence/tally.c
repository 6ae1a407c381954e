// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tally.c - counts what the kernel's trace says about one range */
#include "evidence/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"

/* One line of the trace: "  comm-123  [001] d..1.  12.345678: event: (where) fields". */
struct record {
	int task;
	const char *event;
	const char *fields;
};

static bool parse_record(const char *line, struct record *record)
{
	const char *cpu = strstr(line, " [");
	const char *task, *colon;

	if (!cpu || line[0] == '#')
		return false;
	for (task = cpu; task > line && *task != '-'; task--)
		;
	colon = strstr(cpu, ": ");
	if (*task != '-' || !colon)
		return false;
	record->task = atoi(task + 1);
	record->event = colon + 2;
	record->fields = strstr(record->event, ": ");
	return record->fields;
}

static bool is_event(const struct record *record, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(record->event, name, n) && record->event[n] == ':';
}

static uint64_t field(const struct record *record, const char *name)
{
	const char *found = strstr(record->fields, name);

	return found ? strtoull(found + strlen(name), NULL, 0) : 0;
}

static uint64_t pages_in(const struct watched *range, uint64_t va, uint64_t bytes)
{
	uint64_t from = va > range->addr ? va : range->addr;
	uint64_t to = va + bytes < range->addr + range->len ? va + bytes :
							      range->addr + range->len;

	return from < to ? pages_spanned(from, to - from) : 0;
}

static void enter_call(struct tally *tally, const struct record *record,
		       const struct watched *range)
{
	uint64_t pages = pages_in(range, field(record, "va="), field(record, "bytes="));

	if (!pages || tally->pending == TALLY_CALLS)
		return;
	tally->calls[tally->pending].task = record->task;
	tally->calls[tally->pending].pages = pages;
	tally->calls[tally->pending++].fault = field(record, "fault=");
}

static void leave_call(struct tally *tally, const struct record *record)
{
	int ret = (int)strtol(strstr(record->fields, "ret=") + 4, NULL, 0);

	for (unsigned int i = tally->pending; i-- > 0;) {
		if (tally->calls[i].task != record->task)
			continue;
		if (!tally->calls[i].fault) {
			tally->snapshots++;
		} else if (ret >= 0) {
			tally->faulted += tally->calls[i].pages;
		} else {
			tally->refused++;
			tally->refusal = -ret;
		}
		tally->calls[i] = tally->calls[--tally->pending];
		return;
	}
}

static bool count_record(struct tally *tally, const struct record *record,
			 const struct watched *range)
{
	unsigned int before = tally->pending;

	if (is_event(record, "odp_map")) {
		enter_call(tally, record, range);
		return tally->pending != before;
	}
	if (is_event(record, "odp_mapped") && strstr(record->fields, "ret=")) {
		leave_call(tally, record);
		return tally->pending != before;
	}
	if (is_event(record, "hmm_fault"))
		return tally->pending;
	if (is_event(record, "odp_unmap")) {
		uint64_t va = field(record, "va=");

		if (!pages_in(range, va, field(record, "end=") - va))
			return false;
		tally->invalidations++;
		return true;
	}
	if (is_event(record, "dax_pte_fault_done") ||
	    is_event(record, "dax_pmd_fault_done")) {
		if (!strstr(record->fields, "REMOTE") ||
		    !pages_in(range, field(record, "address "), 1))
			return false;
		tally->remote_dax++;
		return true;
	}
	return false;
}

bool tally_line(struct tally *tally, const struct watched *range, const char *line)
{
	struct record record;

	return parse_record(line, &record) && count_record(tally, &record, range);
}

void tally_text(const struct tally *tally, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "%" PRIu64 " pages faulted in",
				    tally->faulted);

	if (tally->refused)
		n += (size_t)snprintf(out + n, size - n,
				      ", %" PRIu64 " faults refused (%s)", tally->refused,
				      strerror(tally->refusal));
	if (tally->remote_dax)
		n += (size_t)snprintf(out + n, size - n,
				      ", %" PRIu64 " remote DAX faults",
				      tally->remote_dax);
	if (tally->snapshots)
		n += (size_t)snprintf(out + n, size - n, ", %" PRIu64 " snapshots",
				      tally->snapshots);
	if (tally->invalidations)
		snprintf(out + n, size - n, ", %" PRIu64 " invalidations",
			 tally->invalidations);
}
