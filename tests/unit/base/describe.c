// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* describe.c - what mismatch_describe() makes of each kind of wrong data */
#include "base/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/util.h"

static void describe__each_kind(void **state)
{
	static const struct {
		struct mismatch m;
		const char *text;
	} rows[] = {
		{ { .kind = MISMATCH_ZEROS, .offset = 8, .bytes = 64, .expected = 4 },
		  "zeros at offset 8, expected generation 4 (64 bytes wrong)" },
		{ { .kind = MISMATCH_STALE,
		    .generation = 3,
		    .expected = PATTERN_ZEROS,
		    .bytes = 1 },
		  "stale generation 3 at offset 0, expected zeros (1 byte wrong)" },
		{ { .kind = MISMATCH_STALE, .generation = 3, .expected = 4, .bytes = 8 },
		  "stale generation 3 at offset 0, expected generation 4 (8 bytes "
		  "wrong)" },
		{ { .kind = MISMATCH_STALE, .generation = 5, .expected = 4, .bytes = 8 },
		  "later generation 5 at offset 0, expected generation 4 (8 bytes "
		  "wrong)" },
		{ { .kind = MISMATCH_MISPLACED,
		    .offset = 64,
		    .found_at = 67,
		    .origin = 128,
		    .expected = 4,
		    .bytes = 9 },
		  "data of offset 128 at offset 67, expected generation 4 (9 bytes "
		  "wrong)" },
		{ { .kind = MISMATCH_FOREIGN,
		    .generation = 3,
		    .found_at = 64,
		    .origin = 128,
		    .expected = 4,
		    .bytes = 8 },
		  "data of generation 3 and offset 128 at offset 64, expected generation "
		  "4 "
		  "(8 bytes wrong)" },
		{ { .kind = MISMATCH_TORN, .generation = 3, .expected = 4, .bytes = 4 },
		  "a torn word, partly of generation 3, at offset 0, expected generation "
		  "4 "
		  "(4 bytes wrong)" },
		{ { .kind = MISMATCH_TORN,
		    .generation = PATTERN_ZEROS,
		    .expected = 4,
		    .bytes = 4 },
		  "a torn word, partly zeros, at offset 0, expected generation 4 "
		  "(4 bytes wrong)" },
		{ { .kind = MISMATCH_UNKNOWN, .word = 0xab, .expected = 4, .bytes = 8 },
		  "unknown data 0x00000000000000ab at offset 0, expected generation 4 "
		  "(8 bytes wrong)" },
	};
	char text[MISMATCH_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(mismatch_describe(&rows[i].m, text), rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describe__each_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
