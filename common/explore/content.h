/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * content.h - what the words of a memory hold, by the model; and whether they do
 *
 * Offsets and lengths are in bytes, multiples of 8.
 */
#ifndef ODPLAB_EXPLORE_CONTENT_H
#define ODPLAB_EXPLORE_CONTENT_H

#include "explore/world.h"
#include "side/side.h"

/* Data of @generation that is written for the memory itself. */
void content_put(struct world *world, struct memory *m, uint64_t offset, uint64_t len,
		 uint16_t generation);

void content_zero(struct memory *m, uint64_t offset, uint64_t len);

/* The range may have turned into zeros; or may be anything. */
void content_lose(struct memory *m, uint64_t offset, uint64_t len);
void content_forget(struct memory *m, uint64_t offset, uint64_t len);

/*
 * Data moves from one memory to another. Where @to is in a storm that loses data, it may
 * be lost again.
 */
void content_copy(struct world *world, struct memory *to, uint64_t offset,
		  const struct memory *from, uint64_t from_offset, uint64_t len);

/* Within a file, as blocks are removed or inserted. */
void content_move(struct memory *m, uint64_t to, uint64_t from, uint64_t len);

/* The word as a number. Returns false where it is not known. */
bool content_number(const struct world *world, const struct word *word, uint64_t *number);

/* How a range is looked at, and where: @at is the offset in the target of @words[0]. */
struct glance {
	struct target *target;
	enum request_kind check; /* SIDE_TARGET_CHECK_MAPPING and its like */
	uint64_t at;
	const struct word *words;
	uint64_t n; /* words */
	const char *where;
};

/* Fails the test unless all words that are known are what they must be. */
void content_check(struct world *world, const struct glance *glance);

#endif
