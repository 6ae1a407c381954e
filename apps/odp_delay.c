// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_delay.c - lets the processors of a guest pause at places in its kernel */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/log.h"
#include "base/opt.h"
#include "kernel/calls.h"
#include "kernel/place.h"
#include "kernel/race.h"
#include "kernel/symbol.h"

enum { DONE = 0, FAILED = 1, USAGE = 2 };

struct config {
	bool clear, list, show, calls;
};

static const struct opt options[] = {
	OPT_FLAG_ROW(struct config, clear, "clear", 'c', "pause nowhere any more"),
	OPT_FLAG_ROW(struct config, list, "list", 'l',
		     "print where processors pause, and how often they did"),
	OPT_FLAG_ROW(struct config, show, "show", 's',
		     "print the addresses of PLACE in this kernel, or of all races"),
	OPT_FLAG_ROW(struct config, calls, "calls", '\0',
		     "print the places of each FUNCTION in this kernel: what it calls"),
	OPT_END
};

static const struct opt_app app = {
	.name = "odp_delay",
	.usage = "[OPTION]... [PLACE|FUNCTION]...",
	.about = "Lets the processors of a guest of the testbed (--hold) pause at places "
		 "in the code of its\n"
		 "kernel, so that races show. PLACE is the name of a race (--show), or\n"
		 "SYMBOL[,SYMBOL]...+PATTERN[:us=N][:every=N]. Exit status: 0 done; 1 no "
		 "such place, or no such\n"
		 "guest; 2 wrong usage.",
	.options = options,
};

static void print_addresses(const struct kernel_place *place)
{
	for (unsigned int i = 0; i < place->n; i++)
		printf(" 0x%llx", (unsigned long long)place->address[i]);
	printf("\n");
}

static int show_row(const struct kernel_symbols *symbols, const struct race_row *row)
{
	struct kernel_place place;
	int ret = kernel_place_find(symbols, row->place, &place);

	printf("%s:", row->name);
	if (ret)
		printf(" this kernel %s\n", kernel_place_error(ret));
	else
		print_addresses(&place);
	return ret;
}

static int hold_row(const struct kernel_symbols *symbols, const struct race_row *row)
{
	int ret = race_hold_by(symbols, row);

	if (ret == -ENODEV)
		log_error("this is no guest that was booted with --hold");
	else if (ret)
		log_error("%s: this kernel %s", row->name, kernel_place_error(ret));
	return ret;
}

typedef int do_row_fn(const struct kernel_symbols *symbols, const struct race_row *row);

/* Each of the words is carried out. */
static int on_places(const struct kernel_symbols *symbols, char *const *words, int n,
		     do_row_fn *do_row)
{
	int status = DONE;

	for (int i = 0; i < n; i++) {
		char copy[RACE_TEXT];
		struct race_row row;

		if (race_parse(words[i], copy, &row)) {
			log_error("%s is no race and no place; see --help", words[i]);
			return USAGE;
		}
		switch (do_row(symbols, &row)) {
		case 0:
			break;
		case -EINVAL:
			return USAGE;
		default:
			status = FAILED;
		}
	}
	return status;
}

static int show_all(const struct kernel_symbols *symbols)
{
	for (unsigned int i = 0; i < KERNEL_RACES; i++) {
		show_row(symbols, &race_rows[i]);
		printf("\t%s\n", race_rows[i].about);
	}
	return DONE;
}

static int print_calls(const struct kernel_symbols *symbols, char *const *functions,
		       int n)
{
	int ret = kernel_calls_print(stdout, symbols, functions, n);

	if (ret)
		log_error("this kernel %s", kernel_place_error(ret));
	return ret ? FAILED : DONE;
}

/* Places go with no option or with --show, which does without them too. */
static bool is_usage_right(const struct config *config, int places)
{
	bool alone = config->clear || config->list;

	if (config->clear + config->list + config->show + config->calls <= 1 &&
	    (alone ? !places : places || config->show))
		return true;
	log_error("name places, or one of --clear and --list; see --help");
	return false;
}

static int with_symbols(const struct config *config, char *const *words, int n)
{
	struct kernel_symbols symbols;
	int ret = kernel_symbols_open(&symbols), status;

	if (ret) {
		log_error("this kernel %s", kernel_place_error(ret));
		status = FAILED;
	} else if (config->calls) {
		status = print_calls(&symbols, words, n);
	} else if (config->show && !n) {
		status = show_all(&symbols);
	} else {
		status =
			on_places(&symbols, words, n, config->show ? show_row : hold_row);
	}
	kernel_symbols_close(&symbols);
	return status;
}

static int run_program(int argc, char **argv)
{
	struct config config = { 0 };
	int first;

	switch (opt_parse(&app, &config, argc, argv, &first)) {
	case 0:
		break;
	case OPT_DONE:
		return DONE;
	default:
		return USAGE;
	}
	if (!is_usage_right(&config, argc - first))
		return USAGE;
	if (config.clear)
		return race_release() < 0 ? FAILED : DONE;
	if (config.list)
		return race_list(stdout) ? FAILED : DONE;
	return with_symbols(&config, argv + first, argc - first);
}

int main(int argc, char **argv)
{
	int status;

	log_set_name(app.name);
	status = run_program(argc, argv);
	return fflush(stdout) || ferror(stdout) ? USAGE : status;
}
