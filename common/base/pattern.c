// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pattern.c - data that carries its own identity */
#include "base/pattern.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rand.h"
#include "base/util.h"

#define STEP	    0x9ddfea08eb382d69ull /* odd, and no byte of it is 0 */
#define TAG	    0xa5ull
#define WORD	    8
#define OFFSET_BITS 40
#define OFFSET_MASK ((1ull << OFFSET_BITS) - 1)

static uint64_t first_word(struct pattern p)
{
	return (TAG << 56 | (uint64_t)p.generation << OFFSET_BITS) * STEP +
	       rand_mix(p.seed);
}

static uint64_t word_at(struct pattern p, uint64_t offset)
{
	return first_word(p) + offset / WORD * STEP;
}

/* Modulo 2^64, by Newton's iteration: each round doubles the correct bits. */
static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

/* What @word says of itself. Returns false where it is nobody's of this seed. */
static bool decode(uint64_t word, uint64_t seed, uint16_t *generation, uint64_t *offset)
{
	uint64_t packed = (word - rand_mix(seed)) * inverse(STEP);

	*generation = (uint16_t)(packed >> OFFSET_BITS);
	*offset = (packed & OFFSET_MASK) * WORD;
	return packed >> 56 == TAG;
}

/* The part of a word that lies in the range: bytes [from, to) of the word at @at. */
struct piece {
	uint64_t at;
	size_t from, to;
};

static struct piece piece_at(uint64_t offset, size_t left)
{
	struct piece piece = {.at = round_down(offset, WORD), .from = offset % WORD};

	piece.to = size_min(WORD, piece.from + left);
	return piece;
}

void pattern_fill(void *buf, uint64_t offset, size_t len, struct pattern p)
{
	unsigned char *out = buf;

	if (p.generation == PATTERN_ZEROS) {
		memset(buf, 0, len);
		return;
	}
	while (len) {
		struct piece piece = piece_at(offset, len);
		uint64_t word = word_at(p, piece.at);
		size_t n = piece.to - piece.from;

		if (n == WORD) {
			size_t words = len / WORD;

			for (size_t i = 0; i < words; i++, word += STEP)
				memcpy(out + i * WORD, &word, WORD);
			n = words * WORD;
		} else {
			memcpy(out, (char *)&word + piece.from, n);
		}
		out += n;
		offset += n;
		len -= n;
	}
}

/* How many of the whole words at @in are as they should be, from the first on. */
static size_t equal_words(const unsigned char *in, size_t words, uint64_t word,
			  uint64_t step)
{
	enum {
		BLOCK = 64
	}; /* without a branch a word, the compiler makes vectors of it */
	size_t i = 0;

	for (; i + BLOCK <= words; i += BLOCK) {
		uint64_t wrong = 0;

		for (size_t k = 0; k < BLOCK; k++) {
			uint64_t found;

			memcpy(&found, in + (i + k) * WORD, WORD);
			wrong |= found ^ (word + k * step);
		}
		if (wrong)
			break;
		word += BLOCK * step;
	}
	for (; i < words; i++, word += step)
		if (memcmp(in + i * WORD, &word, WORD))
			break;
	return i;
}

static uint64_t expected_word(struct pattern p, uint64_t at)
{
	return p.generation == PATTERN_ZEROS ? 0 : word_at(p, at);
}

/* How far from the expected generation one is still believed: chance alone is below 1 in
 * 1000. */
#define GENERATION_REACH 1024

/* Do the 8 bytes at @in, which stand for @offset, say whose they are? */
static bool whose(const unsigned char *in, uint64_t offset, struct pattern p,
		  struct mismatch *m)
{
	uint64_t word, origin;
	uint16_t generation;

	memcpy(&word, in, WORD);
	if (!decode(word, p.seed, &generation, &origin))
		return false;
	if (p.generation != PATTERN_ZEROS &&
	    abs((int)generation - (int)p.generation) > GENERATION_REACH)
		return false;
	m->generation = generation;
	m->origin = origin;
	if (origin == offset)
		m->kind = MISMATCH_STALE;
	else if (generation == p.generation)
		m->kind = MISMATCH_MISPLACED;
	else
		m->kind = MISMATCH_FOREIGN;
	return generation != p.generation || origin != offset;
}

static bool is_zero(const unsigned char *in, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (in[i])
			return false;
	return true;
}

/* Is the word at @in, due at the multiple of 8 @at, a mix of two generations? */
static bool torn(const unsigned char *in, uint64_t at, struct pattern p,
		 struct mismatch *m)
{
	uint64_t expected = word_at(p, at);

	for (unsigned int back = 1; back <= 16 && back <= p.generation; back++) {
		struct pattern old = {p.seed, (uint16_t)(p.generation - back)};
		uint64_t stale = word_at(old, at);
		unsigned int of_old = 0, of_new = 0;

		for (unsigned int i = 0; i < WORD; i++) {
			if (in[i] == (unsigned char)(expected >> (8 * i)))
				of_new++;
			else if (in[i] == (unsigned char)(stale >> (8 * i)))
				of_old++;
		}
		if (of_new && of_old && of_new + of_old == WORD) {
			m->kind = MISMATCH_TORN;
			m->generation = old.generation;
			return true;
		}
	}
	return false;
}

