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
		  "memory: 128 MiB, disk: 16 MiB for results\n");
	config.repeat = 1;
	env.config.long_run = true;
	PRINT(&plain);
	has(text, "at most 121 min\n");
}

static uint64_t room[REGION_KINDS]; /* free, in bytes */

bool __wrap_room_for(const struct env *of, enum region_kind kind, uint64_t bytes,
		     uint64_t memory, char *why, size_t size);
bool __wrap_room_for(const struct env *of, enum region_kind kind, uint64_t bytes,
		     uint64_t memory, char *why, size_t size)
{
	assert_ptr_equal(of, &env.env);
	assert_int_equal(memory, 0);
	snprintf(why, size, "needs %zuM of %s", (size_t)(bytes / MiB(1)),
		 region_kind_names[kind]);
	return bytes <= room[kind];
}

static int give_room(void **state)
{
	for (unsigned int kind = 0; kind < REGION_KINDS; kind++)
		room[kind] = kind == REGION_ANON ? MiB(128) : MiB(65);
	return give_env(state);
}

/* What plan_warn() says of four scenarios; @text: empty where it says nothing. */
static void warn(char *text, size_t size)
{
	static const struct scenario dax = { .id = "P-5", .needs = NEEDS(FSDAX) },
				     any = { .id = "P-6", .needs = NEEDS(REGION) },
				     file = { .id = "P-7", .needs = NEEDS(FILE) };
	static const struct scenario *const list[] = { &plain, &dax, &any, &file };
	struct capture c = capture_start(stderr);

	plan_warn(&env.env, list, ARRAY_SIZE(list));
	capture_end(&c, text, size);
}

static void room__enough(void **state)
{
	char text[1024];

	env.config.kind = REGION_FSDAX;
	warn(text, sizeof(text));
	assert_string_equal(text, "");
}

static void room__too_little_for_those_that_use_it(void **state)
{
	char text[1024];

	env.config.kind = REGION_FSDAX;
	room[REGION_FSDAX]--;
	warn(text, sizeof(text));
	has(text,
	    "warning: a scenario needs 65M of fsdax; free more, or P-5, P-6 may end "
	    "with ERROR\n");
	assert_null(strstr(text, "P-7"));
	env.config.kind = REGION_FILE;
	room[REGION_FILE]--;
	warn(text, sizeof(text));
	has(text, "65M of fsdax; free more, or P-5 may");
	has(text, "65M of file; free more, or P-6, P-7 may");
	/* it cannot run here */
	env.env.place[REGION_FILE] = NULL;
	warn(text, sizeof(text));
	assert_null(strstr(text, "P-7"));
}

static void room__too_little_memory(void **state)
{
	char text[1024];

	env.config.kind = REGION_TMPFS;
	room[REGION_ANON]--;
	warn(text, sizeof(text));
	has(text, "needs 128M of anon; free more, or P-1, P-5, P-6, P-7 may");
	room[REGION_TMPFS]--;
	warn(text, sizeof(text));
	has(text, "needs 65M of tmpfs; free more, or P-6 may");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(room__enough, give_room),
	cmocka_unit_test_setup(room__too_little_for_those_that_use_it, give_room),
	cmocka_unit_test_setup(room__too_little_memory, give_room),
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
