// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* units.c - sizes and durations: what is understood, and what is refused */
#include "base/units.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/rand.h"
#include "base/util.h"

struct row {
	int (*parse)(const char *text, uint64_t *value);
	const char *text;
	uint64_t value;
};

static void parse__good(void **state)
{
	static const struct row rows[] = {
		{ units_parse_number, "0", 0 },
		{ units_parse_number, "0x15b3", 0x15b3 },
		{ units_parse_number, "0X10", 16 },
		{ units_parse_number, "010", 10 }, /* not octal */
		{ units_parse_number, "08", 8 },
		{ units_parse_number, "18446744073709551615", UINT64_MAX },
		{ units_parse_size, "4096", 4096 },
		{ units_parse_size, "64K", KiB(64) },
		{ units_parse_size, "064k", KiB(64) },
		{ units_parse_size, "2MiB", MiB(2) },
		{ units_parse_size, "3KiB", KiB(3) },
		{ units_parse_size, "3m", MiB(3) },
		{ units_parse_size, "1g", GiB(1) },
		{ units_parse_size, "3GiB", GiB(3) },
		{ units_parse_size, "3TiB", GiB(3 * 1024) },
		{ units_parse_size, "16T", GiB(16 * 1024) },
		{ units_parse_size, "512B", 512 },
		{ units_parse_size, "0x1000", 4096 },
		{ units_parse_duration, "30", 30 * NSEC_PER_SEC },
		{ units_parse_duration, "30s", 30 * NSEC_PER_SEC },
		{ units_parse_duration, "2m", 120 * NSEC_PER_SEC },
		{ units_parse_duration, "2min", 120 * NSEC_PER_SEC },
		{ units_parse_duration, "1h", 3600 * NSEC_PER_SEC },
		{ units_parse_duration, "500ms", 500 * NSEC_PER_MSEC },
		{ units_parse_duration, "10us", 10 * NSEC_PER_USEC },
		{ units_parse_duration, "250ns", 250 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t value = 1;

		assert_int_equal(rows[i].parse(rows[i].text, &value), 0);
		assert_true(value == rows[i].value);
	}
}

/* Row by row: refused with this error, and the value left alone. */
static void refuses(const struct row *rows, size_t n, int error)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t value = rows[i].value;

		assert_int_equal(rows[i].parse(rows[i].text, &value), error);
		assert_true(value == rows[i].value);
	}
}

static void parse__junk(void **state)
{
	static const struct row rows[] = {
		{ units_parse_number, "", 77 },	     { units_parse_number, " 1", 77 },
		{ units_parse_number, "-1", 77 },    { units_parse_number, "+1", 77 },
		{ units_parse_number, "1 ", 77 },    { units_parse_number, "1K", 77 },
		{ units_parse_number, "1b", 77 },    { units_parse_number, "0x", 77 },
		{ units_parse_number, "1.5", 77 },   { units_parse_number, "12abc", 77 },
		{ units_parse_number, "x10", 77 },   { units_parse_size, "K", 77 },
		{ units_parse_size, "4 K", 77 },     { units_parse_size, "4KK", 77 },
		{ units_parse_size, "1.5G", 77 },    { units_parse_size, "4s", 77 },
		{ units_parse_duration, "s", 77 },   { units_parse_duration, "3d", 77 },
		{ units_parse_duration, "3 s", 77 },
	};

	refuses(rows, ARRAY_SIZE(rows), -EINVAL);
}

static void parse__overflow(void **state)
{
	static const struct row rows[] = {
		{ units_parse_number, "18446744073709551616", 77 },
		{ units_parse_number, "0x10000000000000000", 77 },
		{ units_parse_size, "16777216T", 77 },
		{ units_parse_size, "18446744073709551615k", 77 },
		{ units_parse_duration, "18446744074", 77 },
		{ units_parse_duration, "9999999h", 77 },
	};

	refuses(rows, ARRAY_SIZE(rows), -ERANGE);
}

static void format_size__shortest_exact_form(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ 1023, "1023" },
		{ 1024, "1K" },
		{ 1536, "1536" },
		{ MiB(2), "2M" },
		{ GiB(1), "1G" },
		{ GiB(1024), "1T" },
		{ GiB(1024 * 1024), "1024T" },
		{ UINT64_MAX, "18446744073709551615" },
	};
	char text[UNITS_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(units_format_size(rows[i].bytes, text), rows[i].text);
}

static void format_size__parses_back(void **state)
{
	struct rand r = { .state = 4 };
	char text[UNITS_TEXT];

	for (int i = 0; i < 10000; i++) {
		uint64_t bytes = rand_next(&r) << rand_below(&r, 64), parsed;

		assert_int_equal(
			units_parse_size(units_format_size(bytes, text), &parsed), 0);
		assert_true(parsed == bytes);
	}
}

static void format_duration__borders(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0 ns" },
		{ 12, "12 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.0 us" },
		{ 3400, "3.4 us" },
		{ 9949, "9.9 us" },
		{ 9950, "10 us" },
		{ 999499, "999 us" },
		{ 999500, "1.0 ms" },
		{ 56000000, "56 ms" },
		{ 1200000000, "1.2 s" },
		{ 3600 * NSEC_PER_SEC, "3600 s" },
		{ UINT64_MAX, "18446744074 s" },
	};
	char text[UNITS_TEXT];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(units_format_duration(rows[i].ns, text),
				    rows[i].text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(parse__good),
	cmocka_unit_test(parse__junk),
	cmocka_unit_test(parse__overflow),
	cmocka_unit_test(format_size__shortest_exact_form),
	cmocka_unit_test(format_size__parses_back),
	cmocka_unit_test(format_duration__borders),
};

int main(void)
{
	return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