/* Bytes shifted against the range by less than a word: one of the next positions starts a
 * word. */
static bool shifted(const unsigned char *in, uint64_t offset, size_t len,
		    struct pattern p, struct mismatch *m)
{
	for (size_t skip = 0; skip < WORD && skip + WORD <= len; skip++) {
		if (!whose(in + skip, offset + skip, p, m))
			continue;
		m->origin -= skip;
		return true;
	}
	return false;
}

/*
 * The byte at @in, due at @offset, is wrong; @len bytes are left of the range, and
 * @before bytes of it lie before.
 */
static void classify(const unsigned char *in, uint64_t offset, size_t len, size_t before,
		     struct pattern p, struct mismatch *m)
{
	size_t in_word = offset % WORD;
	const unsigned char *start = in - in_word;
	bool whole = in_word <= before && len + in_word >= WORD;

	m->offset = offset;
	m->expected = p.generation;
	memcpy(&m->word, in, size_min(WORD, len));
	if (p.generation != PATTERN_ZEROS && is_zero(in, size_min(len, WORD)))
		m->kind = MISMATCH_ZEROS;
	else if (whole && whose(start, offset - in_word, p, m))
		m->origin += in_word;
	else if (whole && p.generation != PATTERN_ZEROS &&
		 torn(start, offset - in_word, p, m))
		return;
	else if (!shifted(in, offset, len, p, m))
		m->kind = MISMATCH_UNKNOWN;
}

static uint64_t count_wrong(const unsigned char *in, uint64_t offset, size_t len,
			    struct pattern p)
{
	uint64_t wrong = 0;

	while (len) {
		struct piece piece = piece_at(offset, len);
		uint64_t word = expected_word(p, piece.at);

		for (size_t i = piece.from; i < piece.to; i++)
			wrong += *in++ != (unsigned char)(word >> (8 * i));
		offset += piece.to - piece.from;
		len -= piece.to - piece.from;
	}
	return wrong;
}

/* How many bytes from @in on are right, at most @len. */
static size_t right_bytes(const unsigned char *in, uint64_t offset, size_t len,
			  struct pattern p)
{
	uint64_t step = p.generation == PATTERN_ZEROS ? 0 : STEP;
	size_t right = 0;

	while (right < len) {
		struct piece piece = piece_at(offset + right, len - right);
		uint64_t word = expected_word(p, piece.at);

		if (piece.to - piece.from == WORD)
			right += equal_words(in + right, (len - right) / WORD, word,
					     step) *
				 WORD;
		piece = piece_at(offset + right, len - right);
		word = expected_word(p, piece.at);
		for (size_t i = piece.from; i < piece.to; i++, right++)
			if (in[right] != (unsigned char)(word >> (8 * i)))
				return right;
	}
	return right;
}

int pattern_check(const void *buf, uint64_t offset, size_t len, struct pattern p,
		  struct mismatch *mismatch)
{
	const unsigned char *in = buf;
	size_t right = right_bytes(in, offset, len, p);

	if (right == len)
		return 0;
	if (mismatch) {
		memset(mismatch, 0, sizeof(*mismatch));
		classify(in + right, offset + right, len - right, right, p, mismatch);
		mismatch->bytes = count_wrong(in + right, offset + right, len - right, p);
	}
	return -EBADMSG;
}

char *mismatch_describe(const struct mismatch *m, char text[MISMATCH_TEXT])
{
	char what[96], due[32];

	if (m->expected == PATTERN_ZEROS)
		snprintf(due, sizeof(due), "zeros");
	else
		snprintf(due, sizeof(due), "generation %u", m->expected);
	switch (m->kind) {
	case MISMATCH_ZEROS:
		snprintf(what, sizeof(what), "zeros");
		break;
	case MISMATCH_STALE:
		snprintf(what, sizeof(what), "stale generation %u", m->generation);
		break;
	case MISMATCH_MISPLACED:
		snprintf(what, sizeof(what), "data of offset %" PRIu64, m->origin);
		break;
	case MISMATCH_FOREIGN:
		snprintf(what, sizeof(what), "data of generation %u and offset %" PRIu64,
			 m->generation, m->origin);
		break;
	case MISMATCH_TORN:
		snprintf(what, sizeof(what), "a torn word, partly of generation %u",
			 m->generation);
		break;
	case MISMATCH_UNKNOWN:
		snprintf(what, sizeof(what), "unknown data 0x%016" PRIx64, m->word);
		break;
	}
	snprintf(text, MISMATCH_TEXT,
		 "%s at offset %" PRIu64 ", expected %s (%" PRIu64 " bytes wrong)", what,
		 m->offset, due, m->bytes);
	return text;
}
