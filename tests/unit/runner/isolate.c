// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* isolate.c - whatever a scenario does, it gets a verdict with a reason, and in time */
#include "runner/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "fake_side.h"
#include "misbehaving.h"
#include "scenario/scenario.h"

static const struct pace no_pace;

static struct outcome run(const char *id, uint64_t deadline_ns)
{
	struct kernel_log no_log = { -1 };

	return isolated(id, deadline_ns, &no_pace, &no_log);
}

/* Runs it, and all of this must be so. */
static void ends(const char *id, enum verdict verdict, const char *why)
{
	uint64_t start = clock_ns();
	struct outcome outcome = run(id, 300 * NSEC_PER_MSEC);

	if (outcome.verdict != verdict || strcmp(outcome.why, why))
		fail_msg("%s: %s: %s, expected %s: %s", id, verdict_name(outcome.verdict),
			 outcome.why, verdict_name(verdict), why);
	assert_true(clock_ns() - start < 5 * NSEC_PER_SEC);
	outcome_free(&outcome);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
}

static void verdict__of_its_own(void **state)
{
	ends("T-pass", VERDICT_PASS, "");
	ends("T-fail", VERDICT_FAIL, "it is 42");
	ends("T-skip", VERDICT_SKIP, "not here");
	ends("T-needs", VERDICT_SKIP,
	     "no DAX device named; name one whose content may be lost with --devdax");
	ends("T-twice", VERDICT_FAIL, "first");
}

static void crash__is_a_failure(void **state)
{
	ends("T-killed", VERDICT_FAIL, "crashed: Killed");
	ends("T-exit", VERDICT_FAIL, "ended without a verdict, exit status 3");
	ends("T-unfinished", VERDICT_FAIL, "ended without a verdict, exit status 0");
}

static void crash__names_the_last_step(void **state)
{
	struct outcome outcome = run("T-segv", NSEC_PER_SEC);

	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.why, "crashed: Segmentation fault");
	assert_string_equal(outcome.step, "reconnect()");
	assert_string_equal(outcome.file, "tests/unit/runner/misbehaving.c");
	assert_true(outcome.line > 0);
	outcome_free(&outcome);
}

static void hang__is_a_failure_in_time(void **state)
{
	ends("T-hang", VERDICT_FAIL, "hung: no verdict within 300 ms");
	ends("T-spin", VERDICT_FAIL, "hung: no verdict within 300 ms");
	ends("T-close-and-hang", VERDICT_FAIL, "hung: no verdict within 300 ms");
	ends("T-pass-and-hang", VERDICT_FAIL, "hung during cleanup, after its verdict");
}

static void said__what_makes_no_sense(void **state)
{
	ends("T-garbage", VERDICT_PASS, "");
	ends("T-invented-end", VERDICT_FAIL, "ended with a verdict that does not exist");
	ends("T-invented", VERDICT_FAIL, "hung during cleanup, after its verdict");
	ends("T-flood", VERDICT_FAIL,
	     "wrote too much to its report pipe (1 MiB in a line, 16 MiB in all)");
}

static void said__in_pieces(void **state)
{
	static const char *const notes[] = { "first", "second", "third" };
	struct outcome outcome = run("T-in-pieces", 5 * NSEC_PER_SEC);

	assert_int_equal(outcome.verdict, VERDICT_PASS);
	assert_int_equal(json_object_array_length(outcome.notes), ARRAY_SIZE(notes));
	for (size_t i = 0; i < ARRAY_SIZE(notes); i++) {
		struct json_object *note = json_object_array_get_idx(outcome.notes, i);

		assert_string_equal(json_object_get_string(note), notes[i]);
	}
	outcome_free(&outcome);
}

static void hide(int number)
{
	_exit(4);
}

/* Also where a library has handlers of its own. */
static void crash__is_not_hidden_by_a_handler(void **state)
{
	static const struct {
		int number;
		const char *why;
	} rows[] = {
		{ SIGINT, "crashed: Interrupt" },
		{ SIGABRT, "crashed: Aborted" },
#ifndef __SANITIZE_ADDRESS__
		{ SIGSEGV, "crashed: Segmentation fault" },
		{ SIGBUS, "crashed: Bus error" },
		{ SIGILL, "crashed: Illegal instruction" },
		{ SIGFPE, "crashed: Floating point exception" },
#endif
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct sigaction old, hiding = { .sa_handler = hide };

		given_signal = rows[i].number;
		sigaction(given_signal, &hiding, &old);
		ends("T-signal", VERDICT_FAIL, rows[i].why);
		sigaction(given_signal, &old, NULL);
	}
}

