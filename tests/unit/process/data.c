// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data.c - data files are found from where the program is, wherever that is */
#include "process/data.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static ssize_t program_length; /* of its path; -1: it cannot be read */
static const char *program;

ssize_t __wrap_readlink(const char *path, char *text, size_t size);
ssize_t __wrap_readlink(const char *path, char *text, size_t size)
{
	assert_string_equal(path, "/proc/self/exe");
	errno = EACCES;
	if (program_length > 0)
		memcpy(text, program, (size_t)program_length);
	return program_length;
}

static void program_is(const char *path)
{
	program = path;
	program_length = (ssize_t)strlen(path);
}

static char folder[] = "/tmp/test-data-XXXXXX";

static int make_data(void **state)
{
	char command[128];

	if (!mkdtemp(folder))
		return -1;
	snprintf(command, sizeof(command),
		 "cd %s && mkdir -p bin share/odplab && touch share/odplab/x", folder);
	return system(command);
}

static int remove_data(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void data__beside_the_program(void **state)
{
	char exe[64], path[PATH_MAX], expected[128];

	snprintf(exe, sizeof(exe), "%s/bin/program", folder);
	program_is(exe);
	snprintf(expected, sizeof(expected), "%s/bin/../share/odplab/x", folder);
	assert_ptr_equal(data_path("x", path), path);
	assert_string_equal(path, expected);
	assert_null(data_path("y", path));
}

static void data__of_a_program_of_which_nothing_is_known(void **state)
{
	char path[PATH_MAX];

	program_length = -1;
	assert_null(data_path("x", path));
	program_is("program");
	assert_null(data_path("x", path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data__beside_the_program),
		cmocka_unit_test(data__of_a_program_of_which_nothing_is_known),
	};

	return cmocka_run_group_tests_name("data", tests, make_data, remove_data);
}
