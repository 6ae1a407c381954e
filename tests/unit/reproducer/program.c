// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* program.c - the programs of scenarios that ran on fake sides */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "fake_side.h"
#include "reproducer/reproducer.h"
#include "runner/isolate.h"
#include "testcase/registry.h"

#define DEADLINE_NS (20 * NSEC_PER_SEC)

static struct outcome run(const char *id, enum sabotage sabotage)
{
	char *globs[] = { (char *)(uintptr_t)id };
	struct kernel_log no_log = { -1 };
	const struct scenario **scenarios;
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	env.config.reproducer = true;
	env.sabotage = sabotage;
	assert_int_equal(registry_select(&scenarios, globs, 1), 1);
	isolate_run(&env.env, scenarios[0], DEADLINE_NS, &no_log, &outcome);
	free(scenarios);
	return outcome;
}

/* Has the program, or why there is none, these words? */
static void expect(const char *id, enum sabotage sabotage, const char *words)
{
	struct outcome outcome = run(id, sabotage);
	const char *text = outcome.reproducer ? outcome.reproducer :
						outcome.no_reproducer;

	if (!text || !strstr(text, words))
		fail_msg("%s: %s: no \"%s\" in: %s", id, outcome.why, words,
			 text ? text : "nothing");
	outcome_free(&outcome);
}

/* Without a warning; and without a device it ends with 77. */
static void expect_compiles(const char *id)
{
	struct outcome outcome = run(id, FAITHFUL);
	int status;
	FILE *gcc;

	if (!outcome.reproducer)
		fail_msg("%s: %s", id, outcome.no_reproducer);
	gcc = popen("gcc -Wall -Wextra -Werror -x c -o repro - -libverbs", "w");
	assert_non_null(gcc);
	fputs(outcome.reproducer, gcc);
	if (pclose(gcc))
		fail_msg("%s does not compile:\n%s", id, outcome.reproducer);
	status = system("./repro no-such-device >/dev/null");
	assert_int_equal(WEXITSTATUS(status), 77);
	outcome_free(&outcome);
}

/* Those that need all parts of programs, most of them several. */
static void program__compiles(void **state)
{
	static const char *const ids[] = {
		"DAX-07.punch",		"ERR-01.unmapped-atomic",
		"DP-03.send-imm",	"DP-08.scatter",
		"DP-14.type-2",		"DP-14.type-1",
		"ERR-01.unmapped-read", "IMP-01",
		"INV-05.child",		"INV-05.large",
		"PF-01.cold-read",	"REG-06.wrap",
	};

	if (system("gcc --version >/dev/null 2>&1")) {
		print_message("there is no gcc\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		expect_compiles(ids[i]);
}

static void program__says_what_it_is_of(void **state)
{
	expect("DAX-07.punch", FAITHFUL, " * DAX-07.punch: a punched hole reads zeros");
	expect("DAX-07.punch", FAITHFUL,
	       "device fake0 (rxe),\n * which ended with PASS.");
	expect("DAX-07.punch", PUNCH_NOTHING, "which ended with FAIL: wrong data: ");
}

/* What the scenario expects, not what the run saw. */
static void program__expects(void **state)
{
	/* data, and no more after it */
	expect("DAX-07.punch", PUNCH_NOTHING,
	       "\tcheck(own0.addr + 4096, 16384, SALT1, ZEROS, 16384);\n"
	       "\tputs(\"all is as it should be\");\n");
	/* statuses */
	expect("DP-01.write", COMPLETION_WITH_OTHER_STATUS,
	       "&peer0, 0, IBV_WC_SUCCESS);\n");
	expect("DP-14.outside-2", WINDOW_STAYS_OPEN, "IBV_WC_REM_ACCESS_ERR);\n");
	/* what a receive reports */
	expect("DP-03.send-imm", IMMEDIATE_OTHER, "IBV_WC_WITH_IMM, 487430782);\n");
	/* errnos */
	expect("REG-02", DAX_CAN_BE_PINNED, "READ_WRITE), 95);\n");
}

static void program__is_not_written(void **state)
{
	expect("INV-01.anon", FAITHFUL, "the request STORM_BEGIN is not known to it");
	expect("DP-01.srq", FAITHFUL, "queue pairs other than plain ones of type RC");
	expect("DP-05.at-0", FAITHFUL, "it would have ");
	expect("DAX-03", WITNESSES_SAY_TOO_MANY,
	       "what failed is nothing that it can check");
}

/* Of each eighth scenario, how many at least; fewer shows here. */
#define STEP	8
#define WRITTEN 25

static void program__of_most_scenarios(void **state)
{
	const struct scenario **scenarios;
	int n = registry_select(&scenarios, NULL, 0);
	unsigned int written = 0;

	for (int i = 0; i < n; i += STEP) {
		struct outcome outcome = run(scenarios[i]->id, FAITHFUL);

		written += outcome.reproducer != NULL;
		if (outcome.verdict == VERDICT_PASS)
			assert_true(outcome.reproducer || outcome.no_reproducer[0]);
		outcome_free(&outcome);
	}
	free(scenarios);
	print_message("%u of %d\n", written, n / STEP);
	assert_true(written >= WRITTEN);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(program__compiles),
	cmocka_unit_test(program__says_what_it_is_of),
	cmocka_unit_test(program__expects),
	cmocka_unit_test(program__is_not_written),
	cmocka_unit_test(program__of_most_scenarios),
};

int main(void)
{
	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
