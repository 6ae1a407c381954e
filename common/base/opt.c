// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt.c - options, each declared in one row */
#include "base/opt.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/log.h"
#include "base/units.h"
#include "base/util.h"

#define MAX_OPTIONS 64
#define HELP_VALUE \
	(UCHAR_MAX + 1) /* what getopt_long() returns for --help, then --version, ... */

static void *field_of(const struct opt *row, void *config)
{
	return (char *)config + row->field;
}

static int bad_value(const struct opt *row, const char *text, const char *remedy)
{
	log_error("--%s %s: %s", row->name, text, remedy);
	return -EINVAL;
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
	char line[80];
	uint64_t parsed;

	if (kinds[row->type].parse(text, &parsed))
		return bad_value(row, text, kinds[row->type].form);
	if (parsed < row->min || (row->max && parsed > row->max)) {
		snprintf(line, sizeof(line), "give %" PRIu64 " to %" PRIu64, row->min,
			 row->max ? row->max : UINT64_MAX);
		return bad_value(row, text, line);
	}
	*value = parsed;
	return 0;
}

static int bad_choice(const struct opt *row, const char *text)
{
	char line[512] = "give ";

	for (const char *const *c = row->choices; *c; c++) {
		strncat(line, *c, sizeof(line) - strlen(line) - 1);
		strncat(line,
			!c[1] ? "" :
			c[2]  ? ", " :
				" or ",
			sizeof(line) - strlen(line) - 1);
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
	unsigned int index, *mask = field;

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

/* getopt_long()'s two tables, made from ours */
static void make_getopt(const struct opt *options, struct option *longs, char *shorts)
{
	size_t n = count_rows(options);

	*shorts++ = ':'; /* our own words for a missing value */
	for (size_t i = 0; i < n; i++) {
		int has_value = options[i].value ? required_argument : no_argument;

		longs[i] = (struct option){ options[i].name, has_value, NULL,
					    HELP_VALUE + 2 + (int)i };
		if (!options[i].letter)
			continue;
		*shorts++ = options[i].letter;
		if (options[i].value)
			*shorts++ = ':';
	}
	*shorts++ = 'h';
	*shorts = '\0';
	longs[n++] = (struct option){ "help", no_argument, NULL, HELP_VALUE };
	longs[n++] = (struct option){ "version", no_argument, NULL, HELP_VALUE + 1 };
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
}

static int by_letter(const struct opt *options, int letter)
{
	for (int i = 0; options[i].name; i++)
		if (options[i].letter == letter)
			return i;
	return -1;
}

int opt_parse(const struct opt_app *app, void *config, int argc, char **argv, int *rest)
{
	struct option longs[MAX_OPTIONS + 3];
	char shorts[2 * MAX_OPTIONS + 3];
	int c, index;

	if (count_rows(app->options) > MAX_OPTIONS)
		return -EINVAL;
	for (const struct opt *row = app->options; row->name; row++)
		if (row->preset && opt_set(row, config, row->preset))
			return -EINVAL;

	make_getopt(app->options, longs, shorts);
	optind = 0; /* glibc: start anew, so that a second parse works */
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == 'h' || c == HELP_VALUE) {
			opt_help(app, stdout);
			return OPT_DONE;
		}
		if (c == HELP_VALUE + 1) {
			printf("%s (odplab) %s\n", app->name, ODPLAB_VERSION);
			return OPT_DONE;
		}
		if (c == '?' || c == ':') {
			log_error("%s: %s; see --help", argv[optind - 1],
				  c == ':' ? "needs a value" : "no such option");
			return -EINVAL;
		}
		index = c > HELP_VALUE ? c - HELP_VALUE - 2 : by_letter(app->options, c);
		if (opt_set(&app->options[index], config, optarg))
			return -EINVAL;
	}
	*rest = optind;
	return 0;
}

static void help_choices(const struct opt *row, FILE *out)
{
	if (!row->choices)
		return;
	fprintf(out, ": ");
	for (const char *const *c = row->choices; *c; c++)
		fprintf(out, "%s%s", *c, c[1] ? ", " : "");
}

void opt_help(const struct opt_app *app, FILE *out)
{
	fprintf(out, "Usage: %s %s\n\n%s\n\nOptions:\n", app->name, app->usage,
		app->about);
	for (const struct opt *row = app->options; row->name; row++) {
		char left[64], letter[8] = "    ";

		if (row->letter)
			snprintf(letter, sizeof(letter), "-%c, ", row->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, row->name,
			 row->value ? " " : "", row->value ? row->value : "");
		fprintf(out, "  %-28s %s", left, row->help);
		help_choices(row, out);
		if (row->preset)
			fprintf(out, " (default %s)", row->preset);
		fputc('\n', out);
	}
	fprintf(out, "  -h, --help                   this text\n"
		     "      --version                the version\n");
}

static struct json_object *sizes_to_json(const struct opt_sizes *sizes)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < sizes->n; i++)
		json_object_array_add(array, json_object_new_uint64(sizes->bytes[i]));
	return array;
}

static struct json_object *choices_to_json(const struct opt *row, unsigned int mask)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; row->choices[i]; i++)
		if (mask & 1u << i)
			json_object_array_add(array,
					      json_object_new_string(row->choices[i]));
	return array;
}

static struct json_object *value_to_json(const struct opt *row, const void *field)
{
	const char *text;

	switch (row->type) {
	case OPT_FLAG:
		return json_object_new_boolean(*(const bool *)field);
	case OPT_COUNT:
		return json_object_new_uint64(*(const unsigned int *)field);
	case OPT_NUMBER:
	case OPT_SIZE:
	case OPT_DURATION:
		return json_object_new_uint64(*(const uint64_t *)field);
	case OPT_STRING:
		text = *(const char *const *)field;
		return text ? json_object_new_string(text) : NULL;
	case OPT_CHOICE:
		return json_object_new_string(row->choices[*(const unsigned int *)field]);
	case OPT_SIZES:
		return sizes_to_json(field);
	case OPT_CHOICES:
		return choices_to_json(row, *(const unsigned int *)field);
	}
	return NULL;
}

struct json_object *opt_to_json(const struct opt *options, const void *config)
{
	struct json_object *object = json_object_new_object();

	for (const struct opt *row = options; row->name; row++)
		json_object_object_add(object, row->name,
				       value_to_json(row,
						     (const char *)config + row->field));
	return object;
}
