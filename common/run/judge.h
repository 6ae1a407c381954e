/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* judge.h - what testimonies make of an expectation */
#ifndef ODPLAB_RUN_JUDGE_H
#define ODPLAB_RUN_JUDGE_H

#include "evidence/witness.h"

enum judgement {
	JUDGED_PROVEN,	      /* a witness confirms it, none speaks against it */
	JUDGED_UNPROVEN,      /* no witness could tell */
	JUDGED_REFUTED,	      /* a witness speaks against it */
	JUDGED_CONTRADICTION, /* two witnesses cannot both be right */
};

#define JUDGE_WHY 256

/*
 * An expectation is proven where a witness knows the count to lie within it; and, as a
 * weaker form, where at least one fault is expected and a witness saw at least one,
 * though it could not count them. @why says which witness decided.
 */
enum judgement judge(struct bounds expected, const struct testimony *testimonies,
		     unsigned int n, char why[JUDGE_WHY]);

/* "proven" */
const char *judgement_name(enum judgement judgement);

#endif
