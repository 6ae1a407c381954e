// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_explore.c - runs programs that are drawn by chance, and shrinks one that fails */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/opt.h"
#include "explore/explore.h"
#include "process/signals.h"
#include "testcase/verdict.h"

struct config {
	struct env_config env;
	struct explore_config explore;
	uint64_t steps;
	bool no_pinned, no_implicit;
	const char *program;
	const char *save;
	bool print;
	bool json;
};

static const struct opt options[] = {
	ENV_DEVICE_OPTIONS(struct config),
	OPT_GROUP("Memory"),
	OPT_CHOICES_ROW(struct config, explore.draw.kinds, "kinds", 0, "LIST", "all",
			"kinds of memory; those that this host lacks are left out",
			.choices = region_kind_names),
	OPT_FLAG_ROW(struct config, no_pinned, "no-pinned", 0,
		     "without pinned registrations"),
	OPT_FLAG_ROW(struct config, no_implicit, "no-implicit", 0,
		     "without implicit regions"),
	ENV_PLACE_OPTIONS(struct config),
	OPT_GROUP("Programs"),
	OPT_NUMBER_ROW(struct config, explore.programs, "programs", 'n', "N", "100",
		       "how many; 0: as many as the time lets", .max = 1000000000),
	OPT_DURATION_ROW(struct config, explore.time_ns, "time", 't', "TIME", "0",
			 "begin none after so long; 0: no limit",
			 .max = 30 * 86400 * NSEC_PER_SEC),
	OPT_NUMBER_ROW(struct config, steps, "steps", 0, "N", "40", "steps of a program",
		       .min = 4, .max = PROGRAM_STEPS),
	OPT_FLAG_ROW(struct config, explore.strict, "strict", 0,
		     "without the allowance for known defects"),
	OPT_DURATION_ROW(struct config, explore.deadline_ns, "deadline", 0, "TIME", "60s",
			 "timeout of each program, 10s at least",
			 .min = 10 * NSEC_PER_SEC, .max = 86400 * NSEC_PER_SEC),
	OPT_GROUP("A program that fails"),
	OPT_NUMBER_ROW(struct config, explore.tries, "tries", 0, "N", "300",
		       "run at most N smaller ones, to find the least that fails",
		       .max = 100000),
	OPT_STRING_ROW(
		struct config, save, "save", 's', "FILE", NULL,
		"write that one to FILE, which --program takes, and to FILE.c in C"),
	OPT_STRING_ROW(
		struct config, program, "program", 'p', "FILE", NULL,
		"run the program in FILE, and shrink it, in place of one that is drawn"),
	OPT_FLAG_ROW(struct config, print, "print", 0,
		     "print the program of --seed, and exit"),
	OPT_GROUP("Results"),
	OPT_FLAG_ROW(struct config, json, "json", 0, "results on stdout as JSON"),
	OPT_END
};

static const struct opt_app app = {
	.name = "odp_explore",
	.usage = "[OPTION]...",
	.about =
		"Runs programs of steps that are drawn by chance: memory of all kinds is "
		"opened, registered,\n"
		"written, invalidated, and accessed by the device. A model says what "
		"each "
		"byte may be and which\n"
		"access must be refused. A program that fails is shrunk. Exit status: 0 "
		"all passed, 1 one failed,\n"
		"2 wrong usage, 3 the host is short of something, 77 nothing could run.",
	.options = options,
};

static int exit_status(const struct outcome *outcome)
{
	switch (outcome->verdict) {
	case VERDICT_PASS:
		return EXIT_ALL_GOOD;
	case VERDICT_SKIP:
		return EXIT_NOTHING;
	case VERDICT_ERROR:
		return EXIT_HOST;
	default:
		return EXIT_BAD;
	}
}

static void print_outcome(const struct outcome *outcome)
{
	printf("%s%s%s\n", verdict_name(outcome->verdict), *outcome->why ? ": " : "",
	       outcome->why);
	if (*outcome->step)
		printf("  at step %d: %s\n", outcome->line, outcome->step);
}

static void print_explored(const struct config *config, const struct explored *explored)
{
	if (!explored->found && config->program) {
		puts("the program passed");
		return;
	}
	if (!explored->found) {
		printf("%" PRIu64 " programs passed, with the seeds from %" PRIu64
		       " on\n",
		       explored->programs, config->env.seed);
		return;
	}
	print_outcome(&explored->outcome);
	if (explored->outcome.verdict != VERDICT_FAIL)
		return;
	printf("\n%" PRIu64 " programs passed before it. That of seed %" PRIu64
	       " had %u steps; after %u tries %u are left:\n\n",
	       explored->programs - 1, explored->program.seed, explored->steps,
	       explored->tries, explored->program.n);
	program_write(&explored->program, stdout);
}

