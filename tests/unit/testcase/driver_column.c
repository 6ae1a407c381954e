// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * driver_column.c - each driver is held to its own column, and a driver without one to
 * none
 */
#include "testcase/driver_column.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fake_side.h"
#include "runner/isolate.h"
#include "scenario/scenario.h"

#define ANY NEEDS(ODP)

/* What the scenarios find; they inherit it as they are forked. */
static struct {
	enum op_status status;
	int error;
	struct per_driver due;
	struct errno_per_driver error_due;
	struct faults_per_driver faults_due;
} given;

SCENARIO("C-status", "", ANY)
{
	expect_status(t, given.status, &given.due);
}

SCENARIO("C-errno", "", ANY)
{
	expect_errno_here(t, given.error, &given.error_due);
}

SCENARIO("C-faults", "", ANY)
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);

	expect_faults_here(t, memory, &given.faults_due)
		rdma_write(t, memory, 0, 3 * PAGE_BYTES, GENERATION(1));
}

static struct outcome run(const char *driver, const char *id)
{
	char *glob = (char *)(uintptr_t)id;
	const struct scenario **scenarios;
	struct kernel_log no_log = { -1 };
	struct outcome outcome;
	struct fake_env env;

	fake_env_init(&env);
	snprintf(env.env.device.driver, sizeof(env.env.device.driver), "%s", driver);
	assert_int_equal(registry_select(&scenarios, &glob, 1), 1);
	isolate_run(&env.env, scenarios[0], 10 * NSEC_PER_SEC, &no_log, &outcome);
	free(scenarios);
	return outcome;
}

/* @why: a part of the reason */
static void verdict_is(const char *driver, const char *id, enum verdict verdict,
		       const char *why)
{
	struct outcome outcome = run(driver, id);

	if (outcome.verdict != verdict || !strstr(outcome.why, why))
		fail_msg("%s on %s: %s: %s; expected %s: %s", id, driver,
			 verdict_name(outcome.verdict), outcome.why,
			 verdict_name(verdict), why);
	outcome_free(&outcome);
}

static void status__each_driver_has_its_column(void **state)
{
	given.due = (struct per_driver){ .rxe = OP_SUCCESS,
					 .mlx5 = OP_REM_ACCESS_ERR,
					 .reason = "they differ" };
	given.status = OP_SUCCESS;
	verdict_is("rxe", "C-status", VERDICT_PASS, "");
	verdict_is("mlx5", "C-status", VERDICT_FAIL,
		   "completed with SUCCESS, expected REM_ACCESS_ERR");
	given.status = OP_REM_ACCESS_ERR;
	verdict_is("rxe", "C-status", VERDICT_FAIL, "expected SUCCESS");
	verdict_is("mlx5", "C-status", VERDICT_PASS, "");
}

static void noted(const char *id)
{
	struct outcome outcome = run("mlx5", id);

	assert_int_equal(json_object_array_length(outcome.notes), 1);
	assert_string_equal(
		json_object_get_string(json_object_array_get_idx(outcome.notes, 0)),
		"because");
	outcome_free(&outcome);
}

static void reason__is_noted(void **state)
{
	given.due = (struct per_driver){ .reason = "because" };
	given.status = OP_SUCCESS;
	noted("C-status");
	given.error_due = (struct errno_per_driver){ .rxe = EINVAL,
						     .mlx5 = EINVAL,
						     .reason = "because" };
	given.error = EINVAL;
	noted("C-errno");
	given.faults_due = (struct faults_per_driver){ .rxe = EXACTLY(3),
						       .mlx5 = EXACTLY(3),
						       .reason = "because" };
	noted("C-faults");
}

static void status__without_a_column(void **state)
{
	/* what differs is UNPROVEN, whatever came, and the reason has what came */
	given.due = (struct per_driver){ .rxe = OP_SUCCESS,
					 .mlx5 = OP_REM_ACCESS_ERR,
					 .reason = "they differ" };
	given.status = OP_SUCCESS;
	verdict_is(
		"irdma", "C-status", VERDICT_UNPROVEN,
		"the driver irdma has no column (docs/add-a-driver.md); seen: SUCCESS");
	given.status = OP_REM_ACCESS_ERR;
	verdict_is("irdma", "C-status", VERDICT_UNPROVEN, "seen: REM_ACCESS_ERR");
	/* what all drivers on file do holds for any other */
	given.due = (struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR);
	verdict_is("irdma", "C-status", VERDICT_PASS, "");
	given.status = OP_SUCCESS;
	verdict_is("irdma", "C-status", VERDICT_FAIL, "expected REM_ACCESS_ERR");
}

