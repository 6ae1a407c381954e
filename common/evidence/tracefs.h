/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* tracefs.h - an instance of the kernel's tracer, and dynamic events in it */
#ifndef ODPLAB_EVIDENCE_TRACEFS_H
#define ODPLAB_EVIDENCE_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACEFS_ROOT  "/sys/kernel/tracing"
#define TRACEFS_GROUP "odplab"
#define TRACEFS_PATH  192

struct tracefs {
	char instance[TRACEFS_PATH]; /* ".../instances/odplab-123" */
	uint64_t lost;		     /* events that were lost so far */
};

/*
 * Makes an instance of our own, so that other users of the tracer are not disturbed, and
 * removes the instances of our processes that were killed. Returns 0 or -errno, without a
 * line: -ENOENT no tracefs, -EACCES no privilege.
 */
int tracefs_open(struct tracefs *trace);
void tracefs_close(struct tracefs *trace);

/*
 * Removes the instances of our processes that were killed, and their events. Returns how
 * many.
 */
unsigned int tracefs_tidy(void);

/*
 * Defines event odplab/@event on the entry to (@returns: the return from) the first of
 * @functions (NULL-terminated) that the kernel has, with @args in its syntax, and enables
 * it in the instance: as a kprobe event, or, where the kernel has no kprobes, as an
 * fprobe event, which takes ten times as long to enable. @used: "kprobe hmm_range_fault".
 * Returns 0 or -errno.
 */
int tracefs_probe(struct tracefs *trace, const char *event, const char *const *functions,
		  bool returns, const char *args, char *used, size_t size);

/* Enables a static event, "fs_dax/dax_pte_fault_done". Returns 0 or -errno. */
int tracefs_enable(struct tracefs *trace, const char *event);

/* Writes @text into the record. Returns 0 or -errno. */
int tracefs_mark(struct tracefs *trace, const char *text);

/* Empties the record. Returns 0 or -errno. */
int tracefs_clear(struct tracefs *trace);

/*
 * Takes what was recorded since the last time; the caller frees *text. *lost: events are
 * missing in it. Returns 0 or -errno.
 */
int tracefs_take(struct tracefs *trace, char **text, bool *lost);

/*
 * How many events the text of a processor's "stats" file reports as lost: overwritten
 * ones, dropped ones, and ones that an interrupt had no room for (kernel/trace/trace.c
 * tracing_stats_read()). 0 or -ENODATA, where a figure is missing.
 */
int tracefs_stats_lost(const char *stats, uint64_t *lost);

#endif
