// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* opt.c - the command line, by options that are each declared in one row */
#include "base/opt.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/util.h"
#include "base/version.h"

#define MAX_OPTIONS 64
/*
 * What getopt_long() returns for the options of every table, and from FIRST_ROW on for
 * its rows.
 */
enum { HELP_VALUE = UCHAR_MAX + 1, VERSION_VALUE, COMPLETION_VALUE, FIRST_ROW };

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
	if (opt_set_presets(app->options, config))
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
