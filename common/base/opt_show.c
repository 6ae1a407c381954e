// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt_show.c - options as --help, for bash completion, and as the JSON of a result */
#include "base/opt.h"

#include "base/clock.h"
#include "base/units.h"

static void help_choices(const struct opt *row, FILE *out)
{
	if (!row->choices)
		return;
	fprintf(out, ": ");
	for (const char *const *c = row->choices; *c; c++)
		fprintf(out, "%s%s", *c, c[1] ? ", " : "");
}

static void help_row(const struct opt *row, FILE *out)
{
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

void opt_help(const struct opt_app *app, FILE *out)
{
	bool grouped = false;

	fprintf(out, "Usage: %s %s\n\n%s\n", app->name, app->usage, app->about);
	for (const struct opt *row = app->options; row->name; row++) {
		bool heading = row->type == OPT_HEADING;

		if (heading || row == app->options)
			fprintf(out, "\n%s:\n", heading ? row->help : "Options");
		if (!heading)
			help_row(row, out);
		grouped |= heading;
	}
	fprintf(out,
		"%s  -h, --help                   show this text\n"
		"      --version                show the version\n",
		grouped ? "\nOther:\n" : "");
}

static void completion_row(const struct opt *row, FILE *out)
{
	char letter[2] = { row->letter, '\0' };

	fprintf(out, "%s|%s|%s|", row->name, letter, row->value ? row->value : "");
	for (const char *const *c = row->choices; c && *c; c++)
		fprintf(out, "%s%s", *c, c[1] ? " " : "");
	fputc('\n', out);
}

void opt_completion(const struct opt *options, FILE *out)
{
	static const struct opt of_every_table[] = { { .name = "help", .letter = 'h' },
						     { .name = "version" },
						     OPT_END };

	for (const struct opt *row = options; row->name; row++)
		if (row->type != OPT_HEADING)
			completion_row(row, out);
	for (const struct opt *row = of_every_table; row->name; row++)
		completion_row(row, out);
}

/* In a form that the option takes: a number alone would be seconds. */
static struct json_object *duration_to_json(uint64_t ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "s", NSEC_PER_SEC },
		      { "ms", NSEC_PER_MSEC },
		      { "us", 1000 },
		      { "ns", 1 } };
	char text[UNITS_TEXT];
	size_t i = 0;

	while (ns % units[i].ns)
		i++;
	snprintf(text, sizeof(text), "%llu%s", (unsigned long long)(ns / units[i].ns),
		 units[i].name);
	return json_object_new_string(text);
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
		return json_object_new_uint64(*(const uint64_t *)field);
	case OPT_DURATION:
		return duration_to_json(*(const uint64_t *)field);
	case OPT_STRING:
		text = *(const char *const *)field;
		return text ? json_object_new_string(text) : NULL;
	case OPT_CHOICE:
		return json_object_new_string(row->choices[*(const unsigned int *)field]);
	case OPT_SIZES:
		return sizes_to_json(field);
	case OPT_CHOICES:
		return choices_to_json(row, *(const unsigned int *)field);
	case OPT_HEADING:
		break;
	}
	return NULL;
}

struct json_object *opt_to_json(const struct opt *options, const void *config)
{
	struct json_object *object = json_object_new_object();

	for (const struct opt *row = options; row->name; row++)
		if (row->type != OPT_HEADING)
			json_object_object_add(
				object, row->name,
				value_to_json(row, (const char *)config + row->field));
	return object;
}
