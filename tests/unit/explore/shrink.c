// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* shrink.c - what is left of a program that is shrunk */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "explore/draw.h"
#include "explore/shrink.h"
#include "rdma/mr.h"
#include "region/region.h"

static const struct draw_config all = {
	.kinds = DRAWN_KINDS, .steps = 60, .pinned = true, .implicit = true
};

static bool has(const struct program *program, enum action action)
{
	for (unsigned int i = 0; i < program->n; i++)
		if (program->steps[i].action == action)
			return true;
	return false;
}

/* A write to a memory that was evicted before. */
static bool writes_after_evict(const struct program *program, void *calls)
{
	bool evicted[MEMORIES] = { false };

	++*(unsigned int *)calls;
	for (unsigned int i = 0; i < program->n; i++) {
		const struct step *step = &program->steps[i];

		if (step->action == DO_EVICT)
			evicted[step->memory] = true;
		if (step->action == DO_WRITE && evicted[step->memory])
			return true;
	}
	return false;
}

static void shrink__leaves_what_the_failure_needs(void **state)
{
	unsigned int found = 0;

	for (uint64_t seed = 1; seed <= 50; seed++) {
		unsigned int calls = 0, tries;
		struct program program;

		draw_program(&program, seed, &all);
		if (!writes_after_evict(&program, &calls))
			continue;
		calls = 0;
		tries = program_shrink(&program, 1000, writes_after_evict, &calls);
		assert_int_equal(tries, calls);
		assert_true(writes_after_evict(&program, &calls));
		/* two memories are opened, one evicted, and written from the other */
		assert_in_range(program.n, 4, 4);
		assert_true(has(&program, DO_OPEN));
		found++;
	}
	assert_in_range(found, 10, 50);
}

static void shrink__makes_the_steps_that_stay_simpler(void **state)
{
	struct program program = { 0 };
	unsigned int calls = 0;

	for (uint64_t seed = 1; !writes_after_evict(&program, &calls); seed++)
		draw_program(&program, seed, &all);
	program_shrink(&program, 1000, writes_after_evict, &calls);
	for (unsigned int i = 0; i < program.n; i++) {
		const struct step *step = &program.steps[i];

		assert_int_equal(step->offset, 0);
		assert_false(step->together);
		if (step->action == DO_OPEN) {
			assert_int_equal(step->kind, REGION_ANON);
			assert_int_equal(step->mode, MR_ODP);
			assert_int_equal(step->len, 4096);
		}
	}
}

static void shrink__ends_after_so_many_tries(void **state)
{
	struct program program = { 0 };
	unsigned int steps;
	unsigned int calls = 0;

	for (uint64_t seed = 1; !writes_after_evict(&program, &calls); seed++)
		draw_program(&program, seed, &all);
	steps = program.n;
	calls = 0;
	assert_int_equal(program_shrink(&program, 0, writes_after_evict, &calls), 0);
	assert_int_equal(program.n, steps);
	assert_int_equal(program_shrink(&program, 5, writes_after_evict, &calls), 5);
	assert_int_equal(calls, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shrink__leaves_what_the_failure_needs),
		cmocka_unit_test(shrink__makes_the_steps_that_stay_simpler),
		cmocka_unit_test(shrink__ends_after_so_many_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
