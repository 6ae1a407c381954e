// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run.c - a run of scenarios: its order, its end, its exit status, its files */
#include "runner/run.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "fake_device.h"
#include "process/signals.h"
#include "testcase/verdict.h"

static char folder[] = "/tmp/odplab-run-XXXXXX";
static struct defect defect = { .scenario = "T-fail", .reason = "known" };
static bool zeros = true;

bool __wrap_zeros_intact(void);
bool __wrap_zeros_intact(void)
{
	return zeros;
}

/* What a test asks for; each begins with these. */
static struct run_config config;
static struct result_config results;
static struct defects defects;
static bool long_run;

static int reset(void **state)
{
	config = (struct run_config){ .deadline_ns = 10 * NSEC_PER_SEC, .repeat = 1 };
	results = (struct result_config){ .output = folder };
	defects = (struct defects){ 0 };
	long_run = false;
	zeros = true;
	return 0;
}

static int remove_results(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s/*", folder);
	return system(command);
}

/* The result of a run. */
static struct {
	int status;
	char out[8192], err[8192];
	struct json_object *run; /* of run.json, or NULL */
} got;

/* The path of a file in the one folder of results; "" where there is none. */
static const char *result_file(const char *name)
{
	static char path[PATH_MAX];
	DIR *dir = opendir(folder);
	struct dirent *entry;

	path[0] = '\0';
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) {
			assert_string_equal(path, "");
			assert_true(entry->d_name[0] != '.');
			snprintf(path, sizeof(path), "%s/%s/%s", folder, entry->d_name,
				 name);
		}
	closedir(dir);
	return path;
}

static int run_here(char *const *globs, int n)
{
	const struct scenario **scenarios;
	struct env_config env_config = { .transport = "verbs", .long_run = long_run };
	struct json_object *empty = json_object_new_object();
	struct fake_env env;
	int status;

	fake_env_init(&env);
	env.env.config = &env_config;
	env.env.kernel_log.fd = -1;
	n = registry_select(&scenarios, globs, n);
	assert_true(n > 0);
	status = run_scenarios(&env.env, &config,
			       &(const struct run_request){ .scenarios = scenarios,
							    .n = (size_t)n,
							    .defects = &defects,
							    .options = empty,
							    .command = empty,
							    .results = &results });
	json_object_put(empty);
	free(scenarios);
	return status;
}

static void run(const char *first, const char *second)
{
	char *globs[] = { (char *)(uintptr_t)first, (char *)(uintptr_t)second };
	struct capture out = capture_start(stdout), err = capture_start(stderr);

	got.status = run_here(globs, second ? 2 : 1);
	capture_end(&err, got.err, sizeof(got.err));
	capture_end(&out, got.out, sizeof(got.out));
	json_object_put(got.run);
	got.run = json_object_from_file(result_file("run.json"));
}

static struct json_object *member(const char *name)
{
	return json_object_object_get(got.run, name);
}

/* The scenarios that ran, in a line: "T-pass 1 PASS, T-skip 1 SKIP". */
static void ran(const char *expected)
{
	struct json_object *list = member("scenarios");
	char text[1024] = "";

	assert_non_null(list);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *s = json_object_array_get_idx(list, i);

		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s %d %s",
			 i ? ", " : "",
			 json_object_get_string(json_object_object_get(s, "id")),
			 json_object_get_int(json_object_object_get(s, "repetition")),
			 json_object_get_string(json_object_object_get(s, "verdict")));
	}
	assert_string_equal(text, expected);
}

static void ends_with(int status)
{
	assert_int_equal(got.status, status);
	assert_int_equal(json_object_get_int(member("exit_status")), status);
}

static void run__all_pass(void **state)
{
	run("T-pass", NULL);
	ends_with(EXIT_ALL_GOOD);
	ran("T-pass 1 PASS");
	assert_false(json_object_get_boolean(member("interrupted")));
	assert_int_equal(strlen(json_object_get_string(member("started"))), 20);
	assert_int_equal(strlen(json_object_get_string(member("finished"))), 20);
	assert_string_equal(got.err, "");
	assert_non_null(strstr(got.out, "verdict"));
	assert_non_null(strstr(got.out, "\nPASS      T-pass"));
	assert_non_null(strstr(got.out, "\n1 scenario "));
	assert_non_null(strstr(got.out, "\nresults: /tmp/odplab-run-"));
	assert_null(strstr(got.out, "all is well"));
}

