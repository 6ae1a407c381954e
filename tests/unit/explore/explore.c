// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explore.c - programs on fake sides, without a defect and with one at a time */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/util.h"
#include "explore/explore.h"
#include "fake_side.h"

#define DEADLINE_NS (20 * NSEC_PER_SEC)

static struct explored run(enum sabotage sabotage, uint64_t programs, uint64_t tries)
{
	const struct explore_config config = {
		.draw = { .kinds = 1u << REGION_ANON | 1u << REGION_MEMFD,
			  .steps = 40,
			  .pinned = true,
			  .implicit = true },
		.programs = programs,
		.deadline_ns = DEADLINE_NS,
		.tries = tries,
		.strict = true, /* the fake side says that it is soft-RoCE */
	};
	struct explored explored;
	struct fake_env env;

	fake_env_init(&env);
	env.sabotage = sabotage;
	assert_int_equal(explore(&env.env, &config, 1, &explored), 0);
	return explored;
}

static void explore__no_program_fails_without_a_defect(void **state)
{
	struct explored explored = run(FAITHFUL, 100, 100);

	if (explored.found) {
		program_write(&explored.program, stderr);
		fail_msg("%s at step %d: %s", explored.outcome.why, explored.outcome.line,
			 explored.outcome.step);
	}
	assert_int_equal(explored.programs, 100);
}

/* Of the fake side's defects those that a hundred programs of this memory meet. */
static const struct {
	enum sabotage sabotage;
	const char *name;
} defects[] = {
#define DEFECT(name) { name, #name }
	DEFECT(EVICT_NOTHING),
	DEFECT(UNMAP_NOTHING),
	DEFECT(REMAP_NOTHING),
	DEFECT(PROTECT_NOTHING),
	DEFECT(TRUNCATE_NOTHING),
	DEFECT(PUNCH_NOTHING),
	DEFECT(INVALIDATION_LOST),
	DEFECT(INVALIDATION_OF_FIRST_PAGE),
	DEFECT(INVALIDATED_DATA_READ),
	DEFECT(RIGHTS_IGNORED),
	DEFECT(WRITE_GOES_ON_AFTER_FAULT),
	DEFECT(WRITE_LOST),
	DEFECT(WRITE_MISPLACED),
	DEFECT(WRITE_TORN),
	DEFECT(WRITE_PAGES_SWAPPED),
	DEFECT(WRITE_TAIL_LOST),
	DEFECT(WRITE_AROUND),
	DEFECT(WRITE_TAKES_WHOLE_PAGE),
	DEFECT(READ_LOST),
	DEFECT(READ_BEYOND),
	DEFECT(READ_SAYS_LESS),
	DEFECT(ATOMIC_TWICE),
	DEFECT(ATOMIC_RETURNS_NEW),
	DEFECT(RECEIVE_SHORT),
	DEFECT(RECEIVE_TWICE),
	DEFECT(COMPLETION_TWICE),
	DEFECT(COMPLETION_OF_OTHER_KIND),
	DEFECT(COMPLETION_WITH_OTHER_STATUS),
	DEFECT(QUEUE_PAIR_STAYS_BROKEN),
#undef DEFECT
};

static void explore__finds_each_defect(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(defects); i++) {
		struct explored explored = run(defects[i].sabotage, 100, 0);

		if (!explored.found)
			fail_msg("%s is not found", defects[i].name);
		outcome_free(&explored.outcome);
	}
}

/* The seed and the reason stay, so that what is printed can be run again. */
static void explore__shrinks_what_fails(void **state)
{
	struct explored explored = run(PUNCH_NOTHING, 100, 300);
	const struct explore_config config = { .deadline_ns = DEADLINE_NS,
					       .strict = true };
	struct explored again = { 0 };
	struct fake_env env;

	assert_true(explored.found);
	assert_in_range(explored.program.n, 3, 8);
	assert_in_range(explored.tries, 1, 300);
	/* what failed can be repeated without odplab */
	assert_non_null(explored.outcome.reproducer);
	assert_non_null(strstr(explored.outcome.reproducer, "FALLOC_FL_PUNCH_HOLE"));
	fake_env_init(&env);
	env.sabotage = PUNCH_NOTHING;
	assert_true(explore_one(&env.env, &config, &explored.program, &again));
	assert_string_equal(again.outcome.why, explored.outcome.why);
	outcome_free(&again.outcome);
	outcome_free(&explored.outcome);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explore__no_program_fails_without_a_defect),
		cmocka_unit_test(explore__finds_each_defect),
		cmocka_unit_test(explore__shrinks_what_fails),

	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
