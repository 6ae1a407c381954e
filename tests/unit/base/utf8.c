// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* utf8.c - what is a character stays, what is none becomes a question mark */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

static void repair__each_form(void **state)
{
	static const struct {
		const char *text, *repaired;
	} cases[] = {
		{ "", "" },
		{ "plain\n\x01\x7f", "plain\n\x01\x7f" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
		  "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf" },
		{ "caf\xe9", "caf?" }, /* Latin-1 */
		{ "\x80\xbf", "??" },  /* no first byte */
		{ "\xc0\xaf", "??" },  /* longer than needed */
		{ "\xe0\x9f\xbf", "???" },
		{ "\xf0\x8f\xbf\xbf", "????" },
		{ "\xed\xa0\x80", "???" },	/* half a surrogate pair */
		{ "\xf4\x90\x80\x80", "????" }, /* beyond the last */
		{ "\xf5\xff\xfe", "???" },
		{ "\xf5\x80\x80\x80", "????" },
		{ "a\xe2\x82", "a??" }, /* cut off at the end */
		{ "\xe2\x82z", "??z" }, /* cut off in the middle */
		{ "\xf0\x9f\x98\xc3\xa9", "???\xc3\xa9" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[32];

		strcpy(text, cases[i].text);
		utf8_repair(text, strlen(text));
		assert_string_equal(text, cases[i].repaired);
	}
}

/* The first and the last character of each form, and the bytes next to them. */
static void repair__the_ends_of_each_form(void **state)
{
	static const char *const ends[] = {
		"\xc2\x80",	    "\xdf\xbf",		"\xe0\xa0\x80",
		"\xe0\xbf\xbf",	    "\xe1\x80\x80",	"\xec\xbf\xbf",
		"\xed\x80\x80",	    "\xed\x9f\xbf",	"\xee\x80\x80",
		"\xef\xbf\xbf",	    "\xf0\x90\x80\x80", "\xf0\xbf\xbf\xbf",
		"\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x80\x80\x80",
		"\xf4\x8f\xbf\xbf",
	};
	char text[8];

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		strcpy(text, ends[i]);
		utf8_repair(text, strlen(text));
		assert_string_equal(text, ends[i]);
		/* no character has that second byte */
		for (unsigned int k = 0; k < 2; k++) {
			strcpy(text, ends[i]);
			text[1] = (char)(k ? 0xc0 : 0x7f);
			utf8_repair(text, strlen(text));
			assert_int_equal(text[0], '?');
		}
	}
}

/* The bytes after the text are not looked at. */
/* Bytes of @character in UTF-8, by the standard's table 3-6. */
static size_t encode(uint32_t character, char text[4])
{
	size_t len = character < 0x80	 ? 1 :
		     character < 0x800	 ? 2 :
		     character < 0x10000 ? 3 :
					   4;

	for (size_t i = len; i-- > 1; character >>= 6)
		text[i] = (char)(0x80 | (character & 0x3f));
	text[0] = (char)(len == 1 ? character : (0xf00 >> len & 0xff) | character);
	return len;
}

static void repair__every_character_stays(void **state)
{
	for (uint32_t character = 0; character <= 0x10ffff; character++) {
		char text[4], same[4];
		size_t len = encode(character, text);

		if (character >= 0xd800 && character < 0xe000)
			continue; /* halves of surrogate pairs are none */
		memcpy(same, text, len);
		utf8_repair(text, len);
		assert_memory_equal(text, same, len);
	}
}

static void repair__ends_where_the_text_ends(void **state)
{
	char text[] = "\xe2\x82\xac";

	utf8_repair(text, 2);
	assert_string_equal(text, "??\xac");
}

static void repair__zeros_are_characters(void **state)
{
	char text[] = "a\0\xff";

	utf8_repair(text, sizeof(text));
	assert_memory_equal(text, "a\0?", 4);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(repair__each_form),
	cmocka_unit_test(repair__the_ends_of_each_form),
	cmocka_unit_test(repair__every_character_stays),
	cmocka_unit_test(repair__ends_where_the_text_ends),
	cmocka_unit_test(repair__zeros_are_characters),
};

int main(void)
{
	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
