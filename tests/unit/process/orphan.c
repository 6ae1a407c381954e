// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* orphan.c - files of processes that have ended, of one that has not, and of none */
#include "process/orphan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test-orphan-XXXXXX";

static void file_of(const char *name, int pid, char path[128])
{
	snprintf(path, 128, "%s/%s-%d", folder, name, pid);
}

static void make(const char *name, int pid)
{
	char path[128];
	FILE *file;

	file_of(name, pid, path);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
}

static bool is_there(const char *name, int pid)
{
	char path[128];

	file_of(name, pid, path);
	return !access(path, F_OK);
}

/* The number of a process that has ended, and been waited for. */
static pid_t ended(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return pid;
}

static void remove_it(const char *path)
{
	assert_int_equal(unlink(path), 0);
}

static void orphans__are_those_of_ended_processes(void **state)
{
	pid_t first = ended(), second = ended();
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "%s/x-*", folder);
	make("x", first);
	make("x", second);
	make("x", getpid());
	make("x", 0);
	make("other", first);
	assert_int_equal(orphans_remove(pattern, remove_it), 2);
	assert_false(is_there("x", first));
	assert_false(is_there("x", second));
	assert_true(is_there("x", getpid()));
	assert_true(is_there("x", 0));
	assert_true(is_there("other", first));
	assert_int_equal(orphans_remove(pattern, remove_it), 0);
}

static void orphans__none_where_nothing_matches(void **state)
{
	assert_int_equal(orphans_remove("/none/x-*", remove_it), 0);
}

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orphans__are_those_of_ended_processes),
		cmocka_unit_test(orphans__none_where_nothing_matches),
	};

	return cmocka_run_group_tests_name("orphan", tests, make_folder, remove_folder);
}
