// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt.c - options, each declared in one row */
#include "base/opt.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "base/version.h"

#define MAX_OPTIONS 64
/* What getopt_long() returns for the options of every table, and from FIRST_ROW on for its rows. */
enum { HELP_VALUE = UCHAR_MAX + 1, VERSION_VALUE, COMPLETION_VALUE, FIRST_ROW };

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

static size_t count_rows(const struct opt *options)
{
	size_t n = 0;

	while (options[n].name)
		n++;
	return n;
}

/* Makes the two tables of getopt_long() from ours. */
static void make_getopt(const struct opt *options, struct option *longs, char *shorts)
{
	*shorts++ = ':'; /* a missing value is reported by bad_option() */
	for (int i = 0; options[i].name; i++) {
		int has_value = options[i].value ? required_argument : no_argument;

		if (options[i].type == OPT_HEADING)
			continue;
		*longs++ = (struct option){ options[i].name, has_value, NULL,
					    FIRST_ROW + i };
		if (!options[i].letter)
			continue;
		*shorts++ = options[i].letter;
		if (options[i].value)
			*shorts++ = ':';
	}
	*shorts++ = 'h';
	*shorts = '\0';
	*longs++ = (struct option){ "help", no_argument, NULL, HELP_VALUE };
	*longs++ = (struct option){ "version", no_argument, NULL, VERSION_VALUE };
	*longs++ = (struct option){ "completion", no_argument, NULL, COMPLETION_VALUE };
	*longs = (struct option){ NULL, 0, NULL, 0 };
}

static int by_letter(const struct opt *options, int letter)
{
	for (int i = 0; options[i].name; i++)
		if (options[i].letter == letter)
			return i;
	return -1;
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

static int set_presets(const struct opt *options, void *config)
{
	for (const struct opt *row = options; row->name; row++)
		set_zero(row, config);
	for (const struct opt *row = options; row->name; row++)
		if (row->preset && opt_set(row, config, row->preset))
			return -EINVAL;
	return 0;
}

/* @found: what getopt_long() returned; @arg: the argument that it read last */
static int bad_option(int found, const char *arg)
{
	const char *what = "unknown or ambiguous option";
	char letter[3] = { '-', (char)optopt, '\0' };

	if (found == ':')
		what = "needs a value";
	else if (optopt >= HELP_VALUE)
		what = "takes no value";
	if (optopt && optopt < HELP_VALUE)
		arg = letter; /* of "-abc", the one that is wrong */
	log_error("%s: %s; see --help", arg, what);
	return -EINVAL;
}

int opt_parse(const struct opt_app *app, void *config, int argc, char **argv, int *rest)
{
	struct option longs[MAX_OPTIONS + 4];
	char shorts[2 * MAX_OPTIONS + 3];
	int c, index;

	if (count_rows(app->options) > MAX_OPTIONS)
		abort(); /* make MAX_OPTIONS greater */
	if (set_presets(app->options, config))
		return -EINVAL;

	make_getopt(app->options, longs, shorts);
	optind = 0; /* glibc: start anew, so that a second parse works */
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == 'h' || c == HELP_VALUE) {
			opt_help(app, stdout);
			return OPT_DONE;
		}
		if (c == VERSION_VALUE) {
			printf("%s (odplab) %s%s%s\n", app->name, ODPLAB_VERSION,
			       version_commit[0] ? ", commit " : "", version_commit);
			return OPT_DONE;
		}
		if (c == COMPLETION_VALUE) {
			opt_completion(app->options, stdout);
			return OPT_DONE;
		}
		if (c == '?' || c == ':')
			return bad_option(c, argv[optind - 1]);
		index = c >= FIRST_ROW ? c - FIRST_ROW : by_letter(app->options, c);
		if (opt_set(&app->options[index], config, optarg))
			return -EINVAL;
	}
	*rest = optind;
	return 0;
}
