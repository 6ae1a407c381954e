// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* isolate.c - a scenario in a process of its own, with a deadline */
#include "runner/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "env/deadline.h"
#include "env/patience.h"
#include "env/shortage.h"
#include "invalidation/host_features.h"
#include "invalidation/vm_sysctl.h"
#include "invalidation/zeros.h"
#include "kernel/race.h"
#include "process/subprocess.h"
#include "runner/death.h"
#include "runner/report_pipe.h"
#include "scenario/run.h"
#include "testcase/test.h"

/*
 * A killed process may sit in the kernel for a while, which a device that hangs makes
 * long.
 */
#define KILL_PATIENCE_NS (10 * NSEC_PER_SEC)

/* @wait: subprocess_wait() or subprocess_kill(), until a deadline that may move. */
static int until(int (*wait)(struct subprocess *process, uint64_t deadline),
		 struct subprocess *process, struct deadline *deadline)
{
	int ret;

	do
		ret = wait(process, deadline->begin + deadline->ns);
	while (ret == -ETIMEDOUT && !deadline_passed(deadline));
	return ret;
}

static int kill_patiently(struct env *env, struct subprocess *process)
{
	struct deadline deadline =
		deadline_in(&env->pace, env_patience(env, KILL_PATIENCE_NS));

	return until(subprocess_kill, process, &deadline);
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

static void supervise(struct env *env, struct subprocess *process, int fd,
		      uint64_t deadline_ns, struct outcome *outcome)
{
	struct deadline deadline = deadline_in(&env->pace, deadline_ns);
	uint64_t oom_kills = death_oom_kills();
	int ret = report_pipe_read(fd, &deadline, outcome);

	/* after its verdict the process only frees its regions and queues */
	if ((!ret || ret == -EPIPE) && !until(subprocess_wait, process, &deadline)) {
		if (ret == -EPIPE)
			death_judge(outcome, process->status, oom_kills);
	} else if (kill_patiently(env, process) == -ETIMEDOUT) {
		outcome_set(outcome, VERDICT_FAIL,
			    "cannot be killed: the process hangs in the kernel");
	} else {
		judge_hang(outcome, ret, deadline.ns);
	}
	outcome->peak_rss = process->peak_rss;
}

/* What the process runs. */
struct assignment {
	struct env *env;
	const struct scenario *scenario;
	int pipe;
};

static int run_scenario(void *arg)
{
	const struct assignment *it = arg;

	scenario_run(it->env, it->scenario, it->pipe);
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
	struct assignment it = { .env = env, .scenario = scenario };
	struct subprocess process;
	int fds[2], ret;
	pid_t pid;

	fflush(NULL);
	if (pipe2(fds, O_CLOEXEC)) {
		cannot_start(outcome, env, errno, "no pipe for the scenario");
		return;
	}
	it.pipe = fds[1];
	ret = subprocess_start(&process, run_scenario, &it);
	pid = process.pid;
	close(fds[1]);
	if (ret)
		cannot_start(outcome, env, -ret, "no process for the scenario");
	else
		supervise(env, &process, fds[0], deadline_ns, outcome);
	close(fds[0]);
	if (!ret)
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

/*
 * Where a scenario ended early, the next one must not run with what it has changed. The
 * pauses that a user has asked for with odp_delay stay.
 */
static void restore_kernel(const struct env *env, const struct scenario *scenario)
{
	vm_sysctl_restore(&env->vm_sysctl);
	if (scenario->needs & NEEDS(PAUSES) && env->host_features & 1ull << HOST_PAUSES)
		race_release();
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
	kernel_log_warn_again(kernel);
	snprintf(mark, sizeof(mark), "%s begins", scenario->id);
	kernel_log_mark(kernel, mark);
	run_in_process(env, scenario, deadline_ns, outcome);
	if (outcome->verdict != VERDICT_PASS)
		restore_kernel(env, scenario);
	snprintf(mark, sizeof(mark), "%s ends", scenario->id);
	kernel_log_mark(kernel, mark);
	outcome->kernel = kernel_log_take(kernel);
	outcome->duration_ns = clock_ns() - start;
	override_verdict(outcome);
}
