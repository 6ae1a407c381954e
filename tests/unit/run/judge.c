// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* judge.c - what testimonies make of an expectation */
#include "run/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

#define SAYS(name, pages_) \
	{ .witness = name, \
	  .heard = true,   \
	  .pages = pages_, \
	  .detail = "as " name " has it" }
#define DEAF(name) { .witness = name, .pages = ANYTHING, .detail = "cannot hear" }

struct row {
	struct bounds expected;
	struct testimony said[3];
	unsigned int n;
	enum judgement judgement;
	const char *why;
};

static const struct row rows[] = {
	/* proven by a witness that knows the number */
	{ EXACTLY(1), { SAYS("a", EXACTLY(1)) }, 1, JUDGED_PROVEN, "a: as a has it" },
	{ NONE, { SAYS("a", NONE) }, 1, JUDGED_PROVEN, "a: " },
	{ AT_LEAST(1), { SAYS("a", EXACTLY(7)) }, 1, JUDGED_PROVEN, "a: " },
	{ BETWEEN(1, 2), { SAYS("a", EXACTLY(2)) }, 1, JUDGED_PROVEN, "a: " },
	/* ... though others do not know it */
	{ EXACTLY(2),
	  { SAYS("a", ANYTHING), SAYS("b", AT_LEAST(1)), SAYS("c", EXACTLY(2)) },
	  3,
	  JUDGED_PROVEN,
	  "c: " },
	{ EXACTLY(1), { DEAF("a"), SAYS("b", EXACTLY(1)) }, 2, JUDGED_PROVEN, "b: " },
	/* proven in the weaker form: at least one where one must be */
	{ EXACTLY(4), { SAYS("a", AT_LEAST(1)) }, 1, JUDGED_PROVEN, "a: " },
	{ AT_LEAST(2), { SAYS("a", AT_LEAST(1)) }, 1, JUDGED_PROVEN, "a: " },
	/* that none came is not proven by one who cannot count */
	{ NONE,
	  { SAYS("a", ANYTHING) },
	  1,
	  JUDGED_UNPROVEN,
	  "expected none, no witness" },
	{ BETWEEN(0, 2), { SAYS("a", BETWEEN(1, 4)) }, 1, JUDGED_UNPROVEN, "no witness" },
	/* nobody there, nobody heard */
	{ EXACTLY(1),
	  { DEAF("a") },
	  0,
	  JUDGED_UNPROVEN,
	  "expected exactly 1, no witness" },
	{ EXACTLY(1), { DEAF("a"), DEAF("b") }, 2, JUDGED_UNPROVEN, "no witness" },
	/* what one says who could not hear counts for nothing */
	{ EXACTLY(1),
	  { { .witness = "a", .pages = EXACTLY(5) }, SAYS("b", EXACTLY(1)) },
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
	  { SAYS("a", NONE) },
	  1,
	  JUDGED_REFUTED,
	  "expected exactly 1, a says none (as a has it)" },
	{ NONE, { SAYS("a", AT_LEAST(1)) }, 1, JUDGED_REFUTED, "a says at least 1" },
	{ EXACTLY(2), { SAYS("a", EXACTLY(3)) }, 1, JUDGED_REFUTED, "a says exactly 3" },
	{ EXACTLY(2),
	  { SAYS("a", AT_LEAST(1)), SAYS("b", EXACTLY(1)) },
	  2,
	  JUDGED_REFUTED,
	  "b says exactly 1" },
	{ AT_LEAST(2), { SAYS("a", BETWEEN(0, 1)) }, 1, JUDGED_REFUTED, "a says 0 to 1" },
	/* two who cannot both be right, whatever is expected */
	{ EXACTLY(1),
	  { SAYS("a", EXACTLY(1)), SAYS("b", NONE) },
	  2,
	  JUDGED_CONTRADICTION,
	  "a says exactly 1, b says none" },
	{ ANYTHING,
	  { SAYS("a", NONE), DEAF("b"), SAYS("c", AT_LEAST(1)) },
	  3,
	  JUDGED_CONTRADICTION,
	  "a says none, c says at least 1" },
	{ EXACTLY(5),
	  { SAYS("a", EXACTLY(1)), SAYS("b", EXACTLY(2)) },
	  2,
	  JUDGED_CONTRADICTION,
	  "a says exactly 1, b says exactly 2" },
};

static void judge__each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char why[JUDGE_WHY];
		enum judgement got =
			judge(rows[i].expected, rows[i].said, rows[i].n, why);

		if (got != rows[i].judgement || !strstr(why, rows[i].why))
			fail_msg("row %zu: %s: %s, expected %s: %s", i,
				 judgement_name(got), why,
				 judgement_name(rows[i].judgement), rows[i].why);
	}
}

static void name__of_each(void **state)
{
	(void)state;
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
