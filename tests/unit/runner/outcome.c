// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* outcome.c - how many expectations were proven, and by which witness */
#include "runner/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNTED(judgement, names, counted)                          \
	"{\"judgement\": \"" judgement "\", \"proven_by\": [" names \
	"], \"counted\": " counted "}"
#define WATCH(judgement, names) COUNTED(judgement, names, "true")

static struct outcome with(const char *watches)
{
	struct outcome outcome = { .watches = json_tokener_parse(watches) };

	assert_non_null(outcome.watches);
	return outcome;
}

static void proof(const char *watches, unsigned int proven, unsigned int expected)
{
	struct outcome outcome = with(watches);
	struct proof proof = outcome_proof(&outcome);

	assert_int_equal(proof.proven, proven);
	assert_int_equal(proof.expected, expected);
	outcome_free(&outcome);
}

static void proof__nothing_was_expected(void **state)
{
	struct outcome outcome = { 0 };

	proof("[]", 0, 0);
	assert_int_equal(outcome_proof(&outcome).expected, 0);
}

static void proof__only_what_is_proven(void **state)
{
	proof("[" WATCH("proven", "\"trace\"") "]", 1, 1);
	proof("[" WATCH("unproven", "") "]", 0, 1);
	proof("[" WATCH("proven", "\"trace\"") "," WATCH("refuted", "") "," WATCH(
		      "contradiction", "") "]",
	      1, 3);
}

/* Residency shows that pages were faulted in, and not how often. */
static void proof__is_weak_where_faults_were_seen_and_not_counted(void **state)
{
	struct outcome outcome =
		with("[" COUNTED("proven", "\"residency\"", "false") "," WATCH(
			"proven", "\"trace\"") "," COUNTED("unproven", "", "false") "]");
	struct proof proof = outcome_proof(&outcome);
	char text[PROOF_TEXT];

	assert_int_equal(proof.proven, 2);
	assert_int_equal(proof.weak, 1);
	assert_string_equal(proof_text(proof, text),
			    "2 of 3 expectations proven, 1 of them weakly");
	proof.weak = 0;
	assert_string_equal(proof_text(proof, text), "2 of 3 expectations proven");
	outcome_free(&outcome);
}

static void witnesses__each_is_counted(void **state)
{
	struct outcome outcome = with("[" WATCH("proven", "\"trace\"") "," WATCH(
		"proven", "\"trace\", \"residency\"") "," WATCH("refuted", "") "]");
	struct json_object *counts = json_object_new_object();

	outcome_count_witnesses(&outcome, counts);
	assert_string_equal(json_object_to_json_string_ext(counts, 0),
			    "{\"trace\":2,\"residency\":1}");
	json_object_put(counts);
	outcome_free(&outcome);
}

static void free__twice(void **state)
{
	struct outcome outcome = { .watches = json_object_new_array(),
				   .notes = json_object_new_array() };

	outcome_free(&outcome);
	assert_null(outcome.watches);
	assert_null(outcome.notes);
	outcome_free(&outcome);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(proof__nothing_was_expected),
	cmocka_unit_test(proof__only_what_is_proven),
	cmocka_unit_test(proof__is_weak_where_faults_were_seen_and_not_counted),
	cmocka_unit_test(witnesses__each_is_counted),
	cmocka_unit_test(free__twice),
};

int main(void)
{
	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
