// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pattern.c - filling and checking: any range, any byte of it */
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

static void fill__same_bytes_in_any_pieces(void **state)
{
	struct rand r = { .state = 1 };
	unsigned char pieces[BYTES];

	for (size_t done = 0, n; done < BYTES; done += n) {
		n = size_min(BYTES - done, 1 + rand_below(&r, 40));
		pattern_fill(pieces + done, BASE + done, n, due);
	}
	assert_memory_equal(buf, pieces, BYTES);
}

static void fill__nothing_outside_the_range(void **state)
{
	unsigned char guarded[64];

	for (size_t from = 1; from < 20; from++)
		for (size_t len = 0; len < 40; len++) {
			memset(guarded, 0x5a, sizeof(guarded));
			pattern_fill(guarded + from, from, len, zeros);
			for (size_t i = 0; i < sizeof(guarded); i++)
				assert_int_equal(guarded[i],
						 i >= from && i < from + len ? 0 : 0x5a);
		}
}

/* A range of one byte must tell generations, offsets and zeros apart. */
static void fill__each_byte_of_a_word_tells(void **state)
{
	static const struct {
		uint64_t offset;
		struct pattern p;
	} others[] = {
		{ BASE, { 42, 3 } },	      { BASE, { 42, 5 } },
		{ BASE, { 42, 260 } },	      { BASE + 8, { 42, 4 } },
		{ BASE + 4096, { 42, 4 } },   { BASE + MiB(2), { 42, 4 } },
		{ BASE + GiB(1), { 42, 4 } }, { BASE + 1, { 42, 4 } },
		{ BASE, { 43, 4 } },	      { BASE, { 42, PATTERN_ZEROS } },
	};
	unsigned char other[BYTES];

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		unsigned int equal[8] = { 0 };

		pattern_fill(other, others[i].offset, BYTES, others[i].p);
		for (size_t k = 0; k < BYTES; k++)
			equal[k % 8] += buf[k] == other[k];
		for (size_t lane = 0; lane < 8; lane++)
			assert_in_range(equal[lane], 0, BYTES / 8 / 20);
	}
}

static void check__right_data(void **state)
{
	struct mismatch m;

	for (size_t from = 0; from < 20; from++)
		for (size_t len = 0; len < BYTES - 20; len += len < 40 ? 1 : 511)
			assert_int_equal(
				pattern_check(buf + from, BASE + from, len, due, &m), 0);
}

static void check__zeros_due(void **state)
{
	memset(buf, 0, BYTES);
	assert_int_equal(pattern_check(buf, BASE, BYTES, zeros, NULL), 0);
	buf[BYTES / 2] = 1;
	assert_int_equal(pattern_check(buf, BASE, BYTES, zeros, NULL), -EBADMSG);
}

static void check__first_and_last_byte(void **state)
{
	struct mismatch m;

	buf[BYTES - 1] ^= 1;
	assert_int_equal(pattern_check(buf, BASE, BYTES, due, &m), -EBADMSG);
	assert_int_equal(m.offset, BASE + BYTES - 1);
	assert_int_equal(pattern_check(buf, BASE, BYTES - 1, due, &m), 0);
	buf[0] ^= 1;
	assert_int_equal(pattern_check(buf, BASE, BYTES, due, &m), -EBADMSG);
	assert_int_equal(m.offset, BASE);
	assert_int_equal(m.bytes, 2);
}

static void check__no_mismatch_wanted(void **state)
{
	buf[1000] ^= 1;
	assert_int_equal(pattern_check(buf, BASE, BYTES, due, NULL), -EBADMSG);
}

/* One random byte of a random range, changed at random, is found and found exactly. */
static void check__any_wrong_byte(void **state)
{
	struct rand r = { .state = 99 };

	for (int i = 0; i < 20000; i++) {
		struct pattern p = { rand_next(&r), (uint16_t)rand_below(&r, 0xffff) };
		uint64_t offset = rand_below(&r, 1ull << 42);
		size_t len = 1 + rand_below(&r, 1500);
		size_t wrong = rand_below(&r, len);
		struct mismatch m;

		pattern_fill(buf, offset, len, p);
		assert_int_equal(pattern_check(buf, offset, len, p, &m), 0);
		buf[wrong] ^= (unsigned char)(1 + rand_below(&r, 255));
		assert_int_equal(pattern_check(buf, offset, len, p, &m), -EBADMSG);
		assert_int_equal(m.offset, offset + wrong);
		assert_int_equal(m.bytes, 1);
	}
}

/* What changed while it was read: any mixture of two, by words, and nothing else. */
static void either__any_words_of_both(void **state)
{
	unsigned char words[64], other[64];
	struct mismatch m;

	pattern_fill(words, 80, sizeof(words), due);
	pattern_fill(other, 80, sizeof(other), (struct pattern){ 42, 3 });
	memcpy(words + 16, other + 16, 8);
	memset(words + 40, 0, 16);
	assert_int_equal(pattern_check_either(words, 80, 40, due,
					      (struct pattern){ 42, 3 }, &m),
			 0);
	assert_int_equal(pattern_check_either(words + 24, 104, 40, due, zeros, &m), 0);
	assert_int_equal(pattern_check_either(words, 80, 64, due, zeros, &m), -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_STALE);
	assert_int_equal(m.generation, 3);
	assert_int_equal(m.offset, 96);
	assert_int_equal(m.bytes, 8);
}

static void either__no_torn_word(void **state)
{
	unsigned char words[16], other[16];
	struct mismatch m;

	pattern_fill(words, 80, sizeof(words), due);
	pattern_fill(other, 80, sizeof(other), (struct pattern){ 42, 3 });
	memcpy(words + 12, other + 12, 4);
	assert_int_equal(pattern_check_either(words, 80, 16, due,
					      (struct pattern){ 42, 3 }, &m),
			 -EBADMSG);
	assert_int_equal(m.kind, MISMATCH_TORN);
	assert_int_equal(pattern_check_either(words, 81, 8, due, zeros, &m), -EINVAL);
	assert_int_equal(pattern_check_either(words, 80, 9, due, zeros, &m), -EINVAL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(fill__same_bytes_in_any_pieces, fill_due),
	cmocka_unit_test(fill__nothing_outside_the_range),
	cmocka_unit_test_setup(fill__each_byte_of_a_word_tells, fill_due),
	cmocka_unit_test_setup(check__right_data, fill_due),
	cmocka_unit_test(check__zeros_due),
	cmocka_unit_test_setup(check__first_and_last_byte, fill_due),
	cmocka_unit_test_setup(check__no_mismatch_wanted, fill_due),
	cmocka_unit_test(check__any_wrong_byte),
	cmocka_unit_test(either__any_words_of_both),
	cmocka_unit_test(either__no_torn_word),
};

int main(void)
{
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
