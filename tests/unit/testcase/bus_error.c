// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bus_error.c - SIGBUS of a full filesystem is the host's, any other one is a crash */
#include "testcase/bus_error.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "testcase/test.h"

static bool full; /* a filesystem */

bool __wrap_shortage_of_space(const struct env *env, uint64_t of,
			      char why[SHORTAGE_TEXT]);
bool __wrap_shortage_of_space(const struct env *env, uint64_t of, char why[SHORTAGE_TEXT])
{
	strcpy(why, "pmem is full");
	return full;
}

/* As on a full filesystem: there is no page. */
static void touch_nothing(void)
{
	int fd = memfd_create("empty", MFD_CLOEXEC);
	volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	*page = 1;
}

static void send_it(void)
{
	raise(SIGBUS);
}

/*
 * The wait status of a process that judges bus errors, and then calls @crash. @said: what
 * it has reported.
 */
static int run(void (*crash)(void), char said[512])
{
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		struct env env = { 0 };
		struct test t = { .env = &env, .pipe = fds[1] };

		/* not that of a sanitizer, which exits; nor a core file */
		signal(SIGBUS, SIG_DFL);
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		test_judge_bus_errors(&t);
		crash();
		_exit(3);
	}
	close(fds[1]);
	n = read(fds[0], said, 511);
	said[n > 0 ? n : 0] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void judge__a_full_filesystem(void **state)
{
	char said[512];

	full = true;
	assert_int_equal(run(touch_nothing, said), 0);
	assert_string_equal(said, "{\"verdict\":\"ERROR\",\"why\":"
				  "\"crashed: Bus error: pmem is full\"}\n");
}

static void judge__a_crash(void **state)
{
	char said[512];

	full = false;
	assert_int_equal(WTERMSIG(run(touch_nothing, said)), SIGBUS);
	assert_string_equal(said, "");
}

/* Such as the kernel sends for memory that has failed. */
static void judge__another_reason(void **state)
{
	char said[512];

	full = true;
	assert_int_equal(WTERMSIG(run(send_it, said)), SIGBUS);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge__a_full_filesystem),
		cmocka_unit_test(judge__a_crash),
		cmocka_unit_test(judge__another_reason),
	};

	return cmocka_run_group_tests_name("bus_error", tests, NULL, NULL);
}
