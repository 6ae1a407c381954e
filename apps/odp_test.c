// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_test.c - runs scenarios and reports their verdicts */
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/table.h"
#include "process/data.h"
#include "process/signals.h"
#include "runner/defects.h"
#include "runner/plan.h"
#include "runner/reproduce.h"
#include "runner/run.h"
#include "testcase/registry.h"
#include "testcase/verdict.h"

struct config {
	struct env_config env;
	struct result_config results;
	struct run_config run;
	bool list;
	bool dry_run;
	const char *describe;
	const char *known_defects;
};

/* A side waits so long for one operation; a scenario that ends later has not hung. */
#define DEADLINE_LEAST_NS (10 * NSEC_PER_SEC)

static const struct opt options[] = {
	ENV_OPTIONS(struct config, "kind of region of scenarios that accept any kind"),
	OPT_GROUP("Scenarios"),
	OPT_FLAG_ROW(struct config, list, "list", 'l', "list the scenarios and exit"),
	OPT_STRING_ROW(struct config, describe, "describe", 0, "ID", NULL,
		       "print what a scenario expects and needs, and exit"),
	OPT_FLAG_ROW(struct config, dry_run, "dry-run", 0,
		     "print what the run would change on this host, and what it takes, "
		     "and exit"),
	OPT_FLAG_ROW(struct config, env.reproducer, "reproducer", 0,
		     "run one scenario, and print a program in C that does the same with "
		     "libibverbs alone"),
	OPT_DURATION_ROW(struct config, run.deadline_ns, "deadline", 0, "TIME", "60s",
			 "timeout of each scenario, 10s at least",
			 .min = DEADLINE_LEAST_NS, .max = 86400 * NSEC_PER_SEC),
	OPT_NUMBER_ROW(struct config, run.repeat, "repeat", 0, "N", "1",
		       "run each scenario N times", .min = 1, .max = 1000000),
	OPT_FLAG_ROW(struct config, env.long_run, "long", 0,
		     "loops of 10,000 iterations, deadlines x 120"),
	OPT_FLAG_ROW(struct config, env.hazards, "hazards", 0,
		     "run only scenarios that may crash the kernel or corrupt data of "
		     "this host"),
	OPT_FLAG_ROW(struct config, run.stop_on_failure, "stop-on-failure", 0,
		     "stop after a FAIL or XPASS"),
	OPT_GROUP("Verdicts"),
	OPT_STRING_ROW(struct config, known_defects, "known-defects", 0, "DIR", NULL,
		       "folder with the known defects, whose failures are expected; "
		       "default: those of odp_test"),
	OPT_FLAG_ROW(struct config, run.allow_unproven, "allow-unproven", 0,
		     "UNPROVEN is not a failure of the run"),
	RESULT_OPTIONS(struct config, "run.json on stdout, the table on stderr"),
	OPT_FLAG_ROW(struct config, run.learn, "learn", 0,
		     "draft what the suite must know of this device's driver: "
		     "driver-column.txt in that folder"),
	OPT_FLAG_ROW(struct config, run.ktap, "ktap", 0,
		     "KTAP on stdout as each scenario ends, the table on stderr"),
	OPT_STRING_ROW(struct config, run.journal, "journal", 0, "FILE", NULL,
		       "write a line of JSON here as each scenario begins and ends"),
	OPT_COUNT_ROW(struct config, run.verbose, "verbose", 'v',
		      "show the evidence; twice: debug lines too"),
	OPT_END
};

static const struct opt_app app = {
	.name = "odp_test",
	.usage = "[OPTION]... [SCENARIO]...",
	.about = "Runs scenarios (by id or glob; default: all), each in a process of its "
		 "own. Checks the data of\n"
		 "each, and that witnesses confirm the expected page faults. Exit "
		 "status: 0 all passed or failed\n"
		 "as expected, 1 a failure, an unexpected pass or something unproven, "
		 "2 wrong usage, 3 no failure,\n"
		 "but the host is short of something, 77 nothing could run.",
	.options = options,
};

static void list_scenarios(const struct scenario *const *scenarios, int n)
{
	struct table *table = table_new("id|expectation");

	for (int i = 0; table && i < n; i++)
		table_row(table, "%s|%s", scenarios[i]->id, scenarios[i]->about);
	if (table)
		table_print(table, 0, stdout);
	table_free(table);
}