static void errno__with_and_without_a_column(void **state)
{
	given.error_due = (struct errno_per_driver){ .rxe = EINVAL,
						     .mlx5 = 0,
						     .reason = "they differ" };
	given.error = EINVAL;
	verdict_is("rxe", "C-errno", VERDICT_PASS, "");
	verdict_is("mlx5", "C-errno", VERDICT_FAIL, "expected success (0)");
	verdict_is("efa", "C-errno", VERDICT_UNPROVEN, "seen: Invalid argument");
	given.error_due = (struct errno_per_driver)EVERY_DRIVER(EINVAL);
	verdict_is("efa", "C-errno", VERDICT_PASS, "");
	given.error = 0;
	verdict_is("efa", "C-errno", VERDICT_FAIL, "expected Invalid argument");
}

static void faults__with_and_without_a_column(void **state)
{
	given.faults_due =
		(struct faults_per_driver){ .rxe = EXACTLY(3), .mlx5 = EXACTLY(5) };
	verdict_is("rxe", "C-faults", VERDICT_PASS, "");
	verdict_is("mlx5", "C-faults", VERDICT_FAIL,
		   "expected exactly 5, device counted exactly 3");
	/* ANYTHING is expected, and the verdict says that this proves nothing */
	verdict_is("siw", "C-faults", VERDICT_UNPROVEN,
		   "differ in page faults here, and the driver siw has no column "
		   "(docs/add-a-driver.md); seen: exactly 3");
	given.faults_due = (struct faults_per_driver){ .rxe = AT_LEAST(0), .mlx5 = NONE };
	verdict_is("siw", "C-faults", VERDICT_UNPROVEN, "differ in page faults");
	given.faults_due = (struct faults_per_driver)EVERY_DRIVER(EXACTLY(3));
	verdict_is("siw", "C-faults", VERDICT_PASS, "");
	given.faults_due = (struct faults_per_driver)EVERY_DRIVER(EXACTLY(4));
	verdict_is("siw", "C-faults", VERDICT_FAIL, "expected exactly 4");
}

/* @value: as C has it; NULL: nothing is to be learned */
static void learned(const char *driver, const char *id, const char *value)
{
	struct outcome outcome = run(driver, id);
	struct json_object *column = json_object_array_get_idx(outcome.columns, 0);

	assert_int_equal(json_object_array_length(outcome.columns), !!value);
	if (value)
		assert_string_equal(
			json_object_get_string(json_object_object_get(column, "seen")),
			value);
	outcome_free(&outcome);
}

/* By the drivers that have a column, too: theirs may have changed. */
static void column__says_what_was_seen(void **state)
{
	static const char *const any[] = { "rxe", "mlx5", "irdma" };

	given.due = (struct per_driver){ .rxe = OP_SUCCESS, .mlx5 = OP_REM_ACCESS_ERR };
	given.status = OP_FLUSH_ERR;
	given.error_due = (struct errno_per_driver){ .rxe = EINVAL, .mlx5 = 0 };
	given.faults_due = (struct faults_per_driver){ .rxe = NONE, .mlx5 = AT_LEAST(7) };
	for (size_t i = 0; i < ARRAY_SIZE(any); i++) {
		learned(any[i], "C-status", "OP_FLUSH_ERR");
		given.error = EPERM;
		learned(any[i], "C-errno", "EPERM");
		given.error = 0;
		learned(any[i], "C-errno", "0");
		learned(any[i], "C-faults", "{ 3, 3 }");
	}
}

static void column__where_all_agree_has_nothing_to_say(void **state)
{
	given.due = (struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR);
	given.status = OP_SUCCESS;
	learned("irdma", "C-status", NULL);
	given.error_due = (struct errno_per_driver)EVERY_DRIVER(EINVAL);
	given.error = EINVAL;
	learned("irdma", "C-errno", NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(status__each_driver_has_its_column),
	cmocka_unit_test(reason__is_noted),
	cmocka_unit_test(status__without_a_column),
	cmocka_unit_test(errno__with_and_without_a_column),
	cmocka_unit_test(faults__with_and_without_a_column),
	cmocka_unit_test(column__says_what_was_seen),
	cmocka_unit_test(column__where_all_agree_has_nothing_to_say),
};

int main(void)
{
	return cmocka_run_group_tests_name("driver_column", tests, NULL, NULL);
}