static int open_nothing(struct side **side, struct env *env, enum side_role role)
{
	return -ENODEV;
}

/* Its first line is the step in which it fails. */
static void start__no_side(void **state)
{
	const struct scenario scenario = { .id = "T-none", .needs = NEEDS(REGION) };
	struct kernel_log no_log = { -1 };
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	env.env.open_side = open_nothing;
	isolate_run(&env.env, &scenario, NSEC_PER_SEC, &no_log, &outcome);
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.why, "a side could not be opened: No such device");
	assert_string_equal(outcome.step, "open both sides");
	assert_string_equal(outcome.file, "common/scenario/run.c");
	assert_ptr_equal(outcome.scenario, &scenario);
	outcome_free(&outcome);
}

/* It ends long before the deadline. */
static void said__too_much(void **state)
{
	struct outcome outcome = run("T-flood-lines", 30 * NSEC_PER_SEC);

	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(
		outcome.why,
		"wrote too much to its report pipe (1 MiB in a line, 16 MiB in all)");
	outcome_free(&outcome);
}

static void said__is_kept(void **state)
{
	struct outcome outcome = run("T-pass", NSEC_PER_SEC);

	assert_int_equal(json_object_array_length(outcome.notes), 1);
	assert_string_equal(
		json_object_get_string(json_object_array_get_idx(outcome.notes, 0)),
		"all is well");
	assert_true(outcome.duration_ns > 0);
	outcome_free(&outcome);
}

static void skip__says_what_the_scenario_lacks(void **state)
{
	struct outcome lacking = run("T-needs", NSEC_PER_SEC);
	struct outcome whole = run("T-pass", NSEC_PER_SEC);

	assert_true(lacking.lacks == NEEDS(DEVDAX));
	assert_true(whole.lacks == 0);
	outcome_free(&lacking);
	outcome_free(&whole);
}

/* As much as this process has, and what the scenario took beyond that. */
static void memory__is_told(void **state)
{
	struct outcome small = run("T-pass", NSEC_PER_SEC);
	struct outcome large = run("T-large", 5 * NSEC_PER_SEC);
	struct outcome none = run("T-needs", NSEC_PER_SEC);

	assert_true(small.peak_rss > KiB(64));
	assert_in_range(large.peak_rss, MiB(64), small.peak_rss + MiB(80));
	assert_int_equal(none.peak_rss, 0);
	outcome_free(&small);
	outcome_free(&large);
	outcome_free(&none);
}

static bool zeros_damaged;

bool __wrap_zeros_intact(void);
bool __wrap_zeros_intact(void)
{
	return !zeros_damaged;
}

static bool no_pipe, no_fork;

int __real_pipe2(int fds[2], int flags);
int __wrap_pipe2(int fds[2], int flags);
int __wrap_pipe2(int fds[2], int flags)
{
	errno = EMFILE;
	return no_pipe ? -1 : __real_pipe2(fds, flags);
}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __wrap_fork(void)
{
	errno = EAGAIN;
	return no_fork ? -1 : __real_fork();
}

/* The host is out of files or processes: no scenario can pass. */
static void start__fails(void **state)
{
	struct outcome outcome;

	no_pipe = true;
	outcome = run("T-pass", NSEC_PER_SEC);
	no_pipe = false;
	assert_int_equal(outcome.verdict, VERDICT_ERROR);
	assert_string_equal(outcome.why, "no pipe for the scenario: Too many open files");
	outcome_free(&outcome);
	no_fork = true;
	outcome = run("T-pass", NSEC_PER_SEC);
	no_fork = false;
	assert_int_equal(outcome.verdict, VERDICT_ERROR);
	assert_string_equal(
		outcome.why,
		"no process for the scenario: Resource temporarily unavailable");
	outcome_free(&outcome);
}

/* A host whose zero page is damaged makes results of any scenario wrong. */
static void host__spoiled(void **state)
{
	struct outcome outcome = run("T-pass", NSEC_PER_SEC);

	assert_false(outcome.host_spoiled);
	outcome_free(&outcome);
	zeros_damaged = true;
	outcome = run("T-pass", NSEC_PER_SEC);
	zeros_damaged = false;
	assert_true(outcome.host_spoiled);
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.why, "the kernel's zero page was written to");
	outcome_free(&outcome);
}

