/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * witness.h - sources of evidence that a device took page faults
 *
 * The unit of all counts is the page that a fault or a prefetch mapped for the device:
 * the one figure that the kernel's trace, the driver's counters and the CPU's page table
 * share.
 */
#ifndef ODPLAB_EVIDENCE_WITNESS_H
#define ODPLAB_EVIDENCE_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/bounds.h"

#define OBSERVATION_DETAIL 256
#define OBSERVATION_LINES  4
#define OBSERVATION_LINE   192

/* What one witness observed of one range over one interval. */
struct observation {
	const char *witness; /* its name */
	bool available;	     /* false: it could not observe, .detail is the reason */
	/*
	 * How many pages that an operation names were absent from the device and were
	 * faulted in, as far as it is known; and, beyond these, how many were there
	 * because an earlier fault had taken them along with another page.
	 */
	struct bounds pages;
	uint64_t along;
	/*
	 * how often such pages were faulted in again, as they had been invalidated
	 * meanwhile
	 */
	uint64_t returned;
	/* some faults there were, but not whether of named pages, or of absent ones */
	bool some;
	/*
	 * what the device is free to do: pages that no operation names, and asking again
	 */
	uint64_t neighbours, repeats;
	/* in how many calls the pages were mapped; a prefetch makes such calls too */
	uint64_t events;
	/* whether invalidations are counted, and how many there were */
	bool saw_invalidations;
	uint64_t invalidations;
	char detail[OBSERVATION_DETAIL]; /* in words */
	unsigned int lines;
	/* raw, for the reader; the last is a note where there are more */
	char line[OBSERVATION_LINES][OBSERVATION_LINE];
};

/*
 * Several ranges can be watched at once, one within the interval of the other: slots. As
 * many as there are pieces at both ends of an operation.
 */
#define WATCH_SLOTS 6

/* What is watched: a registered range of this process. */
struct watched {
	unsigned int slot; /* 0 is the outermost, and begins first */
	uint64_t addr;
	uint64_t len;
	uint64_t unit; /* bytes a translation, if more than a page; else 0 */
	uint32_t lkey;
};

struct witness_spec {
	const char *device; /* "mlx5_0" */
	unsigned int port;
};

/* One kind of witness. State is the witness's own, NULL where it needs none. */
struct witness_ops {
	const char *name;
	const char *about;
	/*
	 * It learns of a fault some time after the device may have gone on, and can be
	 * read again: end() may be called more than once.
	 */
	bool lags;
	/*
	 * Returns 0 with *state, or -errno with the reason and the remedy in @why. On
	 * success @why names what is observed.
	 */
	int (*open)(void **state, const struct witness_spec *spec, char *why,
		    size_t size);
	int (*begin)(void *state, const struct watched *range);
	/*
	 * An operation touches these addresses of the range that is watched in @slot; the
	 * device @writes them, or reads them. NULL where the witness cannot tell one
	 * address from another.
	 */
	void (*names)(void *state, unsigned int slot, uint64_t from, uint64_t to,
		      bool writes);
	/* Fills .pages, .detail, .lines. Returns 0 or -errno. */
	int (*end)(void *state, const struct watched *range,
		   struct observation *observation);
	/*
	 * The CPU has none of these pages, and the device is about to be given what the
	 * CPU has. NULL where that does not matter.
	 */
	void (*absent)(void *state, uint64_t from, uint64_t to);
	/*
	 * What was witnessed so far was of another process. NULL where nothing is kept.
	 */
	void (*reset)(void *state);
	void (*close)(void *state);
};

extern const struct witness_ops trace_witness;
extern const struct witness_ops mr_counters_witness;
extern const struct witness_ops hw_counters_witness;

#endif
