/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* evidence.h - all the witnesses at hand, asked together */
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
		char why[WITNESS_WHY]; /* what it listens to, or why it cannot */
	} witness[WITNESSES];
};

/* Opens whatever there is: a witness that is missing is no error. */
void evidence_open(struct evidence *evidence, const struct witness_spec *spec);
/* No witness at all, and @why. */
void evidence_open_none(struct evidence *evidence, const char *why);
void evidence_close(struct evidence *evidence);

/* From here on faults in @range count. */
void evidence_begin(struct evidence *evidence, const struct watched *range);

/* Fills one observation a witness, heard or not. Returns how many. */
unsigned int evidence_end(struct evidence *evidence, const struct watched *range,
			  struct observation observations[WITNESSES]);

#endif
