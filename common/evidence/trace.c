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
#include "evidence/trace_count.h"
#include "evidence/tracefs.h"
#include "evidence/witness.h"

struct trace {
	struct tracefs fs;
	bool unmaps; /* invalidations are traced */
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
	  "va=$arg2:x64 bytes=$arg3:u64 mask=$arg4:x64 fault=$arg5:u8", true },
	{ "odp_mapped", map_functions, true, "ret=$retval:s32", true },
	{ "hmm_fault", hmm_functions, true, "ret=$retval:s32", false },
	{ "odp_unmap", unmap_functions, false, "va=$arg2:x64 end=$arg3:x64", false },
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

/* Defines and enables all events. @why: the functions that are traced, or what is missing. */
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

	tracefs_close(&trace->fs);
	free(trace);
}

/* Where the interval of an inner watch begins, in the trace itself. */
static const char *mark_text(const struct watched *range, char *text, size_t size)
{
	snprintf(text, size, "odplab-watch-%u", range->slot);
	return text;
}

static int trace_begin(void *state, const struct watched *range)
{
	struct trace *trace = state;
	char mark[32];

	if (!range->slot)
		return tracefs_clear(&trace->fs);
	return tracefs_mark(&trace->fs, mark_text(range, mark, sizeof(mark)));
}

/*
 * Where the watch began: at its mark, which an earlier watch in the same slot has written,
 * too. NULL where the mark has been overwritten.
 */
static char *find_begin(char *text, const struct watched *range)
{
	char mark[32], *found = NULL;

	if (!range->slot)
		return text;
	mark_text(range, mark, sizeof(mark));
	for (char *at = strstr(text, mark); at; at = strstr(at + 1, mark))
		found = at;
	return found;
}

/* Keeps the first lines as they are, one that is too long with "..." at its end. */
static void keep_line(struct observation *observation, const char *line)
{
	char *kept;

	while (*line == ' ')
		line++;
	if (observation->lines == OBSERVATION_LINES)
		return;
	kept = observation->line[observation->lines++];
	if (snprintf(kept, OBSERVATION_LINE, "%s", line) >= OBSERVATION_LINE)
		memcpy(kept + OBSERVATION_LINE - sizeof("..."), "...", sizeof("..."));
}

/* The last line makes room for how many there were. */
static void note_dropped(struct observation *observation, unsigned int lines)
{
	if (lines > OBSERVATION_LINES)
		snprintf(observation->line[OBSERVATION_LINES - 1], OBSERVATION_LINE,
			 "... and %u more lines", lines - OBSERVATION_LINES + 1);
}

static int trace_end(void *state, const struct watched *range,
		     struct observation *observation)
{
	struct trace *trace = state;
	_cleanup_free_ char *text = NULL;
	struct trace_count count = { 0 };
	unsigned int lines = 0;
	char *begin;
	int ret;

	ret = tracefs_read(&trace->fs, &text, &count.lost);
	if (ret)
		return ret;
	begin = find_begin(text, range);
	if (!begin)
		return -ENODATA;
	for (char *save = NULL, *line = strtok_r(begin, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!trace_count_line(&count, range, line))
			continue;
		keep_line(observation, line);
		lines++;
	}
	note_dropped(observation, lines);
	observation->pages = trace_count_pages(&count);
	observation->saw_invalidations = trace->unmaps;
	observation->invalidations = count.invalidations;
	trace_count_text(&count, observation->detail, sizeof(observation->detail));
	return 0;
}

const struct witness_ops trace_witness = {
	.name = "trace",
	.about = "kernel trace of the functions that map pages of ODP regions",
	.open = trace_open,
	.begin = trace_begin,
	.end = trace_end,
	.close = trace_close,
};
