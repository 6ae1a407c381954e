// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* units.c - sizes and durations as people write them */
#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/util.h"

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 },	     { "b", 1 },
	{ "k", 1ull << 10 }, { "kib", 1ull << 10 },
	{ "m", 1ull << 20 }, { "mib", 1ull << 20 },
	{ "g", 1ull << 30 }, { "gib", 1ull << 30 },
	{ "t", 1ull << 40 }, { "tib", 1ull << 40 },
};

static const struct unit durations[] = {
	{ "", 1000000000 },
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", 60 * 1000000000ull },
	{ "min", 60 * 1000000000ull },
	{ "h", 3600 * 1000000000ull },
};

static int parse(const char *text, const struct unit *units, size_t n, uint64_t *value)
{
	bool hex = !strncasecmp(text, "0x", 2);
	unsigned long long number, product;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, hex ? 16 : 10); /* a leading 0 is not octal */
	if (errno)
		return -ERANGE;
	for (size_t i = 0; i < n; i++) {
		if (strcasecmp(end, units[i].name))
			continue;
		if (__builtin_mul_overflow(number, units[i].factor, &product))
			return -ERANGE;
		*value = product;
		return 0;
	}
	return -EINVAL;
}

int units_parse_number(const char *text, uint64_t *value)
{
	return parse(text, sizes, 1, value);
}

int units_parse_size(const char *text, uint64_t *bytes)
{
	return parse(text, sizes, ARRAY_SIZE(sizes), bytes);
}

int units_parse_duration(const char *text, uint64_t *ns)
{
	return parse(text, durations, ARRAY_SIZE(durations), ns);
}

char *units_format_size(uint64_t bytes, char text[UNITS_TEXT])
{
	static const char letters[] = "\0KMGT";
	size_t i = 0;

	while (bytes && bytes % 1024 == 0 && i < 4) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, UNITS_TEXT, "%llu%.1s", (unsigned long long)bytes, &letters[i]);
	return text;
}

char *units_format_duration(uint64_t ns, char text[UNITS_TEXT])
{
	static const char *const names[] = { "ns", "us", "ms", "s" };
	double value = (double)ns;
	size_t i = 0;

	while (value >= 999.5 && i < 3) {
		value /= 1000;
		i++;
	}
	snprintf(text, UNITS_TEXT, value < 9.95 && i ? "%.1f %s" : "%.0f %s", value,
		 names[i]);
	return text;
}
