// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_count.c - counts the events of the kernel's trace that concern one range */
#include "evidence/trace_count.h"

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

/* " [001] ", which the name of a task hardly contains. */
static const char *find_cpu(const char *line)
{
	const char *cpu = line;

	while ((cpu = strstr(cpu, " ["))) {
		size_t digits = strspn(cpu + 2, "0123456789");

		if (digits && !strncmp(cpu + 2 + digits, "] ", 2))
			return cpu;
		cpu++;
	}
	return NULL;
}

static bool parse_record(const char *line, struct record *record)
{
	const char *cpu = find_cpu(line);
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
	uint64_t unit = range->unit ? range->unit : PAGE_BYTES;
	uint64_t first = bytes ? round_down(va, unit) : va;
	uint64_t end = bytes ? round_up(va + bytes, unit) : va;
	uint64_t from = first > range->addr ? first : range->addr;
	uint64_t to = end < range->addr + range->len ? end : range->addr + range->len;

	return from < to ? pages_spanned(from, to - from) : 0;
}

static bool enter_call(struct trace_count *count, const struct record *record,
		       const struct watched *range)
{
	uint64_t pages = pages_in(range, field(record, "va="), field(record, "bytes="));

	if (!pages)
		return false;
	if (count->pending == TRACE_COUNT_CALLS) {
		count->lost = true;
		return true;
	}
	count->calls[count->pending].task = record->task;
	count->calls[count->pending].pages = pages;
	count->calls[count->pending++].fault = field(record, "fault=");
	return true;
}

static void leave_call(struct trace_count *count, const struct record *record)
{
	int ret = (int)strtol(strstr(record->fields, "ret=") + 4, NULL, 0);

	for (unsigned int i = count->pending; i-- > 0;) {
		if (count->calls[i].task != record->task)
			continue;
		if (!count->calls[i].fault) {
			count->snapshots++;
		} else if (ret >= 0) {
			count->faulted += count->calls[i].pages;
		} else {
			count->refused++;
			count->refusal = -ret;
		}
		count->calls[i] = count->calls[--count->pending];
		return;
	}
}

static bool is_pending(const struct trace_count *count, int task)
{
	for (unsigned int i = 0; i < count->pending; i++)
		if (count->calls[i].task == task)
			return true;
	return false;
}

static bool count_record(struct trace_count *count, const struct record *record,
			 const struct watched *range)
{
	unsigned int before = count->pending;

	if (is_event(record, "odp_map"))
		return enter_call(count, record, range);
	if (is_event(record, "odp_mapped") && strstr(record->fields, "ret=")) {
		leave_call(count, record);
		return count->pending != before;
	}
	if (is_event(record, "hmm_fault"))
		return is_pending(count, record->task);
	if (is_event(record, "odp_unmap")) {
		uint64_t va = field(record, "va=");

		if (!pages_in(range, va, field(record, "end=") - va))
			return false;
		count->invalidations++;
		return true;
	}
	if (is_event(record, "dax_pte_fault_done") ||
	    is_event(record, "dax_pmd_fault_done")) {
		if (!strstr(record->fields, "REMOTE") ||
		    !pages_in(range, field(record, "address "), 1))
			return false;
		count->remote_dax++;
		return true;
	}
	return false;
}

/* "CPU:1 [LOST 12 EVENTS]": how print_trace_line() (kernel/trace/trace.c) marks a gap. */
static bool is_gap(const char *line)
{
	const char *lost = strstr(line, " [LOST ");

	return !strncmp(line, "CPU:", 4) && lost && strstr(lost, " EVENTS]");
}

bool trace_count_line(struct trace_count *count, const struct watched *range,
		      const char *line)
{
	struct record record;

	if (is_gap(line))
		count->lost = true;
	return parse_record(line, &record) && count_record(count, &record, range);
}

static uint64_t pages_pending(const struct trace_count *count)
{
	uint64_t pages = 0;

	for (unsigned int i = 0; i < count->pending; i++)
		if (count->calls[i].fault)
			pages += count->calls[i].pages;
	return pages;
}

struct bounds trace_count_pages(const struct trace_count *count)
{
	if (count->lost)
		return AT_LEAST(count->faulted);
	return BETWEEN(count->faulted, count->faulted + pages_pending(count));
}

/* Adds ", @count @what" where there is something to count. */
static void add_count(char *out, size_t size, uint64_t count, const char *what)
{
	size_t n = strlen(out);

	if (count)
		snprintf(out + n, size - n, ", %" PRIu64 " %s", count, what);
}

static void add_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(out);

	snprintf(out + n, size - n, "%s", text);
}

void trace_count_text(const struct trace_count *count, char *out, size_t size)
{
	char refused[96];

	snprintf(out, size, "%" PRIu64 " pages faulted in", count->faulted);
	snprintf(refused, sizeof(refused), "faults refused (%s)",
		 strerror(count->refusal));
	add_count(out, size, count->refused, refused);
	add_count(out, size, pages_pending(count), "pages of faults still in progress");
	add_count(out, size, count->remote_dax, "remote DAX faults");
	add_count(out, size, count->snapshots, "snapshots");
	add_count(out, size, count->invalidations, "invalidations");
	if (count->lost)
		add_text(out, size, ", and more: the trace has lost events");
}
