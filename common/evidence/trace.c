// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * trace.c - the kernel itself as a witness: every call that maps pages of an ODP region
 *
 * All drivers map pages by ib_umem_odp_map_dma_and_lock() (drivers/infiniband/core/
 * umem_odp.c), whose arguments are the user address, the length and whether faulting is
 * allowed: 0 for the snapshot that a registration takes, 1 for a page fault of the device
 * or a prefetch. Its return value is negative if it failed. The fs_dax events carry
 * REMOTE where the fault came through HMM and not from a CPU access.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "evidence/trace_stream.h"
#include "evidence/tracefs.h"
#include "evidence/witness.h"

struct trace {
	struct tracefs fs;
	bool unmaps; /* invalidations are traced */
	struct trace_stream stream;
	struct lines {
		char line[OBSERVATION_LINES][OBSERVATION_LINE];
		unsigned int n; /* also of those that are not kept */
	} lines[WATCH_SLOTS];
};

static const char *const map_functions[] = { "ib_umem_odp_map_dma_and_lock", NULL };
static const char *const hmm_functions[] = { "hmm_range_fault_unlocked_timeout",
					     "hmm_range_fault", NULL };
static const char *const unmap_functions[] = { "ib_umem_odp_unmap_dma_pages", NULL };

static const struct {
	const char *event;
	const char *const *functions;
	bool returns;
	const char *args;
	bool needed;
} probes[] = {
	{ "odp_map", map_functions, false,
	  "umem=$arg1:x64 va=$arg2:x64 bytes=$arg3:u64 mask=$arg4:x64 fault=$arg5:u8",
	  true },
	{ "odp_mapped", map_functions, true, "ret=$retval:s32", true },
	{ "hmm_fault", hmm_functions, true, "ret=$retval:s32", false },
	{ "odp_unmap", unmap_functions, false,
	  "umem=$arg1:x64 va=$arg2:x64 end=$arg3:x64", false },
};

static int open_instance(struct trace *trace, char *why, size_t size)
{
	int ret = tracefs_open(&trace->fs);

	if (ret)
		snprintf(why, size, "%s",
			 ret == -ENOENT ? "no tracefs with dynamic events; mount -t "
					  "tracefs none " TRACEFS_ROOT :
					  "tracefs needs root");
	return ret;
}

/*
 * Defines and enables all events. @why: the functions that are traced, or what is
 * missing.
 */
static int enable_events(struct trace *trace, char *why, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		char name[96];
		int ret = tracefs_probe(&trace->fs, probes[i].event, probes[i].functions,
					probes[i].returns, probes[i].args, name,
					sizeof(name));

		if (ret && probes[i].needed) {
			snprintf(why, size,
				 "the kernel cannot probe %s (%s); it needs "
				 "CONFIG_KPROBE_EVENTS or CONFIG_FPROBE_EVENTS",
				 probes[i].functions[0], strerror(-ret));
			return ret;
		}
		if (!ret && probes[i].functions == unmap_functions)
			trace->unmaps = true;
		if (!ret && !strstr(why, name) && used < size)
			used += (size_t)snprintf(why + used, size - used, "%s%s",
						 used ? ", " : "", name);
	}
	/* these only add detail: without them the fault itself is still seen */
	tracefs_enable(&trace->fs, "fs_dax/dax_pte_fault_done");
	tracefs_enable(&trace->fs, "fs_dax/dax_pmd_fault_done");
	return 0;
}

static int trace_open(void **state, const struct witness_spec *spec, char *why,
		      size_t size)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	int ret;

	if (!trace)
		return -ENOMEM;
	ret = open_instance(trace, why, size);
	if (ret)
		goto err_free;
	ret = enable_events(trace, why, size);
	if (ret)
		goto err_close;
	*state = trace;
	return 0;

err_close:
	tracefs_close(&trace->fs);
err_free:
	free(trace);
	return ret;
}

