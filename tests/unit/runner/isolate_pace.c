// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* isolate_pace.c - the deadlines of a scenario's process follow the pace of its host */
#include "runner/isolate.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "misbehaving.h"
#include "process/subprocess.h"

/*
 * What the scenarios' host is, and what its piece of work takes when a deadline would
 * pass.
 */
static struct pace pace;
static uint64_t work_ns;

uint64_t __wrap_pace_work_ns(void);
uint64_t __wrap_pace_work_ns(void)
{
	return work_ns;
}

/*
 * The kernel does not let a killed process end before its deadline passes, so many times.
 */
static unsigned int lingers;
static pid_t lingering;
static uint64_t later_ns;	  /* time that passed so */
static uint64_t killed_within_ns; /* the last of them */
static uint64_t slow_work_ns;	  /* what the piece of work takes from then on */

int __real_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	int ret = __real_clock_gettime(clock, ts);

	ts->tv_sec += (time_t)(later_ns / NSEC_PER_SEC);
	return ret;
}

int __real_subprocess_kill(struct subprocess *process, uint64_t deadline);
int __wrap_subprocess_kill(struct subprocess *process, uint64_t deadline);
int __wrap_subprocess_kill(struct subprocess *process, uint64_t deadline)
{
	if (!lingers)
		return __real_subprocess_kill(process, deadline);
	lingers--;
	lingering = process->pid;
	killed_within_ns = deadline - clock_ns();
	later_ns += round_up(killed_within_ns, NSEC_PER_SEC);
	work_ns = slow_work_ns;
	return -ETIMEDOUT;
}

static struct outcome run(const char *id)
{
	struct kernel_log no_log = { -1 };

	return isolated(id, 50 * NSEC_PER_MSEC, &pace, &no_log);
}

/* T-slow takes 200 ms. */
static void deadline__moves_where_the_host_became_slower(void **state)
{
	struct outcome outcome;

	pace = (struct pace){ 1, 1000 };
	work_ns = 1000;
	outcome = run("T-slow");
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.why, "hung: no verdict within 50 ms");
	outcome_free(&outcome);
	work_ns = 15000;
	outcome = run("T-slow");
	assert_int_equal(outcome.verdict, VERDICT_PASS);
	outcome_free(&outcome);
	/* one that hangs does so on a slow host, too */
	work_ns = 4000;
	outcome = run("T-hang");
	assert_string_equal(outcome.why, "hung: no verdict within 200 ms");
	outcome_free(&outcome);
}

/* Ten seconds, and more where the host is slower, or becomes so. */
static void kill__waits_as_long_as_the_host_is_slow(void **state)
{
	struct outcome outcome;

	pace = (struct pace){ 3, 1000 };
	work_ns = slow_work_ns = 1000;
	lingers = 1;
	outcome = run("T-hang");
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
	assert_string_equal(outcome.why,
			    "cannot be killed: the process hangs in the kernel");
	assert_true(killed_within_ns > 29 * NSEC_PER_SEC);
	assert_true(killed_within_ns <= 30 * NSEC_PER_SEC);
	outcome_free(&outcome);
	kill(lingering, SIGKILL);
	assert_int_equal(waitpid(lingering, NULL, 0), lingering);
	slow_work_ns = 2000;
	lingers = 1;
	outcome = run("T-hang");
	assert_string_equal(outcome.why, "hung: no verdict within 50 ms");
	outcome_free(&outcome);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(deadline__moves_where_the_host_became_slower),
	cmocka_unit_test(kill__waits_as_long_as_the_host_is_slow),
};

int main(void)
{
	return cmocka_run_group_tests_name("isolate_pace", tests, NULL, NULL);
}
