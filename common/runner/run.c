// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run.c - runs scenarios one after the other, and reports */
#include "runner/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "base/log.h"
#include "base/progress.h"
#include "env/patience.h"
#include "process/signals.h"
#include "rdma/ofi/ofi.h"
#include "runner/isolate.h"
#include "runner/journal.h"
#include "runner/plan.h"
#include "runner/report.h"
#include "runner/run_files.h"
#include "scenario/calibration.h"

/* A run in progress. */
struct session {
	struct env *env;
	const struct run_config *config;
	const struct run_request *request;
	struct run run;
	struct results results;
	struct journal journal
		[2]; /* in the folder of the run, and where the user asked for one */
	FILE *table;
};

static bool failed(const struct run *run)
{
	return run->count[VERDICT_FAIL] || run->count[VERDICT_XPASS];
}

/* The last scenario has damaged the host: later results would prove nothing. */
static bool spoiled(const struct run *run)
{
	return run->n && run->outcomes[run->n - 1].host_spoiled;
}

static bool is_over(const struct session *s)
{
	if (spoiled(&s->run))
		log_error("%s has damaged the host: the rest is not run; reboot",
			  s->run.outcomes[s->run.n - 1].scenario->id);
	return signals_noted() || spoiled(&s->run) ||
	       (s->config->stop_on_failure && failed(&s->run));
}

static void apply_defects(const struct session *s, struct outcome *outcome)
{
	const struct rdma_device *device = &s->env->device;
	struct utsname host;
	struct defect_host where = {
		.device = device->name,
		.driver = device->driver,
		.board = device->board,
		.firmware = device->firmware,
		.transport = s->env->config->transport,
		.libfabric = ofi_version(),
		.kernel = host.release,
	};

	uname(&host);
	defects_apply(s->request->defects, &where, outcome);
}

uint64_t run_deadline_ns(const struct run_config *config, const struct env *env)
{
	return env_patience(env, config->deadline_ns * (env->config->long_run ? 120 : 1));
}

/* Runs one; if a signal ended it, there is no outcome. */
static void run_one(struct session *s, const struct scenario *scenario,
		    unsigned int repetition)
{
	uint64_t deadline_ns = run_deadline_ns(s->config, s->env);
	struct outcome *outcome = &s->run.outcomes[s->run.n];

	for (size_t i = 0; i < ARRAY_SIZE(s->journal); i++)
		journal_begin(&s->journal[i], scenario, repetition);
	isolate_run(s->env, scenario, deadline_ns, &s->env->kernel_log, outcome);
	if (signals_noted()) {
		outcome_free(outcome);
		return;
	}
	outcome->repetition = repetition;
	apply_defects(s, outcome);
	s->run.count[outcome->verdict]++;
	s->run.n++;
	for (size_t i = 0; i < ARRAY_SIZE(s->journal); i++)
		journal_end(&s->journal[i], outcome);
	progress_clear();
	report_table_line(outcome, s->config->verbose, s->table);
	if (s->config->ktap)
		report_ktap_line(&s->run, s->run.n - 1, stdout);
}

static void calibrate(struct session *s)
{
	progress_show("%s", calibration.about);
	isolate_run(s->env, &calibration, s->config->deadline_ns, &s->env->kernel_log,
		    &s->run.calibration);
	env_set_pace(s->env, s->run.calibration.duration_ns);
}

static void run_all(struct session *s)
{
	uint64_t repeat = s->config->repeat, n = s->request->n * repeat;

	plan_warn(s->env, s->request->scenarios, s->request->n);
	clock_utc(s->run.started);
	for (size_t i = 0; i < ARRAY_SIZE(s->journal); i++)
		journal_run(&s->journal[i], &s->run, s->request->scenarios,
			    s->request->n);
	report_table_head(s->table);
	if (s->config->ktap)
		report_ktap_head(n, stdout);
	calibrate(s);
	for (uint64_t i = 0; i < n && !is_over(s); i++) {
		const struct scenario *scenario = s->request->scenarios[i / repeat];

		progress_show("[%llu/%llu] %s", (unsigned long long)i + 1,
			      (unsigned long long)n, scenario->id);
		run_one(s, scenario, (unsigned int)(i % repeat) + 1);
	}
	progress_clear();
	clock_utc(s->run.finished);
}

static int exit_status(const struct run *run)
{
	if (run->interrupted)
		return EXIT_SIGNAL + run->interrupted;
	return spoiled(run) ? EXIT_BAD :
			      verdict_exit_status(run->count, run->allow_unproven);
}

static int open_session(struct session *s)
{
	char path[PATH_MAX + 16];
	int ret = results_open(&s->results, s->request->results->output, s->env);

	if (ret)
		return ret;
	snprintf(path, sizeof(path), "%s/journal.jsonl", s->results.hidden);
	ret = journal_open(&s->journal[0], path);
	if (!ret)
		ret = journal_open(&s->journal[1], s->config->journal);
	if (ret)
		return ret;
	s->run.outcomes =
		calloc(s->request->n * s->config->repeat, sizeof(*s->run.outcomes));
	return s->run.outcomes ? 0 : log_errno(ENOMEM, "outcomes of all scenarios");
}

/* Reports what has run. */
static void finish_session(struct session *s)
{
	s->run.interrupted = signals_noted();
	s->run.exit_status = exit_status(&s->run);
	report_table_sum(&s->run, s->table);
	if (s->config->ktap)
		report_ktap_end(&s->run, stdout);
	for (size_t i = 0; i < ARRAY_SIZE(s->journal); i++) {
		journal_finish(&s->journal[i], &s->run);
		if (journal_close(&s->journal[i]))
			s->run.exit_status = EXIT_USAGE;
	}
	if (run_files_write(&s->results, &s->run))
		s->run.exit_status = EXIT_USAGE;
	else
		fprintf(s->table, "results: %s\n", s->results.path);
	if (s->request->results->json)
		run_files_print_json(&s->run);
}

static void close_session(struct session *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->journal); i++)
		journal_close(&s->journal[i]);
	results_drop(&s->results);
	outcome_free(&s->run.calibration);
	for (size_t i = 0; i < s->run.n; i++)
		outcome_free(&s->run.outcomes[i]);
	free(s->run.outcomes);
}

int run_scenarios(struct env *env, const struct run_config *config,
		  const struct run_request *request)
{
	struct session s = {
		.env = env,
		.config = config,
		.request = request,
		.run = { .env = env,
			 .config = request->options,
			 .command = request->command,
			 .defects_digest = request->defects->digest[0] ?
						   request->defects->digest :
						   NULL,
			 .allow_unproven = config->allow_unproven,
			 .learn = config->learn },
		.journal = { { .fd = -1 }, { .fd = -1 } },
		.table = request->results->json || config->ktap ? stderr : stdout,
	};
	int ret;

	ret = open_session(&s);
	if (ret) {
		s.run.exit_status = ret == -ENOSR ? EXIT_HOST : EXIT_USAGE;
	} else {
		run_all(&s);
		finish_session(&s);
	}
	close_session(&s);
	return s.run.exit_status;
}
