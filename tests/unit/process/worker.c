// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* worker.c - workers that answer, that die, that are silent, and whose parent dies */
#include "process/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "process/signals.h"

#define LONG_MS 10000

/* Answers each number with the next one, until 0. */
static int count_on(int socket, void *arg)
{
	int number;

	while (read(socket, &number, sizeof(number)) == sizeof(number) && number) {
		number += *(int *)arg;
		if (write(socket, &number, sizeof(number)) < 0)
			return 1;
	}
	return 0;
}

static int stay_silent(int socket, void *arg)
{
	while (pause())
		;
	return 0;
}

static struct worker start(worker_fn *main)
{
	struct worker worker = { 0 };
	int step = 1;

	assert_int_equal(worker_start(&worker, main, &step), 0);
	assert_true(worker.process.pid > 0);
	return worker;
}

static void expect_gone(pid_t pid)
{
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void worker__answers(void **state)
{
	struct worker worker = start(count_on);
	pid_t pid = worker.process.pid;
	int number = 6;

	assert_int_equal(worker_send(&worker, &number, sizeof(number)), 0);
	assert_int_equal(worker_receive(&worker, &number, sizeof(number), LONG_MS), 0);
	assert_int_equal(number, 7);
	assert_int_equal(worker_wait(&worker, LONG_MS), 0);
	assert_int_equal(worker.process.pid, 0);
	expect_gone(pid);
}

static void worker__that_has_ended(void **state)
{
	struct worker worker = start(count_on);
	int number = 0;

	assert_int_equal(worker_send(&worker, &number, sizeof(number)), 0);
	assert_int_equal(worker_receive(&worker, &number, sizeof(number), LONG_MS),
			 -ECHILD);
	assert_int_equal(worker_send(&worker, &number, sizeof(number)), -ECHILD);
	assert_int_equal(worker_wait(&worker, LONG_MS), 0);
	assert_int_equal(worker_wait(&worker, LONG_MS), -ECHILD);
	assert_int_equal(worker_kill(&worker, LONG_MS), -ECHILD);
	assert_int_equal(worker_send(&worker, &number, sizeof(number)), -ECHILD);
	assert_int_equal(worker_receive(&worker, &number, sizeof(number), 1), -ECHILD);
}

static void worker__that_sends_something_else(void **state)
{
	struct worker worker = start(count_on);
	int number = 1;
	uint64_t longer;

	assert_int_equal(worker_send(&worker, &number, sizeof(number)), 0);
	assert_int_equal(worker_receive(&worker, &longer, sizeof(longer), LONG_MS),
			 -ECHILD);
	assert_int_equal(worker_wait(&worker, LONG_MS), 0);
}

static void worker__that_is_silent(void **state)
{
	struct worker worker = start(stay_silent);
	uint64_t begin = clock_ns();
	pid_t pid = worker.process.pid;
	int number;

	assert_int_equal(worker_receive(&worker, &number, sizeof(number), 50),
			 -ETIMEDOUT);
	assert_true(clock_ns() - begin >= 50 * NSEC_PER_MSEC);
	assert_int_equal(worker_kill(&worker, LONG_MS), 0);
	expect_gone(pid);
}

static void worker__that_does_not_end(void **state)
{
	struct worker worker = start(stay_silent);
	uint64_t begin = clock_ns();
	pid_t pid = worker.process.pid;

	assert_int_equal(worker_wait(&worker, 50), -ETIMEDOUT);
	assert_true(clock_ns() - begin >= 50 * NSEC_PER_MSEC);
	assert_int_equal(worker.process.pid, 0);
	expect_gone(pid);
}

static int say_so_and_stay(int socket, void *arg)
{
	return write(socket, "", 1) == 1 ? stay_silent(socket, arg) : 1;
}

/* A process in between starts the worker, sends its pid once it is at work, and dies. */
static int start_another(int socket, void *arg)
{
	struct worker worker = { 0 };
	char at_work;

	if (worker_start(&worker, say_so_and_stay, NULL) ||
	    worker_receive(&worker, &at_work, 1, LONG_MS))
		return 1;
	return write(socket, &worker.process.pid, sizeof(worker.process.pid)) < 0;
}

static void worker__dies_with_its_parent(void **state)
{
	struct worker worker = start(start_another);
	uint64_t deadline = clock_ns() + 10 * NSEC_PER_SEC;
	pid_t pid;

	assert_int_equal(worker_receive(&worker, &pid, sizeof(pid), LONG_MS), 0);
	assert_int_equal(worker_wait(&worker, LONG_MS), 0);
	/* whose child it becomes has to reap it: a zombie is dead as well */
	while (!kill(pid, 0) && !clock_passed(deadline)) {
		char path[64], text[256] = "";
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		stat = fopen(path, "r");
		if (stat && fgets(text, sizeof(text), stat) && strstr(text, ") Z ")) {
			fclose(stat);
			return;
		}
		if (stat)
			fclose(stat);
		clock_sleep_ns(NSEC_PER_MSEC);
	}
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

static int lowest_free_file(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void worker__that_cannot_be_started(void **state)
{
	struct worker worker = { 0 };
	int number = 1, lowest = lowest_free_file();

	fork_fails = true;
	assert_int_equal(worker_start(&worker, count_on, NULL), -EAGAIN);
	fork_fails = false;
	assert_int_equal(worker.process.pid, 0);
	assert_int_equal(lowest_free_file(), lowest);
	assert_int_equal(worker_send(&worker, &number, sizeof(number)), -ECHILD);
	assert_int_equal(worker_wait(&worker, 1), -ECHILD);
}

static void worker__that_was_reaped_already(void **state)
{
	struct worker worker = start(count_on);
	int number = 0;

	assert_int_equal(worker_send(&worker, &number, sizeof(number)), 0);
	assert_int_equal(waitpid(worker.process.pid, NULL, 0), worker.process.pid);
	assert_int_equal(worker_wait(&worker, LONG_MS), -ECHILD);
}

static void nothing(int signal)
{
}

/* A signal that the program notes must not wait until a worker has answered. */
static void worker__receive_ends_at_a_signal(void **state)
{
	struct sigaction old, note = { .sa_handler = nothing };
	struct worker worker = start(stay_silent);
	uint64_t begin = clock_ns();
	int number;

	sigaction(SIGALRM, &note, &old);
	ualarm(20000, 0);
	assert_int_equal(worker_receive(&worker, &number, sizeof(number), LONG_MS),
			 -EINTR);
	assert_true(clock_ns() - begin < NSEC_PER_SEC * LONG_MS / 1000);
	sigaction(SIGALRM, &old, NULL);
	assert_int_equal(worker_kill(&worker, LONG_MS), 0);
}

static void worker__without_a_free_descriptor(void **state)
{
	struct worker worker = { 0 };
	struct rlimit old, none;

	getrlimit(RLIMIT_NOFILE, &old);
	none = (struct rlimit){ (rlim_t)lowest_free_file(), old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(worker_start(&worker, count_on, NULL), -EMFILE);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(worker.process.pid, 0);
}

static int tell_what_it_has(int socket, void *arg)
{
	int of_parent = *(int *)arg, has[2];

	has[0] = fcntl(of_parent, F_GETFD) >= 0;
	has[1] = fcntl(socket, F_GETFD);
	return write(socket, has, sizeof(has)) < 0;
}

/* With the parent's end open in the worker, the parent's death would not end a read(). */
static void worker__has_its_own_end_only(void **state)
{
	struct worker worker = { 0 };
	int of_parent, has[2];

	of_parent = lowest_free_file(); /* where worker_start() puts it */
	assert_int_equal(worker_start(&worker, tell_what_it_has, &of_parent), 0);
	assert_int_equal(worker.socket, of_parent);
	assert_int_equal(lowest_free_file(), of_parent + 1);
	assert_int_equal(fcntl(worker.socket, F_GETFD), FD_CLOEXEC);
	assert_int_equal(worker_receive(&worker, has, sizeof(has), LONG_MS), 0);
	assert_false(has[0]);
	assert_int_equal(has[1], FD_CLOEXEC);
	assert_int_equal(worker_wait(&worker, LONG_MS), 0);
	assert_int_equal(lowest_free_file(), of_parent);
}

static int stop_at_a_request(int socket, void *arg)
{
	raise(SIGTERM);
	return 0;
}

/* The requests to end that its parent notes end the worker itself. */
static void worker__does_not_note_signals(void **state)
{
	struct sigaction old;
	struct worker worker;
	int status;

	sigaction(SIGTERM, NULL, &old);
	signal(SIGTERM, SIG_DFL); /* it may have been ignored from the start */
	signals_note();
	worker = start(stop_at_a_request);
	assert_int_equal(waitpid(worker.process.pid, &status, 0), worker.process.pid);
	signals_reset();
	sigaction(SIGTERM, &old, NULL);
	close(worker.socket);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(worker__that_cannot_be_started),
	cmocka_unit_test(worker__that_was_reaped_already),
	cmocka_unit_test(worker__receive_ends_at_a_signal),
	cmocka_unit_test(worker__without_a_free_descriptor),
	cmocka_unit_test(worker__has_its_own_end_only),
	cmocka_unit_test(worker__does_not_note_signals),
	cmocka_unit_test(worker__answers),
	cmocka_unit_test(worker__that_has_ended),
	cmocka_unit_test(worker__that_sends_something_else),
	cmocka_unit_test(worker__that_is_silent),
	cmocka_unit_test(worker__that_does_not_end),
	cmocka_unit_test(worker__dies_with_its_parent),
};

int main(void)
{
	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
