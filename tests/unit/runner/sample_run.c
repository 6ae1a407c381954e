// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * sample_run.c - a run with every verdict, and with text that no report may stumble over
 *
 *	test-sample-run json|tap|junit|table
 *
 * prints it in that form, as odp_test would write it. For the tests of the reports.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/util.h"
#include "env/results.h"
#include "fake_side.h"
#include "runner/defects.h"
#include "runner/isolate.h"
#include "runner/report.h"
#include "scenario/scenario.h"
#include "testcase/registry.h"
#include "testcase/test.h"

/* Markup, quotes, directives, line ends, control characters, UTF-8, and what is none. */
#define HOSTILE                                                                     \
	"a < b && \"c\" > 'd' ]]> # SKIP \\# not\r\nok 1\n  ---\n\x01\x1b[31m\x7f " \
	"caf\xc3\xa9 \xff\xc3 \xed\xa0\x80 %s"

SCENARIO("RUN-1.pass", "all is well, " HOSTILE, NEEDS(REGION))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, cold, 0, KiB(4), GENERATION(1));
	test_note(t, "%s", HOSTILE);
}

SCENARIO("RUN-2.fail", "it fails", NEEDS(REGION))
{
	expect(t, !t, "%s", HOSTILE);
}

SCENARIO("RUN-3.refuted", "no fault where one must come", NEEDS(REGION))
{
	struct target *warm = responder_target(t, REGION_ANON, KiB(64), MR_PINNED);

	expect_faults(t, warm, AT_LEAST(1))
		rdma_write(t, warm, 0, KiB(4), GENERATION(1));
}

SCENARIO("RUN-4.skip", "it cannot run", NEEDS(DEVDAX))
{
	expect(t, !t, "it ran");
}

SCENARIO("RUN-5.skip", "it finds that it cannot run", NEEDS(REGION))
{
	test_skip(t, "%s", HOSTILE);
}

SCENARIO("RUN-6.xfail", "it fails as is known", NEEDS(REGION))
{
	expect(t, !t, "%s", HOSTILE);
}

SCENARIO("RUN-7.xpass", "it passes against all expectation", NEEDS(REGION))
{
	test_note(t, "it passes");
}

SCENARIO("RUN-8.unproven", "no witness saw it", NEEDS(REGION))
{
	struct target *cold = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);

	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, cold, 0, KiB(4), GENERATION(1));
}

SCENARIO("RUN-9.crash", "it crashes", NEEDS(REGION))
{
	test_note(t, "%s", HOSTILE);
	abort();
}

SCENARIO("RUN-10.error", "the host cannot do it", NEEDS(REGION))
{
	test_end(t, VERDICT_ERROR, HOSTILE);
}

static struct defect known[] = {
	{ .name = "known <1>", .scenario = "RUN-[67].* RUN-10.*", .reason = HOSTILE },
};

static void run_all(struct run *run, struct fake_env *env,
		    const struct scenario *const *scenarios, size_t n)
{
	static const struct defects defects = { known, ARRAY_SIZE(known) };
	static const struct defect_host host = { "", "", "", "", "", "", "" };
	struct kernel_log no_log = { -1 };

	for (size_t i = 0; i < n; i++) {
		struct outcome *outcome = &run->outcomes[run->n++];

		env->sabotage = strstr(scenarios[i]->id, "unproven") ? WITNESSES_DEAF :
								       FAITHFUL;
		isolate_run(&env->env, scenarios[i], 10 * NSEC_PER_SEC, &no_log, outcome);
		outcome->repetition = 1;
		defects_apply(&defects, &host, outcome);
		run->count[outcome->verdict]++;
	}
}

static void print_json(FILE *out, const void *data)
{
	struct json_object *object = report_json(data);

	fprintf(out, "%s\n", json_object_to_json_string(object));
	json_object_put(object);
}

static void print_tap(FILE *out, const void *data)
{
	report_tap(data, out);
}

static void print_junit(FILE *out, const void *data)
{
	report_junit(data, out);
}

static void print_table(FILE *out, const void *data)
{
	const struct run *run = data;

	report_table_head(out);
	for (size_t i = 0; i < run->n; i++)
		report_table_line(&run->outcomes[i], true, out);
	report_table_sum(run, out);
}

static int print(const struct run *run, const char *form)
{
	static const struct {
		const char *name;
		void (*print)(FILE *out, const void *data);
	} forms[] = { { "json", print_json },
		      { "tap", print_tap },
		      { "junit", print_junit },
		      { "table", print_table } };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t size;
		char *text;

		if (strcmp(form, forms[i].name))
			continue;
		text = results_text(forms[i].print, run, &size);
		fwrite(text, 1, size, stdout);
		free(text);
		return 0;
	}
	return 2;
}

int main(int argc, char **argv)
{
	const struct scenario **scenarios;
	struct fake_env env;
	struct run run = { .env = &env.env,
			   .calibration = { .watches = json_object_new_array() },
			   .config = json_object_new_object(),
			   .command = json_from_words(argv) };
	int n = registry_select(&scenarios, NULL, 0), ret;

	if (argc != 2 || n <= 0)
		return 2;
	fake_env_init(&env);
	env.env.place[REGION_DEVDAX] = NULL;
	run.outcomes = calloc((size_t)n, sizeof(*run.outcomes));
	clock_utc(run.started);
	run_all(&run, &env, scenarios, (size_t)n);
	clock_utc(run.finished);
	run.exit_status = verdict_exit_status(run.count, false);
	ret = print(&run, argv[1]);
	outcome_free(&run.calibration);
	for (size_t i = 0; i < run.n; i++)
		outcome_free(&run.outcomes[i]);
	free(run.outcomes);
	free(scenarios);
	json_object_put(run.config);
	json_object_put(run.command);
	return ret;
}