static void run__leaves_each_report(void **state)
{
	static const struct {
		const char *file, *text;
	} rows[] = {
		{ "run.tap", "ok 1 - T-pass" },
		{ "junit.xml", "<testcase classname=\"T\" name=\"T-pass\"" },
		{ "kernel.log", "" },
	};

	run("T-pass", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text;

		assert_int_equal(file_read_all(result_file(rows[i].file), &text), 0);
		assert_non_null(strstr(text, rows[i].text));
		free(text);
	}
}

static void run__leaves_a_draft_on_request(void **state)
{
	run("T-pass", NULL);
	assert_int_equal(access(result_file("driver-column.txt"), F_OK), -1);
	remove_results(NULL);
	config.learn = true;
	run("T-pass", NULL);
	assert_int_equal(access(result_file("driver-column.txt"), F_OK), 0);
}

static void json__is_laid_out_for_readers(void **state)
{
	char *text;

	run("T-fail", NULL);
	assert_int_equal(file_read_all(result_file("run.json"), &text), 0);
	assert_non_null(strstr(text, "\n  \"exit_status\""));
	assert_non_null(strstr(text, "tests/unit/runner/misbehaving.c"));
	free(text);
}

static void run__evidence_on_request(void **state)
{
	config.verbose = 1;
	run("T-pass", NULL);
	assert_non_null(strstr(got.out, "all is well"));
}

static void run__one_fails(void **state)
{
	run("T-fail", "T-pass");
	ends_with(EXIT_BAD);
	ran("T-fail 1 FAIL, T-pass 1 PASS");
}

static void run__nothing_could_run(void **state)
{
	run("T-skip", NULL);
	ends_with(EXIT_NOTHING);
	ran("T-skip 1 SKIP");
}

static void run__repeats_each_before_the_next(void **state)
{
	config.repeat = 3;
	run("T-pass", "T-skip");
	ends_with(EXIT_ALL_GOOD);
	ran("T-pass 1 PASS, T-pass 2 PASS, T-pass 3 PASS, "
	    "T-skip 1 SKIP, T-skip 2 SKIP, T-skip 3 SKIP");
}

static void run__stops_at_the_first_failure(void **state)
{
	config.stop_on_failure = true;
	config.repeat = 2;
	run("T-fail", "T-pass");
	ends_with(EXIT_BAD);
	ran("T-fail 1 FAIL");
}

static void run__goes_on_after_a_pass(void **state)
{
	config.stop_on_failure = true;
	config.repeat = 2;
	run("T-pass", NULL);
	ran("T-pass 1 PASS, T-pass 2 PASS");
}

static void run__expects_known_defects(void **state)
{
	defects = (struct defects){ &defect, 1 };
	run("T-fail", NULL);
	ends_with(EXIT_ALL_GOOD);
	ran("T-fail 1 XFAIL");
}

/* A table with a defect of another kernel is no table of this host. */
static void run__expects_defects_of_this_kernel(void **state)
{
	static struct defect other = { .scenario = "T-fail", .kernel = "0.1..0.2" };

	defects = (struct defects){ &other, 1 };
	run("T-fail", NULL);
	ran("T-fail 1 FAIL");
	remove_results(NULL);
	strcpy(other.kernel, "2..");
	run("T-fail", NULL);
	ran("T-fail 1 XFAIL");
}

static void run__stops_where_the_host_is_damaged(void **state)
{
	zeros = false;
	run("T-pass", "T-skip");
	ends_with(EXIT_BAD);
	assert_int_equal(json_object_array_length(member("scenarios")), 1);
	assert_non_null(strstr(got.err, "has damaged the host: the rest is not run"));
}

static void run__a_long_run_has_a_long_deadline(void **state)
{
	config.deadline_ns = 20 * NSEC_PER_MSEC;
	run("T-slow", NULL);
	ran("T-slow 1 FAIL");
	remove_results(NULL);
	long_run = true;
	run("T-slow", NULL);
	ran("T-slow 1 PASS");
}

static void json__is_alone_on_stdout(void **state)
{
	struct json_object *printed;

	results.json = true;
	run("T-pass", NULL);
	printed = json_tokener_parse(got.out);
	assert_true(json_object_equal(printed, got.run));
	json_object_put(printed);
	assert_non_null(strstr(got.err, "\nPASS      T-pass"));
}

