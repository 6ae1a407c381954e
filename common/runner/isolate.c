// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* isolate.c - a scenario in a process of its own, with a deadline */
#include "runner/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "env/shortage.h"
#include "invalidation/zeros.h"
#include "process/signals.h"
#include "runner/death.h"
#include "runner/report_pipe.h"
#include "scenario/run.h"
#include "testcase/test.h"

/* A killed process may sit in the kernel for a while; one that stays longer is a finding. */
#define KILL_PATIENCE_NS (10 * NSEC_PER_SEC)

/*
 * Has the process ended? Fills outcome.peak_rss, the most memory of the process or of one of its
 * children.
 */
static bool ended(pid_t pid, int *status, struct outcome *outcome)
{
	struct rusage usage;

	if (wait4(pid, status, WNOHANG, &usage) != pid)
		return false;
	outcome->peak_rss = KiB((uint64_t)usage.ru_maxrss);
	return true;
}

/* Waits for the end of the process. Returns whether it has ended. */
static bool reap(pid_t pid, struct deadline *deadline, int *status,
		 struct outcome *outcome)
{
	while (!ended(pid, status, outcome)) {
		if (signals_noted() || deadline_passed(deadline))
			return false;
		clock_sleep_ns(NSEC_PER_MSEC);
	}
	return true;
}

static bool kill_and_reap(pid_t pid, struct outcome *outcome)
{
	uint64_t deadline = clock_ns() + KILL_PATIENCE_NS;
	int status;

	kill(pid, SIGKILL);
	while (!ended(pid, &status, outcome)) {
		if (clock_passed(deadline))
			return false;
		clock_sleep_ns(NSEC_PER_MSEC);
	}
	return true;
}

/* The verdict of a process that must be killed. @error: of report_pipe_read(). */
static void judge_hang(struct outcome *outcome, int error, uint64_t deadline_ns)
{
	char text[UNITS_TEXT], why[128];

	switch (error) {
	case 0:
		outcome_set(outcome, VERDICT_FAIL,
			    "hung during cleanup, after its verdict");
		break;
	case -ETIMEDOUT:
	case -EPIPE:
		snprintf(why, sizeof(why), "hung: no verdict within %s",
			 units_format_duration(deadline_ns, text));
		outcome_set(outcome, VERDICT_FAIL, why);
		break;
	case -EMSGSIZE:
		outcome_set(
			outcome, VERDICT_FAIL,
			"wrote too much to its report pipe (1 MiB in a line, 16 MiB in "
			"all)");
		break;
	default:
		/* the memory of this process, not of the scenario's */
		snprintf(why, sizeof(why), "its report could not be read: %s",
			 strerror(-error));
		outcome_set(outcome, VERDICT_ERROR, why);
	}
}

static void supervise(struct env *env, pid_t pid, int fd, uint64_t deadline_ns,
		      struct outcome *outcome)
{
	struct deadline deadline = deadline_in(&env->pace, deadline_ns);
	uint64_t oom_kills = death_oom_kills();
	int ret = report_pipe_read(fd, &deadline, outcome), status;

	/* after its verdict the process only frees its regions and queues */
	if ((!ret || ret == -EPIPE) && reap(pid, &deadline, &status, outcome)) {
		if (ret == -EPIPE)
			death_judge(outcome, status, oom_kills);
		return;
	}
	if (kill_and_reap(pid, outcome))
		judge_hang(outcome, ret, deadline.ns);
	else
		outcome_set(outcome, VERDICT_FAIL,
			    "cannot be killed: the process hangs in the kernel");
}

static void run_child(struct env *env, const struct scenario *scenario, int pipe,
		      pid_t parent)
{
	/* if the supervisor dies, the scenario must not go on */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_BAD);
	signals_reset();
	scenario_run(env, scenario, pipe);
}

/* No device takes part in this. */
static void cannot_start(struct outcome *outcome, const struct env *env, int error,
			 const char *what)
{
	char lack[SHORTAGE_TEXT], why[64 + SHORTAGE_TEXT];

	if (!shortage_of(env, error, 0, lack))
		snprintf(lack, sizeof(lack), "%s", strerror(error));
	snprintf(why, sizeof(why), "%s: %s", what, lack);
	outcome_set(outcome, VERDICT_ERROR, why);
}

static void run_in_process(struct env *env, const struct scenario *scenario,
			   uint64_t deadline_ns, struct outcome *outcome)
{
	pid_t parent = getpid(), pid;
	int fds[2];

	fflush(NULL);
	if (pipe2(fds, O_CLOEXEC)) {
		cannot_start(outcome, env, errno, "no pipe for the scenario");
		return;
	}
	pid = fork();
	if (!pid)
		run_child(env, scenario, fds[1], parent);
	if (pid < 0)
		cannot_start(outcome, env, errno, "no process for the scenario");
	close(fds[1]);
	if (pid > 0)
		supervise(pid, fds[0], deadline_ns, outcome);
	close(fds[0]);
	rdma_process_ended(&env->device, pid);
}

/* A complaint of the kernel or a damaged host overrides the verdict of the scenario. */
static void override_verdict(struct outcome *outcome)
{
	char complaint[512], why[sizeof("the kernel complained: ") + sizeof(complaint)];

	if (kernel_log_complaint(outcome->kernel, complaint, sizeof(complaint))) {
		snprintf(why, sizeof(why), "the kernel complained: %s", complaint);
		outcome_set(outcome, VERDICT_FAIL, why);
	}
	if (!zeros_intact()) {
		outcome->host_spoiled = true;
		outcome_set(outcome, VERDICT_FAIL,
			    "the kernel's zero page was written to");
	}
}

void isolate_run(struct env *env, const struct scenario *scenario, uint64_t deadline_ns,
		 struct kernel_log *kernel, struct outcome *outcome)
{
	uint64_t start = clock_ns();
	char mark[96];

	*outcome = (struct outcome){
		.scenario = scenario,
		.verdict = VERDICT_FAIL,
		.watches = json_object_new_array(),
		.notes = json_object_new_array(),
		.columns = json_object_new_array(),
	};
	if (!needs_met(scenario->needs, env, outcome->why, sizeof(outcome->why))) {
		outcome->verdict = VERDICT_SKIP;
		outcome->lacks = needs_lacking(scenario->needs, env);
		return;
	}
	free(kernel_log_take(kernel));
	snprintf(mark, sizeof(mark), "%s begins", scenario->id);
	kernel_log_mark(kernel, mark);
	run_in_process(env, scenario, deadline_ns, outcome);
	snprintf(mark, sizeof(mark), "%s ends", scenario->id);
	kernel_log_mark(kernel, mark);
	outcome->kernel = kernel_log_take(kernel);
	outcome->duration_ns = clock_ns() - start;
	override_verdict(outcome);
}
