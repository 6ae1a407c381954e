/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * rule.h - what the device does on request: tables of it by name, and when each acts
 *
 * There are two tables: of what a device must not do (inject.h), and of what it may do
 * differently without being wrong (behave.h). The model asks at the one seam where a row
 * acts: "if (inject(dev, INJECT_SHORT)) ...". A row that is off costs one test of a bit.
 */
#ifndef ODPLAB_EMU_RULE_H
#define ODPLAB_EMU_RULE_H

#include "base/rand.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define RULES_MAX 64 /* rows of a table */

struct device;

struct rule_row {
	const char *name;
	const char *about; /* what the device does then */
	const char
		*source; /* of the belief that a device does so; NULL: none is needed */
	const char *parameter;	    /* its name; NULL: the row has none */
	uint64_t initial, min, max; /* its values */
};

struct rule_table {
	const char *kind; /* of its rows: in messages and in the trace */
	const char *list; /* how a user sees them all */
	const struct rule_row *rows;
	unsigned int n;
};

/* When a row acts; what it asks of an occasion holds together. */
struct rule {
	uint64_t every;	      /* act on every Nth occasion; 1: on all */
	uint64_t after;	      /* once that many occasions have passed */
	uint64_t probability; /* of 2^32; 0: not by chance */
	uint64_t value;	      /* of the row's parameter */
	uint64_t occasions, hits;
};

struct rules {
	const struct rule_table *table;
	uint64_t active; /* a bit each */
	struct rule rules[RULES_MAX];
	struct rand rand;
};

/*
 * Switches a row on: "NAME", then any of ":every=N", ":after=N", ":prob=P" (0 to 1) and
 * ":PARAMETER=N". rules_on_all() takes several, with commas, and switches on all or none.
 * -EINVAL with a line.
 */
int rules_on(struct rules *rules, const char *text);
int rules_on_all(struct rules *rules, const char *text);

/* Whether the table has a row of that name. */
bool rules_know(const struct rules *rules, const char *name);

/* Switches a row off, by its name, or all by "all". -EINVAL with a line. */
int rules_off(struct rules *rules, const char *name);

/*
 * A line for each row: what it does, and of those that are on how often they have acted.
 */
void rules_list(const struct rules *rules, FILE *out);

/*
 * The same for a user who chooses: with parameters and sources, each on a line of its
 * own.
 */
void rules_describe(const struct rule_table *table, FILE *out);

/* Counts an occasion of row @id, which is on; whether it acts now. */
bool rules_occasion(struct device *dev, struct rules *rules, unsigned int id);

#endif
