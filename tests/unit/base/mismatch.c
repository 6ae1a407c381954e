// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mismatch.c - what pattern_check() says of each kind of wrong data */
#include "base/pattern.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rand.h"
#include "base/util.h"
#include "filled.h"

static const struct pattern stale = { .seed = 42, .generation = 3 };

/* Where the byte that stands for @offset lies. */
static unsigned char *at(uint64_t offset)
{
	return buf + (offset - BASE);
}

static struct mismatch check_fails(enum mismatch_kind kind, uint64_t offset)
{
	struct mismatch m;

	assert_int_equal(pattern_check(buf, BASE, BYTES, due, &m), -EBADMSG);
	assert_int_equal(m.kind, kind);
	assert_int_equal(m.offset, offset);
	assert_int_equal(m.expected, due.generation);
	return m;
}

static void check__generation_far_away_where_zeros_are_due(void **state)
{
	struct mismatch m;

	memset(buf, 0, BYTES);
	pattern_fill(at(8192), 8192, 8, (struct pattern){ 42, 60000 });
	assert_int_equal(pattern_check(buf, BASE, BYTES, zeros, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_STALE);
	assert_int_equal(m.generation, 60000);
}

static void check__zeros_found(void **state)
{
	struct mismatch m;

	memset(at(8192), 0, 2048);
	m = check_fails(MISMATCH_ZEROS, 8192);
	assert_in_range(m.bytes, 2000, 2048);
}

/* A transfer that broke off in the middle of a word: no torn word, but a hole. */
static void check__zeros_from_the_middle_of_a_word(void **state)
{
	memset(at(8195), 0, 1024);
	check_fails(MISMATCH_ZEROS, 8195);
}

static void check__stale(void **state)
{
	struct mismatch m;

	pattern_fill(at(8192), 8192, 64, stale);
	m = check_fails(MISMATCH_STALE, 8192);
	assert_int_equal(m.generation, 3);
	assert_in_range(m.bytes, 56, 64);
}

/* The edges of an unaligned transfer: part of one word is all there is. */
static void check__stale_part_of_a_word(void **state)
{
	struct mismatch m;

	for (uint64_t from = 8192; from < 8200; from++)
		for (size_t len = 1; from + len <= 8200; len++) {
			pattern_fill(at(from), from, len, stale);
			assert_int_equal(pattern_check(at(from), from, len, due, &m),
					 -EBADMSG);
			assert_int_equal(m.kind, MISMATCH_STALE);
			assert_int_equal(m.generation, 3);
			assert_int_equal(m.offset, from);
			assert_int_equal(m.bytes, len);
		}
}

/* A byte that both generations have in common is no part of the expected one. */
static void check__stale_part_with_a_byte_in_common(void **state)
{
	unsigned char old[BYTES];
	unsigned int found = 0;

	pattern_fill(old, BASE, BYTES, stale);
	for (uint64_t offset = 4096; offset + 8 <= BASE + BYTES; offset += 8) {
		const unsigned char *is = old + (offset - BASE), *due_is = at(offset);
		struct mismatch m;

		if (is[0] == due_is[0] || is[1] != due_is[1] || is[2] == due_is[2])
			continue;
		assert_int_equal(pattern_check(is, offset, 3, due, &m), -EBADMSG);
		assert_int_equal(m.kind, MISMATCH_STALE);
		found++;
	}
	assert_true(found);
}

static void check__misplaced_by_words(void **state)
{
	struct mismatch m;

	pattern_fill(at(8192), 4096, 512, due);
	m = check_fails(MISMATCH_MISPLACED, 8192);
	assert_int_equal(m.found_at, 8192);
	assert_int_equal(m.origin, 4096);
}

static void check__misplaced_by_bytes(void **state)
{
	for (int shift = -7; shift <= 7; shift++) {
		struct mismatch m;

		if (!shift)
			continue;
		fill_due(NULL);
		pattern_fill(at(8192), (uint64_t)(8192 - shift), 512, due);
		m = check_fails(MISMATCH_MISPLACED, 8192);
		assert_int_equal((int)(m.found_at - m.origin), shift);
	}
}

/* The transfer went a few bytes too far: it left old data before it. */
static void check__misplaced_from_the_start_of_the_region(void **state)
{
	struct mismatch m;

	pattern_fill(buf, 0, 64, stale);
	pattern_fill(buf + 3, 0, 64, due);
	assert_int_equal(pattern_check(buf, 0, 64, due, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_MISPLACED);
	assert_int_equal(m.offset, 0);
	assert_int_equal(m.found_at, 3);
	assert_int_equal(m.origin, 0);
}

static void check__foreign(void **state)
{
	struct mismatch m;

	pattern_fill(at(8192), 4096, 512, stale);
	m = check_fails(MISMATCH_FOREIGN, 8192);
	assert_int_equal(m.generation, 3);
	assert_int_equal(m.origin, 4096);
}

/* Generations so far away are more likely chance than data that was ever due. */
static void check__foreign_within_reach(void **state)
{
	static const struct {
		uint16_t due, found;
		enum mismatch_kind kind;
	} rows[] = {
		{ 2000, 2000 + 1024, MISMATCH_FOREIGN },
		{ 2000, 2000 + 1025, MISMATCH_UNKNOWN },
		{ 2000, 2000 - 1024, MISMATCH_FOREIGN },
		{ 2000, 2000 - 1025, MISMATCH_UNKNOWN },
		{ PATTERN_ZEROS, 1024, MISMATCH_FOREIGN },
		{ PATTERN_ZEROS, 1025, MISMATCH_UNKNOWN },
	};
	unsigned char word[8];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mismatch m;

		pattern_fill(word, 4096, 8, (struct pattern){ 42, rows[i].found });
		assert_int_equal(pattern_check(word, 8192, 8,
					       (struct pattern){ 42, rows[i].due }, &m),
				 -EBADMSG);
		assert_int_equal(m.kind, rows[i].kind);
	}
}

static void check__torn_within_reach(void **state)
{
	static const struct {
		int away;
		enum mismatch_kind kind;
	} rows[] = {
		{ -8, MISMATCH_TORN },
		{ 8, MISMATCH_TORN },
		{ -9, MISMATCH_UNKNOWN },
		{ 9, MISMATCH_UNKNOWN },
	};
	struct pattern p = { 42, 2000 };
	unsigned char word[8];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct pattern other = { 42, (uint16_t)(2000 + rows[i].away) };
		struct mismatch m;

		pattern_fill(word, 8192, 8, p);
		pattern_fill(word, 8192, 5, other);
		assert_int_equal(pattern_check(word, 8192, 8, p, &m), -EBADMSG);
		assert_int_equal(m.kind, rows[i].kind);
		if (m.kind == MISMATCH_TORN)
			assert_int_equal(m.generation, other.generation);
	}
}

