// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* leftovers.c - each kind of leftover is removed and counted */
#include "env/leftovers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* How many there are of each. */
static struct {
	unsigned int tracers, groups, settings, results;
} host;

unsigned int __wrap_tracefs_tidy(void);
unsigned int __wrap_cgroup_tidy(void);
unsigned int __wrap_vm_sysctl_tidy(void);
unsigned int __wrap_results_adopt(const char *directory);

unsigned int __wrap_tracefs_tidy(void)
{
	return host.tracers;
}

unsigned int __wrap_cgroup_tidy(void)
{
	return host.groups;
}

unsigned int __wrap_vm_sysctl_tidy(void)
{
	return host.settings;
}

unsigned int __wrap_results_adopt(const char *directory)
{
	assert_string_equal(directory, "out");
	return host.results;
}

static void prints(const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	leftovers_remove("out", out);
	fclose(out);
	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void leftovers__of_each_kind(void **state)
{
	host.tracers = 1;
	host.groups = 2;
	host.settings = 3;
	host.results = 4;
	prints("1 tracer instances removed\n2 control groups removed\n"
	       "3 sets of kernel settings restored\n4 result folders of killed runs "
	       "named\n");
	memset(&host, 0, sizeof(host));
	host.settings = 5;
	prints("5 sets of kernel settings restored\n");
}

static void leftovers__none(void **state)
{
	memset(&host, 0, sizeof(host));
	prints("nothing was left\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leftovers__of_each_kind),
		cmocka_unit_test(leftovers__none),
	};

	return cmocka_run_group_tests_name("leftovers", tests, NULL, NULL);
}