static void add_program(struct json_object *object, const struct program *program)
{
	struct json_object *steps = json_object_new_array();
	char text[STEP_TEXT];

	for (unsigned int i = 0; i < program->n; i++)
		json_object_array_add(steps, json_object_new_string(step_text(
						     &program->steps[i], text)));
	json_object_object_add(object, "program", steps);
}

static void print_json(const struct config *config, const struct explored *explored)
{
	const struct outcome *outcome = &explored->outcome;
	struct json_object *object = json_object_new_object();

	json_add_number(object, "seed", config->env.seed);
	json_add_number(object, "programs", explored->programs);
	json_add_text(object, "verdict",
		      verdict_name(explored->found ? outcome->verdict : VERDICT_PASS));
	if (explored->found) {
		json_add_text(object, "why", outcome->why);
		json_add_number(object, "program-seed", explored->program.seed);
		json_add_number(object, "failed-at", (uint64_t)outcome->line);
		json_add_number(object, "steps", explored->steps);
		json_add_number(object, "tries", explored->tries);
		add_program(object, &explored->program);
	}
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY));
	json_object_put(object);
}

static int save(const char *path, const struct program *program)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	if (!out)
		return log_errno(errno, "%s", path);
	program_write(program, out);
	fclose(out);
	ret = file_replace(path, text, len);
	return ret ? log_errno(ret, "%s", path) : 0;
}

/* The program; and beside it, where there can be one, what does the same in C. */
static int save_all(const char *path, const struct explored *explored)
{
	const char *reproducer = explored->outcome.reproducer;
	char beside[PATH_MAX];
	int ret = save(path, &explored->program);

	if (ret || !reproducer)
		return ret;
	snprintf(beside, sizeof(beside), "%s.c", path);
	ret = file_replace(beside, reproducer, strlen(reproducer));
	return ret ? log_errno(ret, "%s", beside) : 0;
}

static int report(const struct config *config, const struct explored *explored)
{
	(config->json ? print_json : print_explored)(config, explored);
	if (explored->found && config->save && save_all(config->save, explored))
		return EXIT_USAGE;
	if (!explored->programs)
		return EXIT_NOTHING;
	return explored->found ? exit_status(&explored->outcome) : EXIT_ALL_GOOD;
}

static int run_file(struct env *env, const struct config *config)
{
	_cleanup_file_ FILE *in = fopen(config->program, "re");
	struct explored explored = { 0 };
	struct program program;
	int status;

	if (!in) {
		log_errno(errno, "%s", config->program);
		return EXIT_USAGE;
	}
	if (program_read(&program, in, config->program))
		return EXIT_USAGE;
	explore_one(env, &config->explore, &program, &explored);
	status = report(config, &explored);
	if (explored.found)
		outcome_free(&explored.outcome);
	return status;
}

static int run(struct env *env, const struct config *config)
{
	struct explored explored;
	int status;

	explore_calibrate(env, &config->explore);
	if (config->program)
		return run_file(env, config);
	if (explore(env, &config->explore, config->env.seed, &explored))
		return EXIT_NOTHING;
	status = report(config, &explored);
	if (explored.found)
		outcome_free(&explored.outcome);
	return status;
}

static int print_program(const struct config *config)
{
	struct program program;

	draw_program(&program, config->env.seed, &config->explore.draw);
	program_write(&program, stdout);
	return EXIT_ALL_GOOD;
}

int main(int argc, char **argv)
{
	struct config config = { 0 };
	struct env env;
	int first, ret, status;

	signals_note();
	signals_let_in();
	log_set_name(app.name);
	ret = opt_parse(&app, &config, argc, argv, &first);
	if (ret)
		return ret == OPT_DONE ? EXIT_ALL_GOOD : EXIT_USAGE;
	if (first < argc) {
		log_error("'%s' is too much: odp_explore takes options only",
			  argv[first]);
		return EXIT_USAGE;
	}
	if (!config.explore.programs && !config.explore.time_ns && !config.program) {
		log_error("--programs 0 needs --time, or it would never end");
		return EXIT_USAGE;
	}
	config.explore.draw.steps = (unsigned int)config.steps;
	config.explore.draw.pinned = !config.no_pinned;
	config.explore.draw.implicit = !config.no_implicit;
	if (config.print)
		return print_program(&config);
	ret = env_open(&env, &config.env);
	if (ret)
		return verdict_exit_unopened(ret, config.env.device);
	status = run(&env, &config);
	env_close(&env);
	return signals_noted() ? EXIT_SIGNAL + signals_noted() : status;
}