static void kernel__complains(void **state)
{
	struct kernel_log log;
	struct outcome outcome;

	assert_int_equal(pipe2(kernel_pipe, O_DIRECT | O_NONBLOCK | O_CLOEXEC), 0);
	log.fd = kernel_pipe[0];
	assert_int_equal(write(kernel_pipe[1], "4,1,1,-;BUG: before\n", 20), 20);
	outcome = isolated("T-kernel", NSEC_PER_SEC, &no_pace, &log);
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.why, "the kernel complained: [   12.345678] "
					 "BUG: unable to handle page fault");
	assert_string_equal(outcome.kernel,
			    "[   12.345678] BUG: unable to handle page fault\n");
	outcome_free(&outcome);

	/* what it said before, and what it says of others, is not this scenario's */
	outcome = isolated("T-pass", NSEC_PER_SEC, &no_pace, &log);
	assert_int_equal(outcome.verdict, VERDICT_PASS);
	assert_string_equal(outcome.kernel, "");
	outcome_free(&outcome);
	close(kernel_pipe[0]);
	close(kernel_pipe[1]);
}

/* What is written into the kernel's log, in order. */
static char marks[128];

void __wrap_kernel_log_mark(const struct kernel_log *log, const char *text);
void __wrap_kernel_log_mark(const struct kernel_log *log, const char *text)
{
	snprintf(marks + strlen(marks), sizeof(marks) - strlen(marks), "%s; ", text);
}

static void kernel__log_is_marked(void **state)
{
	struct outcome outcome;

	marks[0] = '\0';
	outcome = run("T-pass", NSEC_PER_SEC);
	assert_string_equal(marks, "T-pass begins; T-pass ends; ");
	outcome_free(&outcome);
}

static unsigned int processes_ended;

void __wrap_rdma_process_ended(const struct rdma_device *device, pid_t pid);
void __wrap_rdma_process_ended(const struct rdma_device *device, pid_t pid)
{
	processes_ended += pid > 0;
}

static void end__leaves_no_file_open_and_tells_the_transport(void **state)
{
	int lowest = dup(0), now;
	struct outcome outcome;

	close(lowest);
	processes_ended = 0;
	outcome = run("T-pass", NSEC_PER_SEC);
	now = dup(0);
	close(now);
	assert_int_equal(now, lowest);
	assert_int_equal(processes_ended, 1);
	outcome_free(&outcome);
}

/* The supervising process is killed: the scenario must not outlive it. */
static void supervisor__dies(void **state)
{
	pid_t supervisor;
	int status;

	child = mmap(NULL, sizeof(*child), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	supervisor = fork();
	if (!supervisor) {
		run("T-child", 60 * NSEC_PER_SEC);
		_exit(0);
	}
	while (!*(volatile pid_t *)child)
		clock_sleep_ns(NSEC_PER_MSEC);
	kill(supervisor, SIGKILL);
	assert_int_equal(waitpid(supervisor, NULL, 0), supervisor);
	alarm(10);
	assert_int_equal(waitpid(*child, &status, 0), *child);
	alarm(0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(verdict__of_its_own),
	cmocka_unit_test(crash__is_a_failure),
	cmocka_unit_test(crash__names_the_last_step),
	cmocka_unit_test(hang__is_a_failure_in_time),
	cmocka_unit_test(said__what_makes_no_sense),
	cmocka_unit_test(said__too_much),
	cmocka_unit_test(said__is_kept),
	cmocka_unit_test(said__in_pieces),
	cmocka_unit_test(crash__is_not_hidden_by_a_handler),
	cmocka_unit_test(start__no_side),
	cmocka_unit_test(skip__says_what_the_scenario_lacks),
	cmocka_unit_test(memory__is_told),
	cmocka_unit_test(start__fails),
	cmocka_unit_test(host__spoiled),
	cmocka_unit_test(kernel__log_is_marked),
	cmocka_unit_test(end__leaves_no_file_open_and_tells_the_transport),
	cmocka_unit_test(kernel__complains),
	cmocka_unit_test(supervisor__dies),
};

int main(void)
{
	return cmocka_run_group_tests_name("isolate", tests, NULL, NULL);
}
