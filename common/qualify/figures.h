/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * figures.h - what a witness counted in all watches of one outcome: totals, of run.json
 */
#ifndef ODPLAB_QUALIFY_FIGURES_H
#define ODPLAB_QUALIFY_FIGURES_H

#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

enum figure {
	FIGURE_PAGES, /* at least so many */
	FIGURE_ALONG,
	FIGURE_RETURNED,
	FIGURE_NEIGHBOURS,
	FIGURE_REPEATS,
	FIGURE_EVENTS,
	FIGURES
};

struct figures {
	const char *witness; /* its name, which the outcome owns */
	uint64_t total[FIGURES];
};

/* The name of its member in run.json. */
const char *figure_name(enum figure figure);

/*
 * Fills in those of each witness that was available. @outcome: a member of "scenarios",
 * or "calibration"; NULL: none. Returns how many witnesses there are.
 */
#define FIGURES_WITNESSES 8
size_t figures_of(struct json_object *outcome, struct figures figures[FIGURES_WITNESSES]);

#endif
