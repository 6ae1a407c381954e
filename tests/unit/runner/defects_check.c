// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* defects_check.c - entries that name no scenario, or all of them */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "runner/defects.h"
#include "testcase/registry.h"

SCENARIO("DP-01.read", "one", NEEDS(REGION))
{
}

SCENARIO("DP-01.write", "two", NEEDS(HAZARD))
{
}

SCENARIO("ERR-01", "three", NEEDS(REGION))
{
}

static int check(const char *scenario, const char *symptom, char text[256])
{
	struct defect known = { .name = "known", .reason = "so" };
	const struct defects defects = { &known, 1 };
	struct capture c = capture_start(stderr);
	int ret;

	snprintf(known.scenario, sizeof(known.scenario), "%s", scenario);
	snprintf(known.symptom, sizeof(known.symptom), "%s", symptom);
	ret = defects_check(&defects);
	capture_end(&c, text, 256);
	return ret;
}

static void check__accepts_what_can_match(void **state)
{
	static const char *const good[] = { "DP-01.read", "DP-01.write", "DP-*",
					    "ERR-01 DP-01.*", "ERR-0?\tDP-01.read" };
	char text[256];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(check(good[i], "", text), 0);
		assert_string_equal(text, "");
	}
	assert_int_equal(check("*", "wrong data", text), 0);
}

static void refused(const char *scenario, const char *says)
{
	char text[256];

	assert_int_equal(check(scenario, "", text), -EINVAL);
	if (!strstr(text, says) || strchr(text, '\n') != text + strlen(text) - 1)
		fail_msg("%s: expected one line with \"%s\": %s", scenario, says, text);
}

static void check__refuses_what_can_never_match(void **state)
{
	refused("NOPE-99", "known defect [known]: scenario = NOPE-99: there is none");
	refused("DP-01.read ERR-02", "scenario = ERR-02: there is none");
	refused("DP-01.read,ERR-01", "scenario = DP-01.read,ERR-01: there is none; ids "
				     "are separated by spaces");
}

static void check__refuses_what_matches_all(void **state)
{
	refused("*", "scenario = * without a symptom would expect every failure");
	refused("ERR-01 *-*", "scenario = *-* without a symptom");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check__accepts_what_can_match),
		cmocka_unit_test(check__refuses_what_can_never_match),
		cmocka_unit_test(check__refuses_what_matches_all),
	};

	return cmocka_run_group_tests_name("defects_check", tests, NULL, NULL);
}
