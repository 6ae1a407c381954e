// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judge.c - what observations make of an expectation */
#include "evidence/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

#define SEES(name, pages_)   \
	{ .witness = name,   \
	  .available = true, \
	  .pages = pages_,   \
	  .detail = "as " name " has it" }
#define ALONG(name, pages_, along_) \
	{ .witness = name,          \
	  .available = true,        \
	  .pages = pages_,          \
	  .along = along_,          \
	  .detail = "as " name " has it" }
#define SOME(name, pages_)   \
	{ .witness = name,   \
	  .available = true, \
	  .pages = pages_,   \
	  .some = true,      \
	  .detail = "as " name " has it" }
#define UNAVAILABLE(name) \
	{ .witness = name, .pages = ANYTHING, .detail = "not available" }

struct row {
	struct bounds expected;
	struct observation seen[3];
	unsigned int n;
	enum judgement judgement;
	const char *why;
};

static const struct row rows[] = {
	/* proven by a witness that knows the number */
	{ EXACTLY(1), { SEES("a", EXACTLY(1)) }, 1, JUDGED_PROVEN, "a: as a has it" },
	{ NONE, { SEES("a", NONE) }, 1, JUDGED_PROVEN, "a: " },
	{ AT_LEAST(1), { SEES("a", EXACTLY(7)) }, 1, JUDGED_PROVEN, "a: " },
	{ BETWEEN(1, 2), { SEES("a", EXACTLY(2)) }, 1, JUDGED_PROVEN, "a: " },
	/* the first of those that know it is named */
	{ EXACTLY(1),
	  { SEES("a", EXACTLY(1)), SEES("b", EXACTLY(1)) },
	  2,
	  JUDGED_PROVEN,
	  "a: " },
	/* ... though others do not know it */
	{ EXACTLY(2),
	  { SEES("a", ANYTHING), SEES("b", AT_LEAST(1)), SEES("c", EXACTLY(2)) },
	  3,
	  JUDGED_PROVEN,
	  "c: " },
	{ EXACTLY(1),
	  { UNAVAILABLE("a"), SEES("b", EXACTLY(1)) },
	  2,
	  JUDGED_PROVEN,
	  "b: " },
	/* proven in the weaker form: at least one where one must be */
	{ EXACTLY(4), { SEES("a", AT_LEAST(1)) }, 1, JUDGED_PROVEN, "a: " },
	{ AT_LEAST(2), { SEES("a", AT_LEAST(1)) }, 1, JUDGED_PROVEN, "a: " },
	/* no fault: not proven by a witness that cannot count */
	{ NONE,
	  { SEES("a", ANYTHING) },
	  1,
	  JUDGED_UNPROVEN,
	  "expected none, no witness" },
	{ BETWEEN(0, 2), { SEES("a", BETWEEN(1, 4)) }, 1, JUDGED_UNPROVEN, "no witness" },
	/* no witness, none available */
	{ EXACTLY(1),
	  { UNAVAILABLE("a") },
	  0,
	  JUDGED_UNPROVEN,
	  "expected exactly 1, no witness" },
	{ EXACTLY(1),
	  { UNAVAILABLE("a"), UNAVAILABLE("b") },
	  2,
	  JUDGED_UNPROVEN,
	  "no witness" },
	/* what lies after the last is not looked at */
	{ EXACTLY(1),
	  { UNAVAILABLE("a"), SEES("b", EXACTLY(1)) },
	  1,
	  JUDGED_UNPROVEN,
	  "no witness" },
	{ EXACTLY(1),
	  { SEES("a", EXACTLY(1)), SEES("b", NONE) },
	  1,
	  JUDGED_PROVEN,
	  "a: " },
	/* an unavailable witness is ignored */
	{ EXACTLY(1),
	  { { .witness = "a", .pages = EXACTLY(5) }, SEES("b", EXACTLY(1)) },
	  2,
	  JUDGED_PROVEN,
	  "b: " },
	{ EXACTLY(1),
	  { { .witness = "a", .pages = EXACTLY(1) } },
	  1,
	  JUDGED_UNPROVEN,
	  "no witness" },
	/* refuted */
	{ EXACTLY(1),
	  { SEES("a", NONE) },
	  1,
	  JUDGED_REFUTED,
	  "expected exactly 1, a counted none (as a has it)" },
	{ NONE, { SEES("a", AT_LEAST(1)) }, 1, JUDGED_REFUTED, "a counted at least 1" },
	{ EXACTLY(2),
	  { SEES("a", EXACTLY(3)) },
	  1,
	  JUDGED_REFUTED,
	  "a counted exactly 3" },
	{ EXACTLY(2),
	  { SEES("a", AT_LEAST(1)), SEES("b", EXACTLY(1)) },
	  2,
	  JUDGED_REFUTED,
	  "b counted exactly 1" },
	{ AT_LEAST(2),
	  { SEES("a", BETWEEN(0, 1)) },
	  1,
	  JUDGED_REFUTED,
	  "a counted 0 to 1" },
	/*
	 * pages that an earlier fault took along count towards the least, never the most
	 */
	{ EXACTLY(4), { ALONG("a", EXACTLY(1), 3) }, 1, JUDGED_PROVEN, "a: " },
	{ EXACTLY(4), { ALONG("a", EXACTLY(4), 3) }, 1, JUDGED_PROVEN, "a: " },
	{ NONE, { ALONG("a", NONE, 3) }, 1, JUDGED_PROVEN, "a: " },
	{ AT_LEAST(1), { ALONG("a", AT_LEAST(0), UINT64_MAX) }, 1, JUDGED_PROVEN, "a: " },
	{ EXACTLY(5),
	  { ALONG("a", EXACTLY(1), 3) },
	  1,
	  JUDGED_REFUTED,
	  "expected exactly 5, a counted exactly 1" },
	{ EXACTLY(3),
	  { ALONG("a", EXACTLY(4), 3) },
	  1,
	  JUDGED_REFUTED,
	  "expected exactly 3, a counted exactly 4" },
	{ EXACTLY(4),
	  { ALONG("a", BETWEEN(0, 4), 3) },
	  1,
	  JUDGED_UNPROVEN,
	  "no witness" },
	{ EXACTLY(4), { ALONG("a", BETWEEN(1, 4), 3) }, 1, JUDGED_PROVEN, "a: " },
	/* faults of unknown pages: at least one where one must be, and nothing else */
	{ EXACTLY(4), { SOME("a", BETWEEN(0, 9)) }, 1, JUDGED_PROVEN, "a: " },
	{ BETWEEN(0, 2), { SOME("a", BETWEEN(0, 9)) }, 1, JUDGED_UNPROVEN, "no witness" },
	{ NONE, { SOME("a", BETWEEN(0, 9)) }, 1, JUDGED_UNPROVEN, "no witness" },
	/* two that cannot both be right, whatever is expected */
	{ EXACTLY(1),
	  { SEES("a", EXACTLY(1)), SEES("b", NONE) },
	  2,
	  JUDGED_CONTRADICTION,
	  "a counted exactly 1, b counted none" },
	{ ANYTHING,
	  { SEES("a", NONE), UNAVAILABLE("b"), SEES("c", AT_LEAST(1)) },
	  3,
	  JUDGED_CONTRADICTION,
	  "a counted none, c counted at least 1" },
	{ EXACTLY(5),
	  { SEES("a", EXACTLY(1)), SEES("b", EXACTLY(2)) },
	  2,
	  JUDGED_CONTRADICTION,
	  "a counted exactly 1, b counted exactly 2" },
};

static void judge__each_row(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char why[JUDGE_WHY];
		enum judgement got =
			judge(rows[i].expected, rows[i].seen, rows[i].n, why);

		if (got != rows[i].judgement || !strstr(why, rows[i].why))
			fail_msg("row %zu: %s: %s, expected %s: %s", i,
				 judgement_name(got), why,
				 judgement_name(rows[i].judgement), rows[i].why);
	}
}

static void name__of_each(void **state)
{
	assert_string_equal(judgement_name(JUDGED_PROVEN), "proven");
	assert_string_equal(judgement_name(JUDGED_UNPROVEN), "unproven");
	assert_string_equal(judgement_name(JUDGED_REFUTED), "refuted");
	assert_string_equal(judgement_name(JUDGED_CONTRADICTION), "contradiction");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(judge__each_row),
	cmocka_unit_test(name__of_each),
};

int main(void)
{
	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
