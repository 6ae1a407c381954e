// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judge.c - what testimonies make of an expectation */
#include "run/judge.h"

#include <stdio.h>

static const struct testimony *find_against(struct bounds expected,
					    const struct testimony *t, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (t[i].heard && bounds_disjoint(t[i].pages, expected))
			return &t[i];
	return NULL;
}

static const struct testimony *find_for(struct bounds expected, const struct testimony *t,
					unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (t[i].heard && bounds_within(t[i].pages, expected))
			return &t[i];
	for (unsigned int i = 0; i < n; i++)
		if (t[i].heard && expected.min && t[i].pages.min)
			return &t[i];
	return NULL;
}

/* Two witnesses whose intervals have no number in common. */
static int contradiction(const struct testimony *t, unsigned int n, char why[JUDGE_WHY])
{
	char a[BOUNDS_TEXT], b[BOUNDS_TEXT];

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = i + 1; k < n; k++) {
			if (!t[i].heard || !t[k].heard ||
			    !bounds_disjoint(t[i].pages, t[k].pages))
				continue;
			snprintf(why, JUDGE_WHY, "%s says %s, %s says %s", t[i].witness,
				 bounds_text(t[i].pages, a), t[k].witness,
				 bounds_text(t[k].pages, b));
			return 1;
		}
	return 0;
}

enum judgement judge(struct bounds expected, const struct testimony *testimonies,
		     unsigned int n, char why[JUDGE_WHY])
{
	const struct testimony *witness;
	char a[BOUNDS_TEXT], b[BOUNDS_TEXT];

	if (contradiction(testimonies, n, why))
		return JUDGED_CONTRADICTION;
	witness = find_against(expected, testimonies, n);
	if (witness) {
		snprintf(why, JUDGE_WHY, "expected %s, %s says %s (%s)",
			 bounds_text(expected, a), witness->witness,
			 bounds_text(witness->pages, b), witness->detail);
		return JUDGED_REFUTED;
	}
	witness = find_for(expected, testimonies, n);
	if (witness) {
		snprintf(why, JUDGE_WHY, "%s: %s", witness->witness, witness->detail);
		return JUDGED_PROVEN;
	}
	snprintf(why, JUDGE_WHY, "expected %s, no witness could tell",
		 bounds_text(expected, a));
	return JUDGED_UNPROVEN;
}

const char *judgement_name(enum judgement judgement)
{
	static const char *const names[] = {
		[JUDGED_PROVEN] = "proven",
		[JUDGED_UNPROVEN] = "unproven",
		[JUDGED_REFUTED] = "refuted",
		[JUDGED_CONTRADICTION] = "contradiction",
	};

	return names[judgement];
}
