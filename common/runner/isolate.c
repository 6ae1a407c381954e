// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* isolate.c - a scenario in a process of its own, with a deadline */
#include "runner/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/units.h"
#include "base/util.h"
#include "invalidation/zeros.h"
#include "scenario/run.h"
#include "testcase/test.h"

/*
 * A killed process may sit in the kernel for a while; one that stays longer is a finding.
 */
#define KILL_PATIENCE_NS (10 * NSEC_PER_SEC)

static void set_verdict(struct outcome *outcome, enum verdict verdict, const char *why)
{
	outcome->verdict = verdict;
	snprintf(outcome->why, sizeof(outcome->why), "%s", why);
}

static const char *string_of(struct json_object *object, const char *name)
{
	const char *text = json_object_get_string(json_object_object_get(object, name));

	return text ? text : "";
}

static void take_verdict(struct outcome *outcome, struct json_object *line)
{
	const char *name = string_of(line, "verdict");

	set_verdict(outcome, VERDICT_FAIL, "ended with a verdict that does not exist");
	for (unsigned int v = 0; v < VERDICTS; v++)
		if (!strcmp(name, verdict_name((enum verdict)v)))
			set_verdict(outcome, (enum verdict)v, string_of(line, "why"));
}

/* One JSON line of the scenario: see test.h. Returns whether it is the verdict. */
static bool take_line(struct outcome *outcome, const char *text)
{
	struct json_object *line = json_tokener_parse(text), *part;
	bool verdict;

	if (!line)
		return false;
	if (json_object_object_get_ex(line, "step", NULL)) {
		snprintf(outcome->step, sizeof(outcome->step), "%s",
			 string_of(line, "step"));
		snprintf(outcome->file, sizeof(outcome->file), "%s",
			 string_of(line, "file"));
		outcome->line = json_object_get_int(json_object_object_get(line, "line"));
	}
	if (json_object_object_get_ex(line, "watch", &part))
		json_object_array_add(outcome->watches, json_object_get(part));
	if (json_object_object_get_ex(line, "note", &part))
		json_object_array_add(outcome->notes, json_object_get(part));
	verdict = json_object_object_get_ex(line, "verdict", NULL);
	if (verdict)
		take_verdict(outcome, line);
	json_object_put(line);
	return verdict;
}

/* Far more than any scenario reports. */
#define LINE_MAX_BYTES	 MiB(1)
#define REPORT_MAX_BYTES MiB(16)

/*
 * Reads lines until the verdict, the end of the pipe (the process is gone) or the
 * deadline. Returns 0, -EPIPE (gone without a verdict), -ETIMEDOUT, -EMSGSIZE (reports
 * too much) or -ENOMEM.
 */
static int read_report(int fd, uint64_t deadline, struct outcome *outcome)
{
	_cleanup_free_ char *buf = malloc(LINE_MAX_BYTES);
	size_t used = 0, total = 0;

	while (buf) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		uint64_t now = clock_ns();
		char *line = buf, *newline;
		ssize_t n;

		if (now >= deadline)
			return -ETIMEDOUT;
		if (used == LINE_MAX_BYTES || total > REPORT_MAX_BYTES)
			return -EMSGSIZE;
		if (poll(&poll_fd, 1, (int)((deadline - now) / NSEC_PER_MSEC) + 1) <= 0)
			continue;
		n = read(fd, buf + used, LINE_MAX_BYTES - used);
		if (n <= 0)
			return -EPIPE;
		used += (size_t)n;
		total += (size_t)n;
		while ((newline = memchr(line, '\n', used))) {
			*newline++ = '\0';
			if (take_line(outcome, line))
				return 0;
			used -= (size_t)(newline - line);
			line = newline;
		}
		memmove(buf, line, used);
	}
	return -ENOMEM;
}

/*
 * Waits for the end of the process until @deadline. Returns whether it has ended. Fills
 * outcome.peak_rss, the most memory of the process or of one of its children.
 */
