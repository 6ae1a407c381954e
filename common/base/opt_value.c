// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt_value.c - the value of an option: read from text, checked, stored */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/opt.h"
#include "base/units.h"

static void *field_of(const struct opt *row, void *config)
{
	return (char *)config + row->field;
}

static int bad_value(const struct opt *row, const char *text, const char *remedy)
{
	log_error("--%s %s: %s", row->name, text, remedy);
	return -EINVAL;
}

/* A limit as the user would write it. */
static const char *limit_text(const struct opt *row, uint64_t limit,
			      char text[UNITS_TEXT])
{
	if (row->type == OPT_DURATION)
		return units_format_duration(limit, text);
	if (row->type == OPT_SIZE || row->type == OPT_SIZES)
		return units_format_size(limit, text);
	snprintf(text, UNITS_TEXT, "%" PRIu64, limit);
	return text;
}

static int out_of_limits(const struct opt *row, const char *text)
{
	char min[UNITS_TEXT], max[UNITS_TEXT], line[80];

	limit_text(row, row->min, min);
	limit_text(row, row->max, max);
	if (row->max)
		snprintf(line, sizeof(line), "give %s to %s", min, max);
	else
		snprintf(line, sizeof(line), "give at least %s", min);
	return bad_value(row, text, line);
}

static int set_number(const struct opt *row, const char *text, uint64_t *value)
{
	static const struct {
		int (*parse)(const char *, uint64_t *);
		const char *form;
	} kinds[] = {
		[OPT_NUMBER] = { units_parse_number, "give a whole number" },
		[OPT_SIZE] = { units_parse_size, "give a size, as 4096, 64K or 1G" },
		[OPT_DURATION] = { units_parse_duration,
				   "give a time, as 500ms, 30s or 2m" },
		[OPT_SIZES] = { units_parse_size, "give sizes, as 4K,64K,1M" },
	};
	uint64_t parsed;

	if (kinds[row->type].parse(text, &parsed))
		return bad_value(row, text, kinds[row->type].form);
	if (parsed < row->min || (row->max && parsed > row->max))
		return out_of_limits(row, text);
	*value = parsed;
	return 0;
}

static int bad_choice(const struct opt *row, const char *text)
{
	char line[512] = "give ";
	size_t used = strlen(line);

	for (const char *const *c = row->choices; *c && used < sizeof(line); c++) {
		const char *link = c[1] ? ", " : " or ";

		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s",
					 c == row->choices ? "" : link, *c);
	}
	return bad_value(row, text, line);
}

static int set_choice(const struct opt *row, const char *text, unsigned int *index)
{
	for (unsigned int i = 0; row->choices[i]; i++) {
		if (strcmp(text, row->choices[i]))
			continue;
		*index = i;
		return 0;
	}
	return bad_choice(row, text);
}

/* Calls @each with every part of a comma-separated list. */
static int for_each_part(const struct opt *row, const char *text, void *field,
			 int (*each)(const struct opt *row, const char *part,
				     void *field))
{
	char copy[512], *save = NULL;
	int ret = 0;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return bad_value(row, text, "the list is too long");
	for (char *part = strtok_r(copy, ",", &save); part && !ret;
	     part = strtok_r(NULL, ",", &save))
		ret = each(row, part, field);
	return ret;
}

static int add_size(const struct opt *row, const char *part, void *field)
{
	struct opt_sizes *sizes = field;

	if (sizes->n == OPT_SIZES_MAX)
		return bad_value(row, part, "too many sizes");
	return set_number(row, part, &sizes->bytes[sizes->n++]);
}

static int add_choice(const struct opt *row, const char *part, void *field)
{
	unsigned int index = 0, *mask = field;

	if (!strcmp(part, "all")) {
		for (index = 0; row->choices[index]; index++)
			*mask |= 1u << index;
		return 0;
	}
	if (set_choice(row, part, &index))
		return -EINVAL;
	*mask |= 1u << index;
	return 0;
}

int opt_set(const struct opt *row, void *config, const char *text)
{
	void *field = field_of(row, config);

	switch (row->type) {
	case OPT_FLAG:
		*(bool *)field = true;
		return 0;
	case OPT_COUNT:
		(*(unsigned int *)field)++;
		return 0;
	case OPT_STRING:
		if (!text[0])
			return bad_value(row, "\"\"", "give a value, or leave it out");
		*(const char **)field = text;
		return 0;
	case OPT_NUMBER:
	case OPT_SIZE:
	case OPT_DURATION:
		return set_number(row, text, field);
	case OPT_CHOICE:
		return set_choice(row, text, field);
	case OPT_SIZES:
		memset(field, 0, sizeof(struct opt_sizes));
		if (for_each_part(row, text, field, add_size))
			return -EINVAL;
		return ((struct opt_sizes *)field)->n ?
			       0 :
			       bad_value(row, "\"\"", "give at least one size");
	case OPT_CHOICES:
		*(unsigned int *)field = 0;
		if (for_each_part(row, text, field, add_choice))
			return -EINVAL;
		return *(unsigned int *)field ? 0 : bad_choice(row, "\"\"");
	case OPT_HEADING:
		break;
	}
	return -EINVAL;
}

static void set_zero(const struct opt *row, void *config)
{
	static const size_t bytes[] = {
		[OPT_FLAG] = sizeof(bool),
		[OPT_COUNT] = sizeof(unsigned int),
		[OPT_NUMBER] = sizeof(uint64_t),
		[OPT_SIZE] = sizeof(uint64_t),
		[OPT_DURATION] = sizeof(uint64_t),
		[OPT_STRING] = sizeof(const char *),
		[OPT_CHOICE] = sizeof(unsigned int),
		[OPT_SIZES] = sizeof(struct opt_sizes),
		[OPT_CHOICES] = sizeof(unsigned int),
		[OPT_HEADING] = 0,
	};

	memset(field_of(row, config), 0, bytes[row->type]);
}

int opt_set_presets(const struct opt *options, void *config)
{
	for (const struct opt *row = options; row->name; row++)
		set_zero(row, config);
	for (const struct opt *row = options; row->name; row++)
		if (row->preset && opt_set(row, config, row->preset))
			return -EINVAL;
	return 0;
}
