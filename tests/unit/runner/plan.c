// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* plan.c - what is said of a run before it begins */
#include "runner/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "capture.h"
#include "fake_side.h"
#include "invalidation/host_features.h"
#include "runner/run.h"
#include "testcase/registry.h"

static const struct scenario plain = { .id = "P-1", .needs = NEEDS(RC_WRITE) },
			     merging = { .id = "P-2", .needs = NEEDS(MERGING) },
			     devdax = { .id = "P-3", .needs = NEEDS(DEVDAX, RC_WRITE) },
			     both = { .id = "P-4", .needs = NEEDS(DEVDAX, MERGING) };

static uid_t user;

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return user;
}

static struct fake_env env;
static struct run_config config;

static int give_env(void **state)
{
	fake_env_init(&env);
	env.env.host_features = 0;
	config = (struct run_config){ .deadline_ns = 60 * NSEC_PER_SEC, .repeat = 1 };
	user = 0;
	return 0;
}

/* @list ends with NULL. */
static void print(const struct scenario *const *list, char *text, size_t size)
{
	struct capture c = capture_start(stdout);
	size_t n = 0;

	while (list[n])
		n++;
	plan_print(&env.env, &config, list, n, stdout);
	capture_end(&c, text, size);
}
#define PRINT(...) \
	print((const struct scenario *const[]){ __VA_ARGS__, NULL }, text, sizeof(text))

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void changes__none(void **state)
{
	char text[4096];

	PRINT(&plain, &merging);
	has(text, "1 scenarios can run on fake0, 1 cannot\n"
		  "changes of this host: none\n");
	assert_null(strstr(text, "KSM"));
}

static void changes__of_scenarios_that_can_run(void **state)
{
	char text[4096];

	env.env.host_features = 1ull << HOST_MERGING;
	env.env.place[REGION_DEVDAX] = NULL;
	PRINT(&plain, &merging, &devdax, &both);
	has(text, "2 scenarios can run on fake0, 2 cannot\n"
		  "changes of this host:\n  change");
	has(text, "KSM runs for all processes");
	has(text, "P-2\n");
	assert_null(strstr(text, "DAX device"));
	env.env.place[REGION_DEVDAX] = "/dev/dax7.0";
	PRINT(&plain, &merging, &devdax, &both);
	has(text, "P-2, P-4\n");
	has(text, "the content of the DAX device is overwritten");
	has(text, "P-3, P-4\n");
	has(text, "DAX device: /dev/dax7.0\n");
}

static void changes__by_many(void **state)
{
	char text[4096];

	env.env.place[REGION_DEVDAX] = "/dev/dax7.0";
	PRINT(&devdax, &devdax, &devdax, &devdax);
	has(text, "P-3, P-3, P-3, P-3\n");
	PRINT(&devdax, &devdax, &devdax, &devdax, &devdax, &devdax);
	has(text, "it is lost  P-3, P-3, P-3, P-3 and 2 more\n");
}

static void traces__as_root(void **state)
{
	char text[4096];

	PRINT(&plain);
	has(text, "\nprobes: ");
	has(text, "\nkernel log: ");
	env.env.device.cpu_faults = true;
	PRINT(&plain);
	assert_null(strstr(text, "probes"));
	user = 1000;
	env.env.device.cpu_faults = false;
	PRINT(&plain);
	assert_null(strstr(text, "probes"));
	assert_null(strstr(text, "kernel log"));
}

/* Of the scenarios that can run, as often as they do. */
static void time__of_a_run(void **state)
{
	char text[4096];

	PRINT(&plain, &plain, &merging);
	has(text, "time: 1 min where all is well, at most 3 min\n");
	config.repeat = 100;
	PRINT(&plain, &plain, &merging);
	has(text, "time: 2 min where all is well, at most 201 min\n");
	config.repeat = 120;
	PRINT(&plain, &plain, &merging);
	has(text, "time: 3 min where all is well, at most 241 min\n"
		  "memory: 128 MiB, disk: 64 MiB for results\n");
	config.repeat = 1;
	env.config.long_run = true;
	PRINT(&plain);
	has(text, "at most 121 min\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(changes__none, give_env),
	cmocka_unit_test_setup(changes__of_scenarios_that_can_run, give_env),
	cmocka_unit_test_setup(changes__by_many, give_env),
	cmocka_unit_test_setup(traces__as_root, give_env),
	cmocka_unit_test_setup(time__of_a_run, give_env),
};

int main(void)
{
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