static void trace_close(void *state)
{
	struct trace *trace = state;

	trace_stream_reset(&trace->stream);
	tracefs_close(&trace->fs);
	free(trace);
}

/* Keeps the first lines as they are, one that is too long with "..." at its end. */
static void keep_line(struct lines *lines, const char *line)
{
	char *kept;

	while (*line == ' ')
		line++;
	if (lines->n++ >= OBSERVATION_LINES)
		return;
	kept = lines->line[lines->n - 1];
	if (snprintf(kept, OBSERVATION_LINE, "%s", line) >= OBSERVATION_LINE)
		memcpy(kept + OBSERVATION_LINE - sizeof("..."), "...", sizeof("..."));
}

/* Takes what the kernel has recorded since the last time. Returns 0 or -errno. */
static int take_record(struct trace *trace)
{
	_cleanup_free_ char *text = NULL;
	bool lost;
	int ret = tracefs_take(&trace->fs, &text, &lost);

	if (ret)
		return ret;
	for (char *save = NULL, *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		unsigned int watches = trace_stream_line(&trace->stream, line);

		for (unsigned int slot = 0; slot < WATCH_SLOTS; slot++)
			if (watches >> slot & 1)
				keep_line(&trace->lines[slot], line);
	}
	if (lost)
		trace_stream_gap(&trace->stream);
	return 0;
}

static int trace_begin(void *state, const struct watched *range)
{
	struct trace *trace = state;
	int ret = take_record(trace);

	/* which pages have gone since is not known: each that is faulted in counts */
	if (!trace->unmaps && !trace->stream.watching)
		trace_stream_reset(&trace->stream);
	trace_stream_begin(&trace->stream, range);
	trace->lines[range->slot].n = 0;
	return ret;
}

static void trace_name(void *state, unsigned int slot, uint64_t from, uint64_t to,
		       bool writes)
{
	struct trace *trace = state;

	trace_count_name(&trace->stream.count[slot], from, to, writes);
}

static void trace_absent(void *state, uint64_t from, uint64_t to)
{
	struct trace *trace = state;
	char mark[64];

	/*
	 * in the record, as it is about what follows there; without it the pages are in
	 * doubt
	 */
	trace_record_absent(from, to, mark, sizeof(mark));
	tracefs_mark(&trace->fs, mark);
}

/* The last line makes room for how many there were. */
static void copy_lines(struct observation *observation, const struct lines *lines)
{
	memcpy(observation->line, lines->line, sizeof(observation->line));
	observation->lines = (unsigned int)size_min(lines->n, OBSERVATION_LINES);
	if (lines->n > OBSERVATION_LINES)
		snprintf(observation->line[OBSERVATION_LINES - 1], OBSERVATION_LINE,
			 "... and %u more lines", lines->n - OBSERVATION_LINES + 1);
}

static int trace_end(void *state, const struct watched *range,
		     struct observation *observation)
{
	struct trace *trace = state;
	const struct trace_count *count;
	int ret = take_record(trace);

	count = trace_stream_end(&trace->stream, range->slot);
	if (ret)
		return ret;
	copy_lines(observation, &trace->lines[range->slot]);
	observation->pages = trace_count_pages(count);
	observation->along = count->along;
	observation->returned = count->returned;
	observation->some = count->pages;
	observation->neighbours = count->neighbours;
	observation->repeats = count->repeats;
	observation->events = count->events;
	observation->saw_invalidations = trace->unmaps;
	observation->invalidations = count->invalidations;
	trace_count_text(count, observation->detail, sizeof(observation->detail));
	return 0;
}

static void trace_reset(void *state)
{
	struct trace *trace = state;

	trace_stream_reset(&trace->stream);
	tracefs_clear(&trace->fs);
}

const struct witness_ops trace_witness = {
	.name = "trace",
	.about = "kernel trace of the functions that map pages of ODP regions",
	.open = trace_open,
	.begin = trace_begin,
	.names = trace_name,
	.absent = trace_absent,
	.end = trace_end,
	.reset = trace_reset,
	.close = trace_close,
};
