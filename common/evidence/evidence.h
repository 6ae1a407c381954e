/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* evidence.h - all witnesses, started and read together */
#ifndef ODPLAB_EVIDENCE_EVIDENCE_H
#define ODPLAB_EVIDENCE_EVIDENCE_H

#include "evidence/witness.h"

#define WITNESSES   3
#define WITNESS_WHY 256

struct evidence {
	struct {
		const struct witness_ops *ops;
		void *state;
		bool open;
		char why[WITNESS_WHY];	/* what it observes, or why it cannot */
		int begun[WATCH_SLOTS]; /* what its begin() returned */
	} witness[WITNESSES];
};

/* Opens all that can be opened: a witness that is missing is no error. */
void evidence_open(struct evidence *evidence, const struct witness_spec *spec);
/* Opens none; @why is the reason of each. */
void evidence_open_none(struct evidence *evidence, const char *why);
void evidence_close(struct evidence *evidence);

/* From here on faults in @range are counted. */
void evidence_begin(struct evidence *evidence, const struct watched *range);

/*
 * An operation touches these addresses of the range that is watched in @slot; the device
 * @writes them, or reads them.
 */
void evidence_name(struct evidence *evidence, unsigned int slot, uint64_t from,
		   uint64_t to, bool writes);

/*
 * The CPU has no page there, and a region is about to be registered that may have some.
 */
void evidence_absent(struct evidence *evidence, uint64_t from, uint64_t to);

/* What was witnessed so far was of another process. */
void evidence_reset(struct evidence *evidence);

/*
 * Fills one observation a witness, also of one that is not available: it could not be
 * opened, started or read. Returns how many.
 */
unsigned int evidence_end(struct evidence *evidence, const struct watched *range,
			  struct observation observations[WITNESSES]);

#endif
