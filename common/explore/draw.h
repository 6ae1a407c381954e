/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* draw.h - programs that are drawn by chance */
#ifndef ODPLAB_EXPLORE_DRAW_H
#define ODPLAB_EXPLORE_DRAW_H

#include <stdint.h>

#include "explore/program.h"
#include "region/region.h"

/* Kinds whose pages are of 4 KiB, and that each access of a program can reach. */
#define DRAWN_KINDS                                                    \
	(1u << REGION_ANON | 1u << REGION_THP | 1u << REGION_MEMFD |   \
	 1u << REGION_TMPFS | 1u << REGION_FILE | 1u << REGION_FSDAX | \
	 1u << REGION_FSDAX_PRIVATE)

/* What may be drawn. */
struct draw_config {
	unsigned int kinds; /* 1 << enum region_kind; some of DRAWN_KINDS */
	unsigned int steps; /* about so many, PROGRAM_STEPS at most */
	bool pinned, implicit;
};

/* The same seed and configuration always draw the same program. */
void draw_program(struct program *program, uint64_t seed,
		  const struct draw_config *config);

#endif
