/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * opt.h - options, each declared in one row
 *
 * A row feeds the command line, --help, the effective configuration in every result and
 * the test that holds the manual pages against the options. The field it fills lies in a
 * plain configuration struct, read-only after opt_parse().
 */
#ifndef ODPLAB_BASE_OPT_H
#define ODPLAB_BASE_OPT_H

#include <json-c/json.h>
#include <stddef.h>
#include <stdio.h>

enum opt_type {
	OPT_FLAG,     /* bool */
	OPT_COUNT,    /* unsigned int, one more each time the option is given */
	OPT_NUMBER,   /* uint64_t */
	OPT_SIZE,     /* uint64_t bytes, "64K" */
	OPT_DURATION, /* uint64_t ns, "30s" */
	OPT_STRING,   /* const char *, into argv */
	OPT_CHOICE,   /* unsigned int, index into .choices */
	OPT_SIZES,    /* struct opt_sizes, "4K,64K" */
	OPT_CHOICES,  /* unsigned int, bit mask over .choices, "write,read" or "all" */
};

#define OPT_SIZES_MAX 32

struct opt_sizes {
	unsigned int n;
	uint64_t bytes[OPT_SIZES_MAX];
};

struct opt {
	const char *name; /* without "--"; NULL ends the table */
	char letter;	  /* 0 for none */
	enum opt_type type;
	size_t field;	    /* offsetof() in the configuration */
	const char *value;  /* the word for the value in --help; NULL for a flag */
	const char *preset; /* the default as a user would write it; NULL: zero */
	const char *help;
	const char *const *choices; /* NULL-terminated; OPT_CHOICE, OPT_CHOICES */
	uint64_t min, max;	    /* numbers, sizes, durations; max 0: no limit */
};

struct opt_app {
	const char *name;  /* of the program */
	const char *usage; /* what follows the name in the usage line */
	const char *about; /* one paragraph */
	const struct opt *options;
};

/* opt_parse() has printed all that was asked for: end with status 0 */
#define OPT_DONE 1

/*
 * Fills @config with the defaults, then from argv. --help and --version are understood in
 * every table. *rest is the index of the first argument that is no option (options may
 * stand behind it too: argv is permuted).
 * Returns 0, OPT_DONE, or -EINVAL after one line that names the option and the remedy.
 */
int opt_parse(const struct opt_app *app, void *config, int argc, char **argv, int *rest);

/*
 * Sets one option from text, as the command line does. Returns 0 or -EINVAL, with a line.
 */
int opt_set(const struct opt *row, void *config, const char *text);

void opt_help(const struct opt_app *app, FILE *out);

/* The effective configuration, {"device": "rxe0", ...}; the caller owns the object. */
struct json_object *opt_to_json(const struct opt *options, const void *config);

#endif
