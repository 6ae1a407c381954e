// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* limits.c - low limits are raised where they can be, and named where not */
#include "env/limits.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/units.h"
#include "base/util.h"
#include "capture.h"

static struct rlimit limits[RLIM_NLIMITS];
static unsigned int raised;

int __wrap_getrlimit64(int resource, struct rlimit *limit);
int __wrap_setrlimit64(int resource, const struct rlimit *limit);

int __wrap_getrlimit64(int resource, struct rlimit *limit)
{
	*limit = limits[resource];
	return 0;
}

int __wrap_setrlimit64(int resource, const struct rlimit *limit)
{
	assert_true(limit->rlim_cur <= limits[resource].rlim_max);
	assert_true(limit->rlim_max == limits[resource].rlim_max);
	limits[resource] = *limit;
	raised++;
	return 0;
}

static int unlimited(void **state)
{
	raised = 0;
	for (size_t i = 0; i < RLIM_NLIMITS; i++)
		limits[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	return 0;
}

static void high__is_left_alone(void **state)
{
	limits[RLIMIT_NOFILE].rlim_cur = limits[RLIMIT_NOFILE].rlim_max = 256;
	limits[RLIMIT_STACK].rlim_cur = MiB(1);
	limits[RLIMIT_AS].rlim_cur = limits[RLIMIT_AS].rlim_max = GiB(256);
	assert_int_equal(limits_raise(), 0);
	assert_int_equal(raised, 0);
}

static void low__is_raised(void **state)
{
	limits[RLIMIT_NOFILE] = (struct rlimit){ 16, 256 };
	limits[RLIMIT_STACK] = (struct rlimit){ KiB(64), RLIM_INFINITY };
	limits[RLIMIT_AS].rlim_cur = GiB(1);
	assert_int_equal(limits_raise(), 0);
	assert_int_equal(raised, 3);
	assert_int_equal(limits[RLIMIT_NOFILE].rlim_cur, 256);
	assert_int_equal(limits[RLIMIT_STACK].rlim_cur, MiB(1));
	assert_true(limits[RLIMIT_AS].rlim_cur == GiB(256));
}

static void refused(int resource, rlim_t most, const char *says)
{
	struct capture c;
	char text[256];
	int ret;

	unlimited(NULL);
	limits[resource] = (struct rlimit){ most, most };
	c = capture_start(stderr);
	ret = limits_raise();
	capture_end(&c, text, sizeof(text));
	assert_int_equal(ret, -ENOSR);
	if (!strstr(text, says) || strchr(text, '\n') != text + strlen(text) - 1)
		fail_msg("expected one line with \"%s\": %s", says, text);
}

static void low_for_good__is_named(void **state)
{
	refused(RLIMIT_NOFILE, 255,
		"255 open files are allowed to a process, and 256 are needed; raise the "
		"limit (ulimit -H -n)");
	refused(RLIMIT_STACK, KiB(64), "65536 bytes of stack are allowed");
	refused(RLIMIT_AS, MiB(20), "20971520 bytes of address space are allowed");
	assert_int_equal(raised, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(high__is_left_alone, unlimited),
		cmocka_unit_test_setup(low__is_raised, unlimited),
		cmocka_unit_test(low_for_good__is_named),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