static int describe_scenario(const char *id)
{
	_cleanup_free_ const struct scenario **scenarios = NULL;
	char *globs[] = { (char *)(uintptr_t)id };
	int n = registry_select(&scenarios, globs, 1);

	for (int i = 0; i < n; i++) {
		printf("%s: %s\n  needs:", scenarios[i]->id, scenarios[i]->about);
		for (unsigned int need = 0; need < NEED_COUNT; need++)
			if (scenarios[i]->needs & NEED_BIT(need))
				printf(" %s", need_name((enum need)need));
		putchar('\n');
	}
	return n < 0 ? EXIT_USAGE : EXIT_ALL_GOOD;
}

/* Those that were named, or those that came with this program. */
static int load_defects(struct defects *defects, struct config *config)
{
	static char path[PATH_MAX];

	if (!config->known_defects)
		config->known_defects = data_path("known-defects", path);
	if (config->known_defects) {
		int ret = defects_load(defects, config->known_defects);

		return ret ? ret : defects_check(defects);
	}
	log_warning("no known defects: ../share/odplab/known-defects is missing where "
		    "odp_test is; name them with --known-defects");
	*defects = (struct defects){ 0 };
	return 0;
}

static int run(struct env *env, const struct config *config, char **argv,
	       const struct scenario *const *scenarios, size_t n,
	       const struct defects *defects)
{
	struct run_request request = { .scenarios = scenarios,
				       .n = n,
				       .defects = defects,
				       .options = opt_to_json(options, config),
				       .command = json_from_words(argv),
				       .results = &config->results };
	int status = run_scenarios(env, &config->run, &request);

	json_object_put(request.options);
	json_object_put(request.command);
	return status;
}

/* Of the one scenario that was named. */
static int print_reproducer(struct env *env, const struct config *config,
			    const struct scenario *const *scenarios, size_t n)
{
	if (n == 1)
		return reproduce(env, &config->run, scenarios[0]);
	log_error("--reproducer takes one scenario, not %zu", n);
	return EXIT_USAGE;
}

static int dry_run(const struct config *config, const struct scenario *const *scenarios,
		   size_t n)
{
	struct env env;
	int ret = env_find(&env, &config->env);

	if (ret)
		return verdict_exit_unopened(ret, config->env.device);
	plan_print(&env, &config->run, scenarios, n, stdout);
	plan_warn(&env, scenarios, n);
	return EXIT_ALL_GOOD;
}

/* Each of the first four prints something else, and ends; stdout has one form. */
static int check_modes(const struct config *config)
{
	if (config->list + !!config->describe + config->dry_run + config->env.reproducer >
	    1) {
		log_error("--list, --describe, --dry-run and --reproducer exclude each "
			  "other");
		return -EINVAL;
	}
	if (config->results.json && config->run.ktap) {
		log_error("--json and --ktap exclude each other");
		return -EINVAL;
	}
	return 0;
}

static int run_program(int argc, char **argv)
{
	_cleanup_free_ const struct scenario **scenarios = NULL;
	struct config config = { 0 };
	struct defects defects;
	struct env env;
	int first, n, ret, status;

	log_set_name(app.name);
	switch (opt_parse(&app, &config, argc, argv, &first)) {
	case 0:
		break;
	case OPT_DONE:
		return EXIT_ALL_GOOD;
	default:
		return EXIT_USAGE;
	}
	if (check_modes(&config))
		return EXIT_USAGE;
	if (config.run.verbose > 1)
		log_set_level(LOG_DEBUG);
	if (config.describe)
		return describe_scenario(config.describe);
	n = config.env.hazards ?
		    registry_select_hazards(&scenarios, argv + first, argc - first) :
		    registry_select(&scenarios, argv + first, argc - first);
	if (n < 0)
		return EXIT_USAGE;
	if (config.list) {
		list_scenarios(scenarios, n);
		return EXIT_ALL_GOOD;
	}
	if (config.dry_run)
		return dry_run(&config, scenarios, (size_t)n);
	if (load_defects(&defects, &config))
		return EXIT_USAGE;
	ret = env_open(&env, &config.env);
	if (ret) {
		status = verdict_exit_unopened(ret, config.env.device);
	} else {
		status = config.env.reproducer ?
				 print_reproducer(&env, &config, scenarios, (size_t)n) :
				 run(&env, &config, argv, scenarios, (size_t)n, &defects);
		env_close(&env);
	}
	defects_free(&defects);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	signals_note();
	signals_let_in();
	status = run_program(argc, argv);
	/* a signal that came before the first scenario */
	if (signals_noted() && status == EXIT_USAGE)
		status = EXIT_SIGNAL + signals_noted();
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_error("stdout cannot be written to; exit status would have been %d", status);
	return EXIT_USAGE;
}
