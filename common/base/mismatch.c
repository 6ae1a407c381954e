// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mismatch.c - identifies wrong data */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pattern_word.h"
#include "base/util.h"

/*
 * How far from the expected generation a word of another offset is still believed: with
 * the tag, and nine places tried, about one unknown word in 1000 passes by chance.
 */
#define FOREIGN_REACH 1024

/* How many generations before and after the expected one a torn word is tried against. */
#define TORN_REACH 8

/* Modulo 2^64, by Newton's iteration: each round doubles the correct bits. */
static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

static uint64_t unfold(uint64_t word)
{
	word = (word ^ word >> 32) * inverse(SPREAD);
	return word ^ word >> 32;
}

/* Decodes @word. Returns false where it is not data of this seed. */
static bool decode(uint64_t word, uint64_t seed, uint16_t *generation, uint64_t *offset)
{
	uint64_t packed = (unfold(word) - rand_mix(seed)) * inverse(STEP);

	*generation = (uint16_t)(packed >> OFFSET_BITS);
	*offset = (packed & ((1ull << OFFSET_BITS) - 1)) * WORD;
	return packed >> 56 == TAG;
}

/* Is there a word at @in, which stands for @at, that belongs elsewhere? */
static bool displaced(const unsigned char *in, uint64_t at, struct pattern p,
		      struct mismatch *m)
{
	int due = p.generation == PATTERN_ZEROS ? 0 : p.generation;
	uint64_t word, origin;
	uint16_t generation;

	memcpy(&word, in, WORD);
	if (!decode(word, p.seed, &generation, &origin))
		return false;
	if (origin == at && generation == p.generation)
		return false;
	if (origin == at)
		m->kind = MISMATCH_STALE;
	else if (generation == p.generation)
		m->kind = MISMATCH_MISPLACED;
	else if (abs(generation - due) <= FOREIGN_REACH)
		m->kind = MISMATCH_FOREIGN;
	else
		return false;
	m->generation = generation;
	m->found_at = at;
	m->origin = origin;
	return true;
}

/* The word that the wrong byte is in, where the range holds the whole of it. */
static bool displaced_word(const struct wrong_byte *wrong, struct pattern p,
			   struct mismatch *m)
{
	size_t in_word = wrong->offset % WORD;

	return in_word <= wrong->before && in_word + wrong->left >= WORD &&
	       displaced(wrong->in - in_word, wrong->offset - in_word, p, m);
}

/* Data shifted by less than a word: one of the next positions starts a word. */
static bool shifted(const struct wrong_byte *wrong, struct pattern p, struct mismatch *m)
{
	for (size_t skip = 0; skip < WORD && skip + WORD <= wrong->left; skip++)
		if (displaced(wrong->in + skip, wrong->offset + skip, p, m))
			return true;
	return false;
}

static bool is_zero(const unsigned char *in, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (in[i])
			return false;
	return true;
}

/*
 * Zeros first, then the generations around @due, the nearest first, older before newer.
 */
static uint16_t candidate(uint16_t due, unsigned int i)
{
	if (!i)
		return PATTERN_ZEROS;
	return (uint16_t)(i % 2 ? due - (i + 1) / 2 : due + i / 2);
}

/*
 * The word that the wrong byte is in, or what the range holds of it: is each byte either
 * the expected one or that of one other generation?
 */
static bool torn(const struct wrong_byte *wrong, struct pattern p, struct mismatch *m)
{
	size_t in_word = wrong->offset % WORD;
	size_t from = in_word - size_min(in_word, wrong->before);
	size_t to = size_min(WORD, in_word + wrong->left);
	const unsigned char *in = wrong->in - (in_word - from);
	uint64_t due = word_at(p, wrong->offset);

	if (p.generation == PATTERN_ZEROS)
		return false; /* no such generation */
	for (unsigned int i = 0; i <= 2 * TORN_REACH; i++) {
		struct pattern other = { p.seed, candidate(p.generation, i) };
		uint64_t word = word_at(other, wrong->offset);
		size_t of_due = 0, of_other = 0, of_neither = 0;

		for (size_t k = from; k < to; k++) {
			bool is_due = in[k - from] == byte_of(due, k);
			bool is_other = in[k - from] == byte_of(word, k);

			of_due += is_due && !is_other;
			of_other += is_other && !is_due;
			of_neither += !is_due && !is_other;
		}
		/* a lone byte proves zeros or the generation before, none farther away */
		if (of_neither || (i > 1 && of_other < 2))
			continue;
		if (of_due)
			m->kind = MISMATCH_TORN;
		else
			m->kind = i ? MISMATCH_STALE : MISMATCH_ZEROS;
		m->generation = other.generation;
		return true;
	}
	return false;
}

void mismatch_classify(const struct wrong_byte *wrong, struct pattern p,
		       struct mismatch *m)
{
	size_t len = size_min(WORD, wrong->left);

	*m = (struct mismatch){ .kind = MISMATCH_UNKNOWN,
				.offset = wrong->offset,
				.expected = p.generation };
	memcpy(&m->word, wrong->in, len);
	if (is_zero(wrong->in, len))
		m->kind = MISMATCH_ZEROS;
	else if (!displaced_word(wrong, p, m) && !torn(wrong, p, m))
		shifted(wrong, p, m);
}

char *mismatch_describe(const struct mismatch *m, char text[MISMATCH_TEXT])
{
	bool elsewhere = m->kind == MISMATCH_MISPLACED || m->kind == MISMATCH_FOREIGN;
	bool later = m->expected != PATTERN_ZEROS && m->generation > m->expected;
	char what[64], due[32] = "zeros";

	if (m->expected != PATTERN_ZEROS)
		snprintf(due, sizeof(due), "generation %u", m->expected);
	switch (m->kind) {
	case MISMATCH_ZEROS:
		snprintf(what, sizeof(what), "zeros");
		break;
	case MISMATCH_STALE:
		snprintf(what, sizeof(what), "%s generation %u",
			 later ? "later" : "stale", m->generation);
		break;
	case MISMATCH_MISPLACED:
		snprintf(what, sizeof(what), "data of offset %" PRIu64, m->origin);
		break;
	case MISMATCH_FOREIGN:
		snprintf(what, sizeof(what), "data of generation %u and offset %" PRIu64,
			 m->generation, m->origin);
		break;
	case MISMATCH_TORN:
		if (m->generation == PATTERN_ZEROS)
			snprintf(what, sizeof(what), "a torn word, partly zeros,");
		else
			snprintf(what, sizeof(what),
				 "a torn word, partly of generation %u,", m->generation);
		break;
	case MISMATCH_UNKNOWN:
		snprintf(what, sizeof(what), "unknown data 0x%016" PRIx64, m->word);
		break;
	}
	snprintf(text, MISMATCH_TEXT,
		 "%s at offset %" PRIu64 ", expected %s (%" PRIu64 " byte%s wrong)", what,
		 elsewhere ? m->found_at : m->offset, due, m->bytes,
		 m->bytes == 1 ? "" : "s");
	return text;
}
