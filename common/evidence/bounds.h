/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * bounds.h - intervals of a count, expected or observed: "exactly 1", "at least 1",
 * "none"
 */
#ifndef ODPLAB_EVIDENCE_BOUNDS_H
#define ODPLAB_EVIDENCE_BOUNDS_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Both ends are included. */
struct bounds {
	uint64_t min;
	uint64_t max;
};

#define EXACTLY(n)    ((struct bounds){ (n), (n) })
#define AT_LEAST(n)   ((struct bounds){ (n), UINT64_MAX })
#define BETWEEN(a, b) ((struct bounds){ (a), (b) })
#define NONE	      ((struct bounds){ 0, 0 })
#define ANYTHING      ((struct bounds){ 0, UINT64_MAX })

static inline bool bounds_within(struct bounds inner, struct bounds outer)
{
	return inner.min >= outer.min && inner.max <= outer.max;
}

static inline bool bounds_disjoint(struct bounds a, struct bounds b)
{
	return a.max < b.min || b.max < a.min;
}

#define BOUNDS_TEXT 48

/* Returns @text. */
static inline char *bounds_text(struct bounds b, char text[BOUNDS_TEXT])
{
	if (!b.max)
		snprintf(text, BOUNDS_TEXT, "none");
	else if (b.min == b.max)
		snprintf(text, BOUNDS_TEXT, "exactly %" PRIu64, b.min);
	else if (b.max == UINT64_MAX && !b.min)
		snprintf(text, BOUNDS_TEXT, "any number");
	else if (b.max == UINT64_MAX)
		snprintf(text, BOUNDS_TEXT, "at least %" PRIu64, b.min);
	else
		snprintf(text, BOUNDS_TEXT, "%" PRIu64 " to %" PRIu64, b.min, b.max);
	return text;
}

#endif
