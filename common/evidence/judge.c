// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judge.c - whether observations confirm an expectation */
#include "evidence/judge.h"

#include <stdio.h>

/*
 * Pages that an earlier fault took along need no fault any more, and a page that was
 * invalidated meanwhile needs another. They count towards what is expected at least, and
 * never against what is expected at most. Which they are one witness alone may know.
 */
static uint64_t surplus(const struct observation *t, unsigned int n)
{
	uint64_t most = 0;

	for (unsigned int i = 0; i < n; i++)
		if (t[i].available && t[i].along + t[i].returned > most)
			most = t[i].along + t[i].returned;
	return most;
}

static uint64_t add(uint64_t pages, uint64_t more)
{
	return pages > UINT64_MAX - more ? UINT64_MAX : pages + more;
}

static const struct observation *find_against(struct bounds expected,
					      const struct observation *t, unsigned int n)
{
	uint64_t more = surplus(t, n);

	for (unsigned int i = 0; i < n; i++)
		if (t[i].available && (t[i].pages.min > expected.max ||
				       add(t[i].pages.max, more) < expected.min))
			return &t[i];
	return NULL;
}

bool judge_counts(struct bounds expected, const struct observation *observation)
{
	return observation->available && observation->pages.max <= expected.max &&
	       add(observation->pages.min, surplus(observation, 1)) >= expected.min;
}

bool judge_confirms(struct bounds expected, const struct observation *observation)
{
	return judge_counts(expected, observation) ||
	       (observation->available && expected.min &&
		(observation->pages.min || observation->some));
}

/* The most precise one: a count before an "at least one". */
static const struct observation *find_for(struct bounds expected,
					  const struct observation *t, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (judge_counts(expected, &t[i]))
			return &t[i];
	for (unsigned int i = 0; i < n; i++)
		if (judge_confirms(expected, &t[i]))
			return &t[i];
	return NULL;
}

/* Two witnesses whose intervals have no number in common. */
static int contradiction(const struct observation *t, unsigned int n, char why[JUDGE_WHY])
{
	char a[BOUNDS_TEXT], b[BOUNDS_TEXT];

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = i + 1; k < n; k++) {
			if (!t[i].available || !t[k].available ||
			    !bounds_disjoint(t[i].pages, t[k].pages))
				continue;
			snprintf(why, JUDGE_WHY, "%s counted %s, %s counted %s",
				 t[i].witness, bounds_text(t[i].pages, a), t[k].witness,
				 bounds_text(t[k].pages, b));
			return 1;
		}
	return 0;
}

enum judgement judge(struct bounds expected, const struct observation *observations,
		     unsigned int n, char why[JUDGE_WHY])
{
	const struct observation *witness;
	char a[BOUNDS_TEXT], b[BOUNDS_TEXT];

	if (contradiction(observations, n, why))
		return JUDGED_CONTRADICTION;
	witness = find_against(expected, observations, n);
	if (witness) {
		snprintf(why, JUDGE_WHY, "expected %s, %s counted %s (%s)",
			 bounds_text(expected, a), witness->witness,
			 bounds_text(witness->pages, b), witness->detail);
		return JUDGED_REFUTED;
	}
	witness = find_for(expected, observations, n);
	if (witness) {
		snprintf(why, JUDGE_WHY, "%s: %s", witness->witness, witness->detail);
		return JUDGED_PROVEN;
	}
	snprintf(why, JUDGE_WHY, "expected %s, no witness could count the faults",
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
