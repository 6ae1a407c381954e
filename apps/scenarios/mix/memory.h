/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * memory.h - what must lie in the memory of both ends, and which pages the device must
 * fault in
 */
#ifndef ODPLAB_SCENARIOS_MIX_MEMORY_H
#define ODPLAB_SCENARIOS_MIX_MEMORY_H

#include "mix.h"

#define MIX_PIECES 3
#define MIX_LAYERS 16
#define MIX_PAGES  272 /* of a target */

/* Data of a range: that of @meant at @meant_offset, of one generation. */
struct layer {
	uint64_t offset, len;
	struct target *meant;
	uint64_t meant_offset;
	uint16_t generation;
};

/* What the device can do with a page without a fault. */
enum reach { OUT_OF_REACH, READABLE, WAS_READ, REACHED };

/* How many pages of a target the device must fault in. */
struct forecast {
	unsigned char page[MIX_PAGES]; /* enum reach */
	uint64_t pages;		       /* each counted once */
	uint64_t repeated; /* at most so many more, written after they were read */
};

/* A target, and the piece of the message that its range is. */
struct part {
	struct target *target;
	uint64_t offset, len;
	uint64_t from;			 /* in the message */
	struct layer layers[MIX_LAYERS]; /* a later one covers an earlier one */
	unsigned int n_layers;
	struct forecast forecast;
};

/* One end of the message. */
struct end {
	struct part parts[MIX_PIECES];
	unsigned int n;
};

/* From now on the range holds this data. */
void part_put(struct test *t, struct part *part, struct layer layer);

/* The data at @offset, up to where other data begins. */
struct layer part_data(const struct part *part, uint64_t offset);

/* The 8 bytes at @offset, as a number. */
uint64_t part_word(const struct part *part, uint64_t offset);

/* The message goes from one end to the other. */
void end_copy(struct test *t, const struct end *from, struct end *to);

/* Fails unless all of the target is as the model has it. */
void part_check(struct test *t, const struct part *part);

/* The state of the pages of a range from now on. */
void forecast_set(struct part *part, uint64_t offset, uint64_t len, enum reach reach);

/* The device accesses a range. */
void forecast_access(struct part *part, uint64_t offset, uint64_t len, bool writes);

struct bounds forecast_bounds(const struct part *part);

#endif
