// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* outcome.c - the column "faults proven": how many expectations, and by whom */
#include "runner/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WATCH(judgement, names) \
	"{\"judgement\": \"" judgement "\", \"proven_by\": [" names "]}"

static void proof(const char *watches, const char *expected)
{
	struct outcome outcome = { .watches = json_tokener_parse(watches) };
	char text[OUTCOME_PROOF];

	assert_non_null(outcome.watches);
	assert_string_equal(outcome_proof(&outcome, text), expected);
	outcome_free(&outcome);
}

static void proof__nothing_was_expected(void **state)
{
	struct outcome outcome = { 0 };
	char text[OUTCOME_PROOF];

	proof("[]", "-");
	assert_string_equal(outcome_proof(&outcome, text), "-");
}

static void proof__names_each_witness_once(void **state)
{
	proof("[" WATCH("proven", "\"trace\"") "]", "1 of 1: trace");
	proof("[" WATCH("proven", "\"trace\"") "," WATCH("proven",
							 "\"trace\", \"residency\"") "]",
	      "2 of 2: trace, residency");
}

static void proof__only_what_is_proven(void **state)
{
	proof("[" WATCH("unproven", "") "]", "0 of 1");
	proof("[" WATCH("proven", "\"trace\"") "," WATCH("refuted", "") "]",
	      "1 of 2: trace");
}

static void proof__many_witnesses_are_cut(void **state)
{
	struct outcome outcome = { .watches = json_object_new_array() };
	char text[OUTCOME_PROOF];

	for (int i = 0; i < 20; i++) {
		char watch[256];

		snprintf(watch, sizeof(watch), WATCH("proven", "\"witness-%d\""), i);
		json_object_array_add(outcome.watches, json_tokener_parse(watch));
	}
	outcome_proof(&outcome, text);
	assert_true(strlen(text) < OUTCOME_PROOF);
	assert_int_equal(strncmp(text, "20 of 20: witness-0, witness-1", 30), 0);
	outcome_free(&outcome);
}

static void free__twice(void **state)
{
	struct outcome outcome = { .watches = json_object_new_array(),
				   .notes = json_object_new_array() };

	outcome_free(&outcome);
	outcome_free(&outcome);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(proof__nothing_was_expected),
	cmocka_unit_test(proof__names_each_witness_once),
	cmocka_unit_test(proof__only_what_is_proven),
	cmocka_unit_test(proof__many_witnesses_are_cut),
	cmocka_unit_test(free__twice),
};

int main(void)
{
	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