static void ktap__is_alone_on_stdout(void **state)
{
	config.ktap = true;
	config.repeat = 2;
	run("T-pass", NULL);
	assert_string_equal(got.out,
			    "KTAP version 1\n1..2\nok 1 T-pass \nok 2 T-pass \n");
	assert_non_null(strstr(got.err, "\nPASS      T-pass"));
}

/* How often "event" is in a journal. */
static unsigned int events(const char *path, const char *event)
{
	unsigned int n = 0;
	char *text, word[32];

	assert_int_equal(file_read_all(path, &text), 0);
	snprintf(word, sizeof(word), "\"event\":\"%s\"", event);
	for (char *at = strstr(text, word); at; at = strstr(at + 1, word))
		n++;
	free(text);
	return n;
}

static void journal__in_the_folder_and_where_asked_for(void **state)
{
	char path[] = "/tmp/odplab-journal-XXXXXX";
	const char *paths[] = { path, result_file("journal.jsonl") };

	close(mkstemp(path));
	config.journal = path;
	config.repeat = 2;
	run("T-pass", NULL);
	paths[1] = result_file("journal.jsonl");
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_int_equal(events(paths[i], "run"), 1);
		assert_int_equal(events(paths[i], "begin"), 2);
		assert_int_equal(events(paths[i], "end"), 2);
		assert_int_equal(events(paths[i], "finish"), 1);
	}
	unlink(path);
}

static void journal__that_cannot_be_written(void **state)
{
	config.journal = "/nonexistent/journal";
	run("T-pass", NULL);
	assert_int_equal(got.status, EXIT_USAGE);
	assert_string_equal(result_file(""), "");
	assert_non_null(strstr(got.err, "/nonexistent/journal"));
	config.journal = "/dev/full";
	run("T-pass", NULL);
	assert_int_equal(got.status, EXIT_USAGE);
	ran("T-pass 1 PASS");
}

static void results__in_a_folder_that_cannot_be_written(void **state)
{
	results.output = "/proc/odplab";
	run("T-pass", NULL);
	assert_int_equal(got.status, EXIT_USAGE);
	assert_string_equal(got.out, "");
}

/* In a process of its own, which notes the signal that the second scenario sends. */
static void signal__ends_the_run_and_keeps_what_ran(void **state)
{
	char pass[] = "T-pass", request[] = "T-request", *globs[] = { pass, request };
	int status;
	pid_t pid = fork();

	if (!pid) {
		signal(SIGTERM, SIG_DFL);
		signals_note();
		_exit(freopen("/dev/null", "w", stdout) ? run_here(globs, 2) : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	json_object_put(got.run);
	got.run = json_object_from_file(result_file("run.json"));
	got.status = WEXITSTATUS(status);
	ends_with(EXIT_SIGNAL + SIGTERM);
	ran("T-pass 1 PASS");
	assert_true(json_object_get_boolean(member("interrupted")));
}

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	json_object_put(got.run);
	return rmdir(folder);
}

#define RUN(test) cmocka_unit_test_setup_teardown(test, reset, remove_results)

static const struct CMUnitTest tests[] = {
	RUN(run__all_pass),
	RUN(run__leaves_each_report),
	RUN(run__leaves_a_draft_on_request),
	RUN(json__is_laid_out_for_readers),
	RUN(run__evidence_on_request),
	RUN(run__one_fails),
	RUN(run__nothing_could_run),
	RUN(run__repeats_each_before_the_next),
	RUN(run__stops_at_the_first_failure),
	RUN(run__goes_on_after_a_pass),
	RUN(run__expects_known_defects),
	RUN(run__expects_defects_of_this_kernel),
	RUN(run__stops_where_the_host_is_damaged),
	RUN(run__a_long_run_has_a_long_deadline),
	RUN(json__is_alone_on_stdout),
	RUN(ktap__is_alone_on_stdout),
	RUN(journal__in_the_folder_and_where_asked_for),
	RUN(journal__that_cannot_be_written),
	RUN(results__in_a_folder_that_cannot_be_written),
	RUN(signal__ends_the_run_and_keeps_what_ran),
};

int main(void)
{
	return cmocka_run_group_tests_name("run", tests, make_folder, remove_folder);
}
