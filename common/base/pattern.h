/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * pattern.h - data that carries its own identity
 *
 * Each 8-byte word at a multiple of 8 is
 *
 *	fold((tag << 56 | generation << 40 | offset / 8) * K + mix(seed))  modulo 2^64
 *
 * with an odd K and an invertible fold. So it is a pure function of (seed, generation,
 * offset), the next word's sum is this one's plus K, and any word can be traced back to
 * its seed, generation and offset. The tag verifies that: one random word in 256 passes
 * by chance.
 *
 * The fold makes each byte depend on both generation and offset: even in a range of one
 * byte new data differs from old, except by chance in one of 256.
 *
 * Offsets are relative to the region, not addresses, need no alignment, and end at 8 TiB.
 */
#ifndef ODPLAB_BASE_PATTERN_H
#define ODPLAB_BASE_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/* A generation of its own: memory that holds zeros, as a hole in a file does. */
#define PATTERN_ZEROS 0xffff

struct pattern {
	uint64_t seed;
	uint16_t generation;
};

enum mismatch_kind {
	MISMATCH_ZEROS,	    /* zeros where data was due */
	MISMATCH_STALE,	    /* right place, another generation: an older or a later one */
	MISMATCH_MISPLACED, /* right generation, another offset */
	MISMATCH_FOREIGN,   /* another generation and another offset */
	MISMATCH_TORN,	    /* one word, partly expected, partly of another generation */
	MISMATCH_UNKNOWN,   /* not data of this seed */
};

struct mismatch {
	enum mismatch_kind kind;
	uint64_t offset;     /* of the first wrong byte */
	uint64_t bytes;	     /* how many bytes of the whole range are wrong */
	uint16_t expected;   /* generation, or PATTERN_ZEROS */
	uint16_t generation; /* found; STALE, FOREIGN, TORN (there PATTERN_ZEROS too) */
	/* MISPLACED, FOREIGN: the word found here, less than 8 bytes from .offset ... */
	uint64_t found_at;
	uint64_t origin; /* ... belongs there */
	uint64_t word;	 /* the bytes from .offset on, as found */
};

/* Fills @len bytes at @buf, which stand for the range at @offset. */
void pattern_fill(void *buf, uint64_t offset, size_t len, struct pattern p);

/* Returns 0, or -EBADMSG with *mismatch (which may be NULL) saying what was found. */
int pattern_check(const void *buf, uint64_t offset, size_t len, struct pattern p,
		  struct mismatch *mismatch);

/*
 * The same for data that changes while it is read: is each 8-byte word that of @p or that
 * of @other? @offset and @len are multiples of 8. *mismatch describes how it differs from
 * @p.
 */
int pattern_check_either(const void *buf, uint64_t offset, size_t len, struct pattern p,
			 struct pattern other, struct mismatch *mismatch);

#define MISMATCH_TEXT 160

/* "stale generation 3 at offset 4096, expected generation 4 (64 bytes wrong)" */
char *mismatch_describe(const struct mismatch *m, char text[MISMATCH_TEXT]);

#endif
