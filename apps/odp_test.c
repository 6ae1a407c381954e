// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* odp_test.c - runs scenarios and reports their verdicts */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/data.h"
#include "base/json.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/progress.h"
#include "base/signals.h"
#include "base/table.h"
#include "rdma/ofi/ofi.h"
#include "runner/defects.h"
#include "runner/isolate.h"
#include "runner/journal.h"
#include "runner/report.h"
#include "runner/results.h"
#include "testcase/registry.h"

struct config {
	struct env_config env;
	bool list;
	const char *describe;
	uint64_t deadline_ns;
	uint64_t repeat;
	const char *known_defects;
	const char *output;
	const char *journal;
	bool json;
	bool allow_unproven;
	bool stop_on_failure;
	unsigned int verbose;
};

static const struct opt options[] = {
	ENV_OPTIONS(struct config, "kind of region of scenarios that accept any kind"),
	OPT_GROUP("Scenarios"),
	OPT_FLAG_ROW(struct config, list, "list", 'l', "list the scenarios and exit"),
	OPT_STRING_ROW(struct config, describe, "describe", 0, "ID", NULL,
		       "print what a scenario expects and needs, and exit"),
	OPT_DURATION_ROW(struct config, deadline_ns, "deadline", 0, "TIME", "60s",
			 "timeout of each scenario", .min = NSEC_PER_MSEC,
			 .max = 86400 * NSEC_PER_SEC),
	OPT_NUMBER_ROW(struct config, repeat, "repeat", 0, "N", "1",
		       "run each scenario N times", .min = 1, .max = 1000000),
	OPT_FLAG_ROW(struct config, env.long_run, "long", 0,
		     "loops of 10,000 iterations, deadlines x 120"),
	OPT_FLAG_ROW(struct config, env.hazards, "hazards", 0,
		     "run only scenarios that may crash the kernel or corrupt data of "
		     "this host"),
	OPT_FLAG_ROW(struct config, stop_on_failure, "stop-on-failure", 0,
		     "stop after a FAIL or XPASS"),
	OPT_GROUP("Verdicts"),
	OPT_STRING_ROW(struct config, known_defects, "known-defects", 0, "DIR", NULL,
		       "folder with the known defects, whose failures are expected; "
		       "default: those of odp_test"),
	OPT_FLAG_ROW(struct config, allow_unproven, "allow-unproven", 0,
		     "UNPROVEN is not a failure of the run"),
	RESULT_OPTIONS(struct config, "run.json on stdout, the table on stderr"),
	OPT_STRING_ROW(struct config, journal, "journal", 0, "FILE", NULL,
		       "write a line of JSON here as each scenario begins and ends"),
	OPT_COUNT_ROW(struct config, verbose, "verbose", 'v',
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
		 "2 wrong usage, 77 nothing\n"
		 "could run.",
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
			if (scenarios[i]->needs & 1ull << need)
				printf(" %s", need_name((enum need)need));
		putchar('\n');
	}
	return n < 0 ? EXIT_USAGE : EXIT_ALL_GOOD;
}

