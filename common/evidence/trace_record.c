// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * trace_record.c - one line of the kernel's trace
 *
 *	"  comm-123  [001] d..1.  12.345678: event: (where) fields"
 */
#include "evidence/trace_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"

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

/* The event's name; its fields follow after *fields. NULL where the line has no event. */
static const char *split(const char *line, int *task, const char **fields)
{
	const char *cpu = find_cpu(line);
	const char *dash, *colon;

	if (!cpu || line[0] == '#')
		return NULL;
	for (dash = cpu; dash > line && *dash != '-'; dash--)
		;
	colon = strstr(cpu, ": ");
	if (*dash != '-' || !colon)
		return NULL;
	*task = atoi(dash + 1);
	*fields = strstr(colon + 2, ": ");
	return *fields ? colon + 2 : NULL;
}

static uint64_t field(const char *fields, const char *name)
{
	const char *found = strstr(fields, name);

	return found ? strtoull(found + strlen(name), NULL, 0) : 0;
}

/*
 * What ib_umem_odp_map_dma_and_lock() takes for "may be written": since Linux 6.16 HMM's
 * bit.
 */
#define ODP_WRITE_ALLOWED (1ull << 1)
#define HMM_PFN_WRITE	  (1ull << 62)

static bool parse_map(const char *fields, struct trace_record *record)
{
	record->umem = field(fields, " umem=");
	record->from = field(fields, " va=");
	record->to = record->from + field(fields, " bytes=");
	record->fault = field(fields, " fault=");
	record->write = field(fields, " mask=") & (ODP_WRITE_ALLOWED | HMM_PFN_WRITE);
	return true;
}

static bool parse_mapped(const char *fields, struct trace_record *record)
{
	const char *ret = strstr(fields, " ret=");

	if (ret)
		record->ret = (int)strtol(ret + strlen(" ret="), NULL, 0);
	return ret;
}

static bool parse_hmm(const char *fields, struct trace_record *record)
{
	return true;
}

static bool parse_unmap(const char *fields, struct trace_record *record)
{
	record->umem = field(fields, " umem=");
	record->from = field(fields, " va=");
	record->to = field(fields, " end=");
	return true;
}

static bool parse_dax(const char *fields, struct trace_record *record)
{
	record->from = field(fields, "address ");
	record->to = record->from + 1;
	return strstr(fields, "REMOTE");
}

#define ABSENT "odplab-absent"

void trace_record_absent(uint64_t from, uint64_t to, char *text, size_t size)
{
	snprintf(text, size, ABSENT " va=0x%" PRIx64 " end=0x%" PRIx64, from, to);
}

static bool parse_mark(const char *fields, struct trace_record *record)
{
	record->from = field(fields, " va=");
	record->to = field(fields, " end=");
	return strstr(fields, ABSENT);
}

static const struct {
	const char *name;
	enum trace_event event;
	bool (*parse)(const char *fields, struct trace_record *record);
} rows[] = {
	{ "odp_map", TRACE_MAP, parse_map },
	{ "odp_mapped", TRACE_MAPPED, parse_mapped },
	{ "hmm_fault", TRACE_HMM, parse_hmm },
	{ "odp_unmap", TRACE_UNMAP, parse_unmap },
	{ "dax_pte_fault_done", TRACE_DAX, parse_dax },
	{ "dax_pmd_fault_done", TRACE_DAX, parse_dax },
	{ "tracing_mark_write", TRACE_ABSENT, parse_mark },
};

/* "CPU:1 [LOST 12 EVENTS]": how print_trace_line() (kernel/trace/trace.c) marks a gap. */
static bool is_gap(const char *line)
{
	const char *lost = strstr(line, " [LOST ");

	return !strncmp(line, "CPU:", 4) && lost && strstr(lost, " EVENTS]");
}

bool trace_record_parse(const char *line, struct trace_record *record)
{
	const char *name, *fields;

	*record = (struct trace_record){ .event = TRACE_GAP };
	if (is_gap(line))
		return true;
	name = split(line, &record->task, &fields);
	for (size_t i = 0; name && i < ARRAY_SIZE(rows); i++) {
		size_t n = strlen(rows[i].name);

		if (strncmp(name, rows[i].name, n) != 0 || name[n] != ':')
			continue;
		record->event = rows[i].event;
		return rows[i].parse(fields, record);
	}
	return false;
}
