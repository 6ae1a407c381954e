/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * opt.h - command-line options, each declared in one row
 *
 * The parser, --help, the effective configuration in every result and the test that
 * compares the manual pages with --help all read the same row. It fills a member of a
 * plain configuration struct, which is read-only after opt_parse():
 *
 *	static const struct opt options[] = {
 *		OPT_GROUP("Measurement"),
 *		OPT_NUMBER_ROW(struct config, iterations, "iters", 'n', "N", "1000",
 *			       "operations per measurement", .min = 1, .max = 1000000),
 *		OPT_END
 *	};
 *
 * A row whose kind does not fit the type of its member does not compile.
 */
#ifndef ODPLAB_BASE_OPT_H
#define ODPLAB_BASE_OPT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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
	OPT_HEADING,  /* none: .help is the heading of the rows that follow, in --help */
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
	size_t field;	    /* offset of the member in the configuration */
	const char *value;  /* the word for the value in --help; NULL for a flag */
	const char *preset; /* the default as a user would write it; NULL: zero */
	const char *help;
	const char *const *choices; /* NULL-terminated; OPT_CHOICE, OPT_CHOICES */
	uint64_t min, max;	    /* numbers, sizes, durations; max 0: no limit */
};

/* The offset of a member whose type must be @ctype. */
#define OPT_FIELD(config, member, ctype)                                              \
	(offsetof(config, member) +                                                   \
	 0 * sizeof(struct {                                                          \
		 _Static_assert(__builtin_types_compatible_p(                         \
					__typeof__(((config *)0)->member), ctype),    \
				"the member of " #config " must be of type " #ctype); \
		 int unused;                                                          \
	 }))

#define OPT_ROW(kind, ctype, config, member, name_, letter_, value_, preset_, help_, \
		...)                                                                 \
	{ .name = name_,                                                             \
	  .letter = letter_,                                                         \
	  .type = kind,                                                              \
	  .field = OPT_FIELD(config, member, ctype),                                 \
	  .value = value_,                                                           \
	  .preset = preset_,                                                         \
	  .help = help_,                                                             \
	  ##__VA_ARGS__ }

/* config, member, name, letter, help */
#define OPT_FLAG_ROW(config, member, name_, letter_, help_) \
	OPT_ROW(OPT_FLAG, bool, config, member, name_, letter_, NULL, NULL, help_)
#define OPT_COUNT_ROW(config, member, name_, letter_, help_)                         \
	OPT_ROW(OPT_COUNT, unsigned int, config, member, name_, letter_, NULL, NULL, \
		help_)
/* config, member, name, letter, word for the value, default, help, limits or choices */
#define OPT_NUMBER_ROW(...)   OPT_ROW(OPT_NUMBER, uint64_t, __VA_ARGS__)
#define OPT_SIZE_ROW(...)     OPT_ROW(OPT_SIZE, uint64_t, __VA_ARGS__)
#define OPT_DURATION_ROW(...) OPT_ROW(OPT_DURATION, uint64_t, __VA_ARGS__)
#define OPT_STRING_ROW(...)   OPT_ROW(OPT_STRING, const char *, __VA_ARGS__)
#define OPT_CHOICE_ROW(...)   OPT_ROW(OPT_CHOICE, unsigned int, __VA_ARGS__)
#define OPT_SIZES_ROW(...)    OPT_ROW(OPT_SIZES, struct opt_sizes, __VA_ARGS__)
#define OPT_CHOICES_ROW(...)  OPT_ROW(OPT_CHOICES, unsigned int, __VA_ARGS__)

/* A heading in --help for the rows that follow. */
#define OPT_GROUP(heading) { .name = "", .type = OPT_HEADING, .help = heading }
#define OPT_END		   { .name = NULL }

struct opt_app {
	const char *name;  /* of the program */
	const char *usage; /* what follows the name in the usage line */
	const char *about; /* one paragraph */
	const struct opt *options;
};

/*
 * opt_parse() has printed what --help, --version or --completion asked for: exit with
 * status 0
 */
#define OPT_DONE 1

/*
 * Fills @config with the defaults, then from argv. --help, --version and --completion are
 * understood in every table. *rest is the index of the first argument that is not an
 * option (options may follow it, too: argv is permuted). Returns 0, OPT_DONE, or -EINVAL
 * after one line that names the option and the remedy.
 */
int opt_parse(const struct opt_app *app, void *config, int argc, char **argv, int *rest);

/*
 * Sets one option from text, as the command line does; each one to its preset. Both
 * return 0 or -EINVAL, with a line.
 */
int opt_set(const struct opt *row, void *config, const char *text);
int opt_set_presets(const struct opt *options, void *config);

void opt_help(const struct opt_app *app, FILE *out);

/*
 * The rows for bash completion (configs/completion.bash), which every program prints at
 * --completion: "NAME|LETTER|WORD FOR THE VALUE|CHOICE CHOICE", a line for each option.
 */
void opt_completion(const struct opt *options, FILE *out);

/* The effective configuration, {"device": "rxe0", ...}; the caller owns the object. */
struct json_object *opt_to_json(const struct opt *options, const void *config);

#endif
