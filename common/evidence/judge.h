/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* judge.h - whether observations confirm an expectation */
#ifndef ODPLAB_EVIDENCE_JUDGE_H
#define ODPLAB_EVIDENCE_JUDGE_H

#include "evidence/witness.h"

enum judgement {
	JUDGED_PROVEN,	      /* a witness confirms it, and none refutes it */
	JUDGED_UNPROVEN,      /* no witness could count the faults */
	JUDGED_REFUTED,	      /* a witness refutes it */
	JUDGED_CONTRADICTION, /* two witnesses cannot both be right */
};

#define JUDGE_WHY 256

/*
 * An expectation is proven if the interval of a witness lies within it, with those pages
 * that an earlier fault took along counted towards what is expected at least; or, in a
 * weaker form, if at least one fault is expected and a witness saw some without counting
 * the named pages.
 * @why names the witness that decided.
 */
enum judgement judge(struct bounds expected, const struct observation *observations,
		     unsigned int n, char why[JUDGE_WHY]);

/*
 * Does this observation confirm the expectation by a count within it? Otherwise its proof
 * is weak.
 */
bool judge_counts(struct bounds expected, const struct observation *observation);

/*
 * Does this observation confirm the expectation: by a count within it, or, if at least
 * one fault is expected, by at least one fault?
 */
bool judge_confirms(struct bounds expected, const struct observation *observation);

/* "proven" */
const char *judgement_name(enum judgement judgement);

#endif
