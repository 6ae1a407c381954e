/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* pattern_word.h - the words of a pattern; for pattern.c and mismatch.c only */
#ifndef ODPLAB_BASE_PATTERN_WORD_H
#define ODPLAB_BASE_PATTERN_WORD_H

#include "base/pattern.h"
#include "base/rand.h"

#define WORD	    8
#define STEP	    0x9ddfea08eb382d69ull /* both odd, which makes them invertible */
#define SPREAD	    0xbf58476d1ce4e5b9ull
#define TAG	    0xa5ull
#define OFFSET_BITS 40

/* The wrong byte, and how much of the range is before it and from it on. */
struct wrong_byte {
	const unsigned char *in;
	uint64_t offset;
	size_t before, left;
};

/* Fills in all of *m but its .bytes. */
void mismatch_classify(const struct wrong_byte *wrong, struct pattern p,
		       struct mismatch *m);

/*
 * The sum of the word at @offset, and what the next one's is greater by. Zeros fold to
 * zeros, so that PATTERN_ZEROS needs no code of its own.
 */
static inline uint64_t sum_at(struct pattern p, uint64_t offset)
{
	if (p.generation == PATTERN_ZEROS)
		return 0;
	return (TAG << 56 | (uint64_t)p.generation << OFFSET_BITS) * STEP +
	       offset / WORD * STEP + rand_mix(p.seed);
}

static inline uint64_t step_of(struct pattern p)
{
	return p.generation == PATTERN_ZEROS ? 0 : STEP;
}

/*
 * In a sum, the generation changes the three high bytes only, and an offset changes none
 * below its own magnitude. The first shift brings the high half down, the product spreads
 * the low half up, the second shift brings that down again.
 */
static inline uint64_t fold(uint64_t sum)
{
	sum = (sum ^ sum >> 32) * SPREAD;
	return sum ^ sum >> 32;
}

static inline uint64_t word_at(struct pattern p, uint64_t offset)
{
	return fold(sum_at(p, offset));
}

/* The byte of @word that lies @i bytes from its start in memory. */
static inline unsigned char byte_of(uint64_t word, size_t i)
{
	return ((const unsigned char *)&word)[i];
}

#endif