/* The bytes as found, and zeros after the end of the range. */
static void check__keeps_the_bytes(void **state)
{
	static const unsigned char junk[] = { 0xde, 0xad, 0xbe, 0xef, 0xee };
	struct mismatch m;
	uint64_t word = 0;

	memcpy(&word, junk, 3);
	assert_int_equal(pattern_check(junk, 8192, 3, due, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_UNKNOWN);
	assert_true(m.word == word);
}

static void check__torn_word(void **state)
{
	for (size_t n = 1; n < 8; n++) {
		struct mismatch m;

		fill_due(NULL);
		pattern_fill(at(8192), 8192, n, stale);
		m = check_fails(MISMATCH_TORN, 8192);
		assert_int_equal(m.generation, 3);
		assert_int_equal(m.bytes, n);
	}
}

/* What follows it is another mistake: the first is named. */
static void check__torn_word_before_misplaced_ones(void **state)
{
	struct mismatch m;

	pattern_fill(at(8197), 8197, 3, stale);
	pattern_fill(at(8200), 4096, 64, due);
	m = check_fails(MISMATCH_TORN, 8197);
	assert_int_equal(m.generation, 3);
}

static void check__torn_word_partly_zeros(void **state)
{
	struct mismatch m;

	memset(at(8192), 0, 3);
	m = check_fails(MISMATCH_TORN, 8192);
	assert_int_equal(m.generation, PATTERN_ZEROS);
}

/* Zeros are tried whatever generation is due, as if they were the one before it. */
static void check__torn_word_partly_zeros_of_a_late_generation(void **state)
{
	struct pattern p = { 42, 2000 };
	unsigned char word[8];
	struct mismatch m;

	pattern_fill(word, 8192, 8, p);
	memset(word, 0, 3);
	assert_int_equal(pattern_check(word, 8192, 8, p, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_TORN);
	assert_int_equal(m.generation, PATTERN_ZEROS);
}

static void check__overrun_of_the_next_generation(void **state)
{
	struct mismatch m;

	pattern_fill(at(8192), 8192, 3, (struct pattern){ 42, 5 });
	m = check_fails(MISMATCH_TORN, 8192);
	assert_int_equal(m.generation, 5);
}

/* What lies before and after the range may be anybody's. */
static void check__looks_at_the_range_only(void **state)
{
	struct mismatch m;

	pattern_fill(at(8192), 4096, 8, due);
	assert_int_equal(pattern_check(at(8195), 8195, 5, due, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_UNKNOWN);
	assert_int_equal(pattern_check(at(8192), 8192, 5, due, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_UNKNOWN);
}

/* A damaged byte may look like that of one other generation, or like a zero. */
static void check__single_bytes_are_rarely_torn(void **state)
{
	unsigned int torn = 0;

	for (uint64_t offset = 4096; offset < 4096 + 64; offset++)
		for (unsigned int flip = 1; flip < 256; flip++) {
			struct mismatch m;

			*at(offset) ^= (unsigned char)flip;
			assert_int_equal(pattern_check(buf, BASE, BYTES, due, &m),
					 -EBADMSG);
			*at(offset) ^= (unsigned char)flip;
			torn += m.kind == MISMATCH_TORN;
		}
	assert_in_range(torn, 0, 64 * 2);
}

static void check__other_seed(void **state)
{
	pattern_fill(at(8192), 8192, 512, (struct pattern){ 43, 4 });
	check_fails(MISMATCH_UNKNOWN, 8192);
}

/* Random bytes have no owner: chance may name one once in 1000. */
static void check__random_bytes(void **state)
{
	struct rand r = { .state = 7 };
	unsigned int named = 0;

	for (int i = 0; i < 20000; i++) {
		unsigned char junk[16];
		struct mismatch m;

		for (size_t k = 0; k < sizeof(junk); k++)
			junk[k] = (unsigned char)rand_next(&r);
		assert_int_equal(pattern_check(junk, 8 * i, 16, i % 2 ? due : zeros, &m),
				 -EBADMSG);
		named += m.kind != MISMATCH_UNKNOWN;
	}
	assert_in_range(named, 0, 40);
}

/* A word found anywhere tells its own offset and generation. */
static void check__any_word_elsewhere(void **state)
{
	struct rand r = { .state = 5 };

	for (int i = 0; i < 20000; i++) {
		struct pattern p = { rand_next(&r),
				     (uint16_t)(100 + rand_below(&r, 900)) };
		struct pattern old = { p.seed, (uint16_t)(p.generation - 50) };
		uint64_t offset = 8 * rand_below(&r, 1ull << 39);
		uint64_t origin = 8 * rand_below(&r, 1ull << 39);
		struct mismatch m;

		if (offset == origin)
			continue;
		pattern_fill(buf, origin, 8, i % 2 ? p : old);
		assert_int_equal(pattern_check(buf, offset, 8, p, &m), -EBADMSG);
		assert_int_equal(m.kind, i % 2 ? MISMATCH_MISPLACED : MISMATCH_FOREIGN);
		assert_int_equal(m.origin, origin);
		assert_int_equal(m.found_at, offset);
		assert_int_equal(m.generation, i % 2 ? p.generation : old.generation);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(check__generation_far_away_where_zeros_are_due),
	cmocka_unit_test_setup(check__zeros_found, fill_due),
	cmocka_unit_test_setup(check__zeros_from_the_middle_of_a_word, fill_due),
	cmocka_unit_test_setup(check__stale, fill_due),
	cmocka_unit_test(check__stale_part_of_a_word),
	cmocka_unit_test_setup(check__misplaced_by_words, fill_due),
	cmocka_unit_test_setup(check__stale_part_with_a_byte_in_common, fill_due),
	cmocka_unit_test(check__misplaced_by_bytes),
	cmocka_unit_test(check__misplaced_from_the_start_of_the_region),
	cmocka_unit_test_setup(check__foreign, fill_due),
	cmocka_unit_test(check__foreign_within_reach),
	cmocka_unit_test(check__torn_within_reach),
	cmocka_unit_test(check__keeps_the_bytes),
	cmocka_unit_test(check__torn_word),
	cmocka_unit_test_setup(check__torn_word_before_misplaced_ones, fill_due),
	cmocka_unit_test_setup(check__torn_word_partly_zeros, fill_due),
	cmocka_unit_test(check__torn_word_partly_zeros_of_a_late_generation),
	cmocka_unit_test_setup(check__overrun_of_the_next_generation, fill_due),
	cmocka_unit_test_setup(check__looks_at_the_range_only, fill_due),
	cmocka_unit_test_setup(check__single_bytes_are_rarely_torn, fill_due),
	cmocka_unit_test_setup(check__other_seed, fill_due),
	cmocka_unit_test(check__random_bytes),
	cmocka_unit_test(check__any_word_elsewhere),
};

int main(void)
{
	return cmocka_run_group_tests_name("mismatch", tests, NULL, NULL);
}