static bool reap(pid_t pid, uint64_t deadline, int *status, struct outcome *outcome)
{
	struct rusage usage;

	for (;;) {
		if (wait4(pid, status, WNOHANG, &usage) == pid) {
			outcome->peak_rss = KiB((uint64_t)usage.ru_maxrss);
			return true;
		}
		if (clock_passed(deadline))
			return false;
		clock_sleep_ns(NSEC_PER_MSEC);
	}
}

static void judge_death(struct outcome *outcome, int status)
{
	char why[128];

	if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "crashed: %s", strsignal(WTERMSIG(status)));
	else
		snprintf(why, sizeof(why), "ended without a verdict, exit status %d",
			 WEXITSTATUS(status));
	set_verdict(outcome, VERDICT_FAIL, why);
}

/* The verdict of a process that must be killed. @error: of read_report(). */
static void judge_hang(struct outcome *outcome, int error, uint64_t deadline_ns)
{
	char text[UNITS_TEXT], why[128];

	switch (error) {
	case 0:
		set_verdict(outcome, VERDICT_FAIL,
			    "hung during cleanup, after its verdict");
		break;
	case -ETIMEDOUT:
	case -EPIPE:
		snprintf(why, sizeof(why), "hung: no verdict within %s",
			 units_format_duration(deadline_ns, text));
		set_verdict(outcome, VERDICT_FAIL, why);
		break;
	case -EMSGSIZE:
		set_verdict(
			outcome, VERDICT_FAIL,
			"wrote too much to its report pipe (1 MiB in a line, 16 MiB in "
			"all)");
		break;
	default:
		snprintf(why, sizeof(why), "its report could not be read: %s",
			 strerror(-error));
		set_verdict(outcome, VERDICT_FAIL, why);
	}
}

static void supervise(pid_t pid, int fd, uint64_t deadline_ns, struct outcome *outcome)
{
	uint64_t deadline = clock_ns() + deadline_ns;
	int ret = read_report(fd, deadline, outcome), status;

	/* after its verdict the process only frees its regions and queues */
	if ((!ret || ret == -EPIPE) && reap(pid, deadline, &status, outcome)) {
		if (ret == -EPIPE)
			judge_death(outcome, status);
		return;
	}
	kill(pid, SIGKILL);
	if (reap(pid, clock_ns() + KILL_PATIENCE_NS, &status, outcome))
		judge_hang(outcome, ret, deadline_ns);
	else
		set_verdict(outcome, VERDICT_FAIL,
			    "cannot be killed: the process hangs in the kernel");
}

/*
 * A library may catch fatal signals to print a trace and exit, and so hide the signal
 * (libinfinipath does, which Debian 12's libfabric loads). The handlers of a sanitizer stay,
 * as its report has more.
 */
static void die_by_signals(void)
{
	static const int signals[] = { SIGINT,	SIGABRT,
#ifndef __SANITIZE_ADDRESS__
				       SIGSEGV, SIGBUS,	 SIGILL, SIGFPE
#endif
	};

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
}

static void run_child(struct env *env, const struct scenario *scenario, int pipe,
		      pid_t parent)
{
	/* if the supervisor dies, the scenario must not go on */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_BAD);
	die_by_signals();
	scenario_run(env, scenario, pipe);
}

static void run_in_process(struct env *env, const struct scenario *scenario,
			   uint64_t deadline_ns, struct outcome *outcome)
{
	pid_t parent = getpid(), pid;
	int fds[2];

	fflush(NULL);
	if (pipe2(fds, O_CLOEXEC)) {
		set_verdict(outcome, VERDICT_FAIL, "no pipe");
		return;
	}
	pid = fork();
	if (!pid)
		run_child(env, scenario, fds[1], parent);
	close(fds[1]);
	if (pid < 0)
		set_verdict(outcome, VERDICT_FAIL, "fork failed");
	else
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
		set_verdict(outcome, VERDICT_FAIL, why);
	}
	if (!zeros_intact()) {
		outcome->host_spoiled = true;
		set_verdict(outcome, VERDICT_FAIL,
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
	};
	if (!needs_met(scenario->needs, env, outcome->why, sizeof(outcome->why))) {
		outcome->verdict = VERDICT_SKIP;
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
