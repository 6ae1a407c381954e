// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* signals.c - signals that are noted, that end the process, and that stay ignored */
#include "process/signals.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/util.h"

/* What each process below ends with: a step that went as expected. */
#define EXPECTED 7

static const int requests[] = { SIGINT, SIGTERM, SIGHUP };

/*
 * Runs @main in a process of its own, in which no signal is ignored: a shell starts what
 * runs in the background so. Returns its status, as of wait().
 */
static int status_of(int (*main)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
			signal(requests[i], SIG_DFL);
		_exit(main());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void hide(int signal)
{
	_exit(1);
}

static int note_each(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		/* as a library's constructor does */
		signal(requests[i], hide);
		signals_note();
		raise(requests[i]);
		if (signals_noted() != requests[i])
			return 1;
	}
	return EXPECTED;
}

static void signals__are_noted(void **state)
{
	int status = status_of(note_each);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXPECTED);
	assert_int_equal(signals_noted(), 0);
}

static int second;

static int be_asked_twice(void)
{
	signals_note();
	raise(SIGTERM);
	raise(second);
	return EXPECTED;
}

static void second_signal__ends_the_process(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		int status;

		second = requests[i];
		status = status_of(be_asked_twice);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), second);
	}
}

static int ignore_hangup(void)
{
	signal(SIGHUP, SIG_IGN);
	signals_note();
	raise(SIGHUP);
	return signals_noted() ? 1 : EXPECTED;
}

static void ignored_signal__stays_ignored(void **state)
{
	assert_int_equal(WEXITSTATUS(status_of(ignore_hangup)), EXPECTED);
}

static int write_without_reader(void)
{
	int ends[2];

	if (pipe(ends))
		return 1;
	close(ends[0]);
	return write(ends[1], "", 1) == -1 && errno == EPIPE ? EXPECTED : 1;
}

static int note_and_write(void)
{
	signals_note();
	return write_without_reader();
}

static int reset_and_write(void)
{
	signals_note();
	signals_reset();
	return write_without_reader();
}

static void broken_pipe__is_an_error_of_write(void **state)
{
	assert_int_equal(WEXITSTATUS(status_of(note_and_write)), EXPECTED);
}

static void reset__lets_a_broken_pipe_end_the_process(void **state)
{
	int status = status_of(reset_and_write);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGPIPE);
}

static int reset_and_interrupt(void)
{
	signals_note();
	signals_reset();
	raise(second);
	return EXPECTED;
}

static void reset__lets_a_signal_end_the_process(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		int status;

		second = requests[i];
		status = status_of(reset_and_interrupt);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), second);
	}
}

static int crash;

static int crash_caught(void)
{
	signal(crash, hide);
	signals_note();
	raise(crash);
	return EXPECTED;
}

static void crash__is_not_hidden_by_a_handler(void **state)
{
	static const int crashes[] = { SIGABRT,
#ifndef __SANITIZE_ADDRESS__ /* which has handlers of its own */
				       SIGSEGV, SIGBUS, SIGILL, SIGFPE
#endif
	};

	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++) {
		int status;

		crash = crashes[i];
		status = status_of(crash_caught);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), crash);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals__are_noted),
		cmocka_unit_test(second_signal__ends_the_process),
		cmocka_unit_test(ignored_signal__stays_ignored),
		cmocka_unit_test(broken_pipe__is_an_error_of_write),
		cmocka_unit_test(reset__lets_a_broken_pipe_end_the_process),
		cmocka_unit_test(reset__lets_a_signal_end_the_process),
		cmocka_unit_test(crash__is_not_hidden_by_a_handler),
	};

	return cmocka_run_group_tests_name("signals", tests, NULL, NULL);
}
