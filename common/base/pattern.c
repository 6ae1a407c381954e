// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pattern.c - data that carries its own identity */
#include "base/pattern.h"

#include <errno.h>
#include <string.h>

#include "base/pattern_word.h"
#include "base/util.h"

/* The bytes [from, to) of the word that @offset lies in, as far as the range goes. */
struct piece {
	uint64_t word;
	size_t from, to;
};

static struct piece piece_at(struct pattern p, uint64_t offset, size_t left)
{
	struct piece piece = { .word = word_at(p, offset), .from = offset % WORD };

	piece.to = size_min(WORD, piece.from + left);
	return piece;
}

static void fill_words(unsigned char *out, size_t words, uint64_t sum, uint64_t step)
{
	for (size_t i = 0; i < words; i++, sum += step) {
		uint64_t word = fold(sum);

		memcpy(out + i * WORD, &word, WORD);
	}
}

void pattern_fill(void *buf, uint64_t offset, size_t len, struct pattern p)
{
	unsigned char *out = buf;
	size_t n;

	for (; len; out += n, offset += n, len -= n) {
		struct piece piece = piece_at(p, offset, len);

		n = piece.to - piece.from;
		if (n < WORD) {
			memcpy(out, (char *)&piece.word + piece.from, n);
		} else {
			n = len / WORD * WORD;
			fill_words(out, n / WORD, sum_at(p, offset), step_of(p));
		}
	}
}

/* How many of the whole words at @in are as they should be, from the first on. */
static size_t right_words(const unsigned char *in, size_t words, uint64_t sum,
			  uint64_t step)
{
	enum { BLOCK = 64 }; /* no branch a word: the compiler makes vectors of it */
	uint64_t found, wrong = 0;
	size_t i = 0;

	for (; i + BLOCK <= words; i += BLOCK, sum += BLOCK * step) {
		for (size_t k = 0; k < BLOCK; k++) {
			memcpy(&found, in + (i + k) * WORD, WORD);
			wrong |= found ^ fold(sum + k * step);
		}
		if (wrong)
			break;
	}
	for (; i < words; i++, sum += step) {
		memcpy(&found, in + i * WORD, WORD);
		if (found != fold(sum))
			break;
	}
	return i;
}

/* How many bytes from @in on are right, at most @len. */
static size_t right_bytes(const unsigned char *in, uint64_t offset, size_t len,
			  struct pattern p)
{
	size_t right = 0;

	while (right < len) {
		struct piece piece = piece_at(p, offset + right, len - right);
		size_t words = piece.from ? 0 : (len - right) / WORD;

		words = right_words(in + right, words, sum_at(p, offset + right),
				    step_of(p));
		right += words * WORD;
		if (words)
			continue;
		for (size_t i = piece.from; i < piece.to; i++, right++)
			if (in[right] != byte_of(piece.word, i))
				return right;
	}
	return right;
}

static uint64_t count_wrong(const unsigned char *in, uint64_t offset, size_t len,
			    struct pattern p)
{
	uint64_t wrong = 0;
	size_t n;

	for (; len; offset += n, len -= n) {
		struct piece piece = piece_at(p, offset, len);

		n = piece.to - piece.from;
		for (size_t i = piece.from; i < piece.to; i++)
			wrong += *in++ != byte_of(piece.word, i);
	}
	return wrong;
}

int pattern_check(const void *buf, uint64_t offset, size_t len, struct pattern p,
		  struct mismatch *mismatch)
{
	size_t right = right_bytes(buf, offset, len, p);
	struct wrong_byte wrong = {
		.in = (const unsigned char *)buf + right,
		.offset = offset + right,
		.before = right,
		.left = len - right,
	};

	if (!wrong.left)
		return 0;
	if (mismatch) {
		mismatch_classify(&wrong, p, mismatch);
		mismatch->bytes = count_wrong(wrong.in, wrong.offset, wrong.left, p);
	}
	return -EBADMSG;
}

int pattern_check_either(const void *buf, uint64_t offset, size_t len, struct pattern p,
			 struct pattern other, struct mismatch *mismatch)
{
	const unsigned char *in = buf;
	size_t done = 0, wrong = 0, first = 0;
	uint64_t found;

	if (offset % WORD || len % WORD)
		return -EINVAL;
	for (; done < len; done += WORD) {
		memcpy(&found, in + done, WORD);
		if (found == word_at(p, offset + done) ||
		    found == word_at(other, offset + done))
			continue;
		if (!wrong)
			first = done;
		wrong += WORD;
	}
	if (!wrong)
		return 0;
	if (mismatch) {
		struct wrong_byte at = {
			.in = in + first,
			.offset = offset + first,
			.before = first,
			.left = len - first,
		};

		mismatch_classify(&at, p, mismatch);
		mismatch->bytes = wrong;
	}
	return -EBADMSG;
}
