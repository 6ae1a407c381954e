// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* subprocess.c - processes that end, that do not end, and that cannot be started */
#include "process/subprocess.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "process/signals.h"

static uint64_t seconds(unsigned int n)
{
	return clock_ns() + n * NSEC_PER_SEC;
}

static int end_with(void *arg)
{
	return *(int *)arg;
}

static int stay(void *arg)
{
	while (pause())
		;
	return 0;
}

static struct subprocess start(subprocess_fn *main, int arg)
{
	struct subprocess process;

	assert_int_equal(subprocess_start(&process, main, &arg), 0);
	assert_true(process.pid > 0);
	return process;
}

static void expect_gone(pid_t pid)
{
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void end__has_the_exit_status(void **state)
{
	struct subprocess process = start(end_with, 7);
	pid_t pid = process.pid;

	assert_int_equal(subprocess_wait(&process, seconds(10)), 0);
	assert_true(WIFEXITED(process.status));
	assert_int_equal(WEXITSTATUS(process.status), 7);
	assert_int_equal(process.pid, 0);
	expect_gone(pid);
	assert_int_equal(subprocess_wait(&process, seconds(10)), -ECHILD);
	assert_int_equal(subprocess_kill(&process, seconds(10)), -ECHILD);
}

static int fill(void *arg)
{
	size_t len = MiB(*(int *)arg);
	void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return memory == MAP_FAILED;
}

static void end__has_the_most_memory(void **state)
{
	struct subprocess small = start(fill, 1), large = start(fill, 64);

	assert_int_equal(subprocess_wait(&small, seconds(10)), 0);
	assert_int_equal(subprocess_wait(&large, seconds(10)), 0);
	assert_int_equal(large.status, 0);
	assert_true(small.peak_rss > KiB(64));
	assert_in_range(large.peak_rss, MiB(64), small.peak_rss + MiB(80));
}

/* It is the caller's to kill. */
static void wait__ends_at_its_deadline(void **state)
{
	struct subprocess process = start(stay, 0);
	uint64_t begin = clock_ns();
	pid_t pid = process.pid;

	assert_int_equal(subprocess_wait(&process, begin + 50 * NSEC_PER_MSEC),
			 -ETIMEDOUT);
	assert_true(clock_ns() - begin >= 50 * NSEC_PER_MSEC);
	assert_int_equal(process.pid, pid);
	assert_int_equal(kill(pid, 0), 0);
	assert_int_equal(subprocess_kill(&process, seconds(10)), 0);
	assert_true(WIFSIGNALED(process.status));
	assert_int_equal(WTERMSIG(process.status), SIGKILL);
	assert_int_equal(process.pid, 0);
	expect_gone(pid);
}

/*
 * A run that is to end does not wait for the process, but for the end of one it has
 * killed.
 */
static void wait__ends_at_a_noted_signal(void **state)
{
	struct subprocess process = start(stay, 0);
	uint64_t begin = clock_ns();
	struct sigaction old;
	pid_t pid = process.pid;

	sigaction(SIGTERM, NULL, &old);
	signal(SIGTERM, SIG_DFL); /* it may have been ignored from the start */
	signals_note();
	raise(SIGTERM);
	signals_reset();
	sigaction(SIGTERM, &old, NULL);
	assert_int_equal(subprocess_wait(&process, seconds(10)), -EINTR);
	assert_true(clock_ns() - begin < 5 * NSEC_PER_SEC);
	assert_int_equal(process.pid, pid);
	assert_int_equal(subprocess_kill(&process, seconds(10)), 0);
	expect_gone(pid);
}

static bool fork_fails;

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __wrap_fork(void)
{
	errno = EAGAIN;
	return fork_fails ? -1 : __real_fork();
}

static void start__fails(void **state)
{
	struct subprocess process = { .pid = 1 };

	fork_fails = true;
	assert_int_equal(subprocess_start(&process, stay, NULL), -EAGAIN);
	fork_fails = false;
	assert_int_equal(process.pid, 0);
	assert_int_equal(subprocess_wait(&process, seconds(10)), -ECHILD);
	assert_int_equal(subprocess_kill(&process, seconds(10)), -ECHILD);
}

static pid_t of_parent;

pid_t __real_getppid(void);
pid_t __wrap_getppid(void);
pid_t __wrap_getppid(void)
{
	return of_parent ? of_parent : __real_getppid();
}

/* The one that started it was dead before the kernel knew that they die together. */
static void start__of_an_orphan(void **state)
{
	struct subprocess process;

	of_parent = 1;
	process = start(end_with, 7);
	of_parent = 0;
	assert_int_equal(subprocess_wait(&process, seconds(10)), 0);
	assert_true(WIFEXITED(process.status));
	assert_int_equal(WEXITSTATUS(process.status), 1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(start__fails),
	cmocka_unit_test(start__of_an_orphan),
	cmocka_unit_test(end__has_the_exit_status),
	cmocka_unit_test(end__has_the_most_memory),
	cmocka_unit_test(wait__ends_at_its_deadline),
	/* the last: a signal stays noted */
	cmocka_unit_test(wait__ends_at_a_noted_signal),
};

int main(void)
{
	return cmocka_run_group_tests_name("subprocess", tests, NULL, NULL);
}