static void write_json(FILE *out, const void *data)
{
	struct json_object *object = report_json(data);

	fprintf(out, "%s\n",
		json_object_to_json_string_ext(object,
					       JSON_C_TO_STRING_PRETTY |
						       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

static void write_tap(FILE *out, const void *data)
{
	report_tap(data, out);
}

static void write_junit(FILE *out, const void *data)
{
	report_junit(data, out);
}

static void write_kernel_log(FILE *out, const void *data)
{
	report_kernel_log(data, out);
}

static void print_json(const struct run *run)
{
	size_t size;
	_cleanup_free_ char *text = results_text(write_json, run, &size);

	if (text)
		fwrite(text, 1, size, stdout);
}

static int write_results(struct results *results, const struct run *run)
{
	static const struct {
		const char *name;
		void (*write)(FILE *out, const void *data);
	} files[] = {
		{ "run.json", write_json },
		{ "run.tap", write_tap },
		{ "junit.xml", write_junit },
		{ "kernel.log", write_kernel_log },
	};
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !ret; i++)
		ret = results_file(results, files[i].name, files[i].write, run);
	return ret ? ret : results_finish(results);
}

static bool failed(const struct run *run)
{
	return run->count[VERDICT_FAIL] || run->count[VERDICT_XPASS];
}

/* The last scenario has damaged the host: later results would prove nothing. */
static bool spoiled(const struct run *run)
{
	return run->n && run->outcomes[run->n - 1].host_spoiled;
}

static void run_all(struct run *run, struct env *env, const struct config *config,
		    const struct scenario *const *scenarios, size_t n,
		    const struct defects *defects, struct journal *journal, FILE *table)
{
	uint64_t deadline_ns = config->deadline_ns * (config->env.long_run ? 120 : 1);
	struct utsname host;
	struct defect_host where = { env->device.name,	   env->device.driver,
				     env->device.firmware, config->env.transport,
				     ofi_version(),	   host.release };

	uname(&host);
	report_table_head(table);
	for (size_t i = 0; i < n * config->repeat && !signals_noted(); i++) {
		struct outcome *outcome = &run->outcomes[run->n];
		const struct scenario *scenario = scenarios[i / config->repeat];
		unsigned int repetition = (unsigned int)(i % config->repeat) + 1;

		progress_show("[%zu/%zu] %s", run->n + 1, n * config->repeat,
			      scenario->id);
		journal_begin(journal, scenario, repetition);
		isolate_run(env, scenario, deadline_ns, &env->kernel_log, outcome);
		if (signals_noted()) {
			outcome_free(outcome);
			break;
		}
		outcome->repetition = repetition;
		defects_apply(defects, &where, outcome);
		run->count[outcome->verdict]++;
		run->n++;
		journal_end(journal, outcome);
		progress_clear();
		report_table_line(outcome, config->verbose, table);
		if (spoiled(run)) {
			log_error("%s has damaged the host: the rest is not run; reboot",
				  outcome->scenario->id);
			break;
		}
		if (config->stop_on_failure && failed(run))
			break;
	}
	progress_clear();
}

static int exit_status(const struct run *run)
{
	if (run->interrupted)
		return EXIT_SIGNAL + run->interrupted;
	return spoiled(run) ? EXIT_BAD :
			      verdict_exit_status(run->count, run->allow_unproven);
}

/* Runs, reports, and returns the exit status. */
static int run_and_report(struct env *env, const struct config *config, char **argv,
			  const struct scenario *const *scenarios, size_t n,
			  const struct defects *defects)
{
	struct run run = { .env = env,
			   .config = opt_to_json(options, config),
			   .command = json_from_words(argv),
			   .allow_unproven = config->allow_unproven };
	FILE *table = config->json ? stderr : stdout;
	struct journal journal = { .fd = -1 };
	struct results results;
	int status = EXIT_USAGE;

	if (results_open(&results, config->output, env) ||
	    journal_open(&journal, config->journal))
		goto out;
	run.outcomes = calloc(n * config->repeat, sizeof(*run.outcomes));
	if (!run.outcomes) {
		log_errno(ENOMEM, "%zu outcomes", n * config->repeat);
		goto out;
	}
	clock_utc(run.started);
	journal_run(&journal, &run, scenarios, n);
	run_all(&run, env, config, scenarios, n, defects, &journal, table);
	clock_utc(run.finished);
	run.interrupted = signals_noted();
	run.exit_status = exit_status(&run);
	report_table_sum(&run, table);
	if (write_results(&results, &run))
		run.exit_status = EXIT_USAGE;
	else
		fprintf(table, "results: %s\n", results.path);
	journal_finish(&journal, &run);
	if (journal_close(&journal))
		run.exit_status = EXIT_USAGE;
	if (config->json)
		print_json(&run);
	status = run.exit_status;
out:
	journal_close(&journal);
	results_drop(&results);
	for (size_t i = 0; i < run.n; i++)
		outcome_free(&run.outcomes[i]);
	free(run.outcomes);
	json_object_put(run.config);
	json_object_put(run.command);
	return status;
}

/* Those that were named, or those that came with this program. */
static int load_defects(struct defects *defects, struct config *config)
{
	static char path[PATH_MAX];

	if (!config->known_defects)
		config->known_defects = data_path("known-defects", path);
	if (config->known_defects)
		return defects_load(defects, config->known_defects);
	log_warning("no known defects: ../share/odplab/known-defects is missing where "
		    "odp_test is; name them with --known-defects");
	*defects = (struct defects){ 0 };
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
	if (config.verbose > 1)
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
	if (load_defects(&defects, &config))
		return EXIT_USAGE;
	ret = env_open(&env, &config.env);
	/* no device is an error only where the user named one */
	status = ret == -ENODEV && !config.env.device ? EXIT_NOTHING : EXIT_USAGE;
	if (!ret) {
		status = run_and_report(&env, &config, argv, scenarios, (size_t)n,
					&defects);
		env_close(&env);
	}
	defects_free(&defects);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	signals_note();
	status = run_program(argc, argv);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	log_error("stdout cannot be written to; exit status would have been %d", status);
	return EXIT_USAGE;
}
