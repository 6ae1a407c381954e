// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* evidence.c - witnesses that cannot be opened, started or read claim nothing */
#include "evidence/evidence.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int begin_returns, end_returns;

static int fake_begin(void *state, const struct watched *range)
{
	return begin_returns;
}

static int fake_end(void *state, const struct watched *range,
		    struct observation *observation)
{
	observation->pages = EXACTLY(3);
	observation->saw_invalidations = true;
	observation->lines = 1;
	return end_returns;
}

static const struct witness_ops fake = { .name = "fake",
					 .begin = fake_begin,
					 .end = fake_end };

static const struct watched range = { .slot = 2 };

/* Returns what the first of WITNESSES fakes observed, which alone is open. */
static struct observation watch(void)
{
	struct observation observations[WITNESSES];
	struct evidence evidence = { 0 };

	for (size_t i = 0; i < WITNESSES; i++)
		evidence.witness[i].ops = &fake;
	strcpy(evidence.witness[1].why, "needs root");
	evidence.witness[0].open = true;
	evidence_begin(&evidence, &range);
	assert_int_equal(evidence_end(&evidence, &range, observations), WITNESSES);
	assert_false(observations[1].available);
	assert_string_equal(observations[1].detail, "needs root");
	return observations[0];
}

static int reset(void **state)
{
	begin_returns = end_returns = 0;
	return 0;
}

static void claims_nothing(const struct observation *observation, const char *detail)
{
	assert_false(observation->available);
	assert_int_equal(observation->pages.min, 0);
	assert_true(observation->pages.max == UINT64_MAX);
	assert_false(observation->saw_invalidations);
	assert_int_equal(observation->lines, 0);
	assert_string_equal(observation->detail, detail);
}

static void witness__that_works(void **state)
{
	struct observation observation = watch();

	assert_true(observation.available);
	assert_int_equal(observation.pages.min, 3);
}

static void witness__that_cannot_be_started(void **state)
{
	struct observation observation;

	begin_returns = -EBUSY;
	observation = watch();
	claims_nothing(&observation, "could not be started: Device or resource busy");
}

static void witness__that_cannot_be_read(void **state)
{
	struct observation observation;

	end_returns = -EIO;
	observation = watch();
	claims_nothing(&observation, "Input/output error");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(witness__that_works, reset),
	cmocka_unit_test_setup(witness__that_cannot_be_started, reset),
	cmocka_unit_test_setup(witness__that_cannot_be_read, reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
