// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* evidence.c - witnesses that cannot be opened, started or read claim nothing */
#include "evidence/evidence.h"

#include <errno.h>
#include <limits.h>
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
	assert_string_equal(observation->detail, "");
	observation->pages = EXACTLY(3);
	observation->some = true;
	observation->along = observation->neighbours = observation->repeats = 1;
	observation->returned = observation->events = 1;
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
	assert_false(observation->some);
	assert_int_equal(observation->along, 0);
	assert_int_equal(observation->neighbours, 0);
	assert_int_equal(observation->repeats, 0);
	assert_int_equal(observation->returned, 0);
	assert_int_equal(observation->events, 0);
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

static int end_with_a_reason(void *state, const struct watched *watched,
			     struct observation *observation)
{
	strcpy(observation->detail, "the record is gone");
	return -ENODATA;
}

/* The witness knows better than the error's own text. */
static void witness__that_gives_its_reason(void **state)
{
	static const struct witness_ops ops = { .name = "fake",
						.begin = fake_begin,
						.end = end_with_a_reason };
	struct evidence evidence = { 0 };
	struct observation observations[WITNESSES];

	for (size_t i = 0; i < WITNESSES; i++)
		evidence.witness[i].ops = &ops;
	evidence.witness[0].open = true;
	evidence_begin(&evidence, &range);
	evidence_end(&evidence, &range, observations);
	claims_nothing(&observations[0], "the record is gone");
}

/* ---- a driver that counts after the device has gone on ---- */

static unsigned int reads_before_it_counts, reads;

static int end_late(void *state, const struct watched *watched,
		    struct observation *observation)
{
	observation->pages = BETWEEN(0, reads++ < reads_before_it_counts ? 0 : 3);
	return 0;
}

static const struct witness_ops late = {
	.name = "late", .lags = true, .begin = fake_begin, .end = end_late
};

static struct observation watch_late(bool with_another)
{
	struct observation observations[WITNESSES];
	struct evidence evidence = { 0 };

	for (size_t i = 0; i < WITNESSES; i++)
		evidence.witness[i].ops = i == 1 ? &late : &fake;
	evidence.witness[0].open = with_another;
	evidence.witness[1].open = true;
	reads = 0;
	evidence_begin(&evidence, &range);
	evidence_end(&evidence, &range, observations);
	return observations[1];
}

static void lag__until_it_has_what_another_has_seen(void **state)
{
	reads_before_it_counts = 3;
	assert_int_equal(watch_late(true).pages.max, 3);
	assert_int_equal(reads, 4);
	reads_before_it_counts = 0;
	assert_int_equal(watch_late(true).pages.max, 3);
	assert_int_equal(reads, 1);
}

static void lag__has_an_end(void **state)
{
	reads_before_it_counts = UINT_MAX;
	assert_int_equal(watch_late(true).pages.max, 0);
	assert_true(reads > 10);
}

/* Where no other witness counts, it has a moment. */
static void lag__of_the_only_one(void **state)
{
	reads_before_it_counts = 1;
	assert_int_equal(watch_late(false).pages.max, 3);
	assert_int_equal(reads, 2);
}

static unsigned int named, resets;

static void note_name(void *state, unsigned int slot, uint64_t from, uint64_t to,
		      bool writes)
{
	assert_true(writes);
	assert_int_equal(slot, 2);
	assert_int_equal(from, 0x1000);
	assert_int_equal(to, 0x3000);
	named++;
}

static void note_reset(void *state)
{
	resets++;
}

/* Those that are open, and that can tell one address from another. */
static void witness__is_given_names_and_reset(void **state)
{
	static const struct witness_ops ops = { .names = note_name, .reset = note_reset };
	struct evidence evidence = { 0 };

	evidence.witness[0].ops = evidence.witness[1].ops = &ops;
	evidence.witness[2].ops = &fake;
	evidence.witness[1].open = evidence.witness[2].open = true;
	named = resets = 0;
	evidence_name(&evidence, 2, 0x1000, 0x3000, true);
	assert_int_equal(named, 1);
	evidence_reset(&evidence);
	assert_int_equal(resets, 1);
}

static void witness__that_cannot_be_read(void **state)
{
	struct observation observation;

	end_returns = -EIO;
	observation = watch();
	claims_nothing(&observation, "Input/output error");
}

/* ---- the three kinds, in the place of the library's ---- */

static const struct witness_spec spec = { "mlx5_0", 1 };

/* Each in the order in which they are opened. */
static struct {
	unsigned int opens;
	int error[WITNESSES];
	bool open[WITNESSES];
} kinds;

static int open_kind(void **state, const struct witness_spec *given, char *why,
		     size_t size)
{
	unsigned int i = kinds.opens++;

	assert_ptr_equal(given, &spec);
	assert_int_equal(size, WITNESS_WHY);
	snprintf(why, size, "kind %u", i);
	if (kinds.error[i])
		return kinds.error[i];
	kinds.open[i] = true;
	*state = &kinds.open[i];
	return 0;
}

static void close_kind(void *state)
{
	bool *open = state;

	assert_true(*open);
	*open = false;
}

#define KIND(name_)            \
	{ .name = name_,       \
	  .open = open_kind,   \
	  .begin = fake_begin, \
	  .end = fake_end,     \
	  .close = close_kind }

const struct witness_ops trace_witness = KIND("trace");
const struct witness_ops mr_counters_witness = KIND("mr_counters");
const struct witness_ops hw_counters_witness = KIND("hw_counters");

/* Each observation is of its own kind, and says why it is of no use. */
static void expect_kinds(const struct evidence *evidence, const char *const details[])
{
	static const char *const names[] = { "trace", "mr_counters", "hw_counters" };
	struct evidence copy = *evidence;
	struct observation observations[WITNESSES];

	evidence_begin(&copy, &range);
	assert_int_equal(evidence_end(&copy, &range, observations), WITNESSES);
	for (size_t i = 0; i < WITNESSES; i++) {
		assert_string_equal(observations[i].witness, names[i]);
		assert_int_equal(observations[i].available, !details[i]);
		assert_string_equal(observations[i].detail, details[i] ? details[i] : "");
	}
}

static void open__all_but_the_one_that_is_missing(void **state)
{
	struct evidence evidence;

	memset(&kinds, 0, sizeof(kinds));
	memset(&evidence, 0xff, sizeof(evidence));
	kinds.error[1] = -EPERM;
	evidence_open(&evidence, &spec);
	assert_true(kinds.open[0] && kinds.open[2]);
	assert_string_equal(evidence.witness[0].why, "kind 0");
	assert_ptr_equal(evidence.witness[2].state, &kinds.open[2]);
	expect_kinds(&evidence, (const char *const[]){ NULL, "kind 1", NULL });
	evidence_close(&evidence);
	evidence_close(&evidence); /* closes none twice */
	assert_false(kinds.open[0] || kinds.open[2]);
	expect_kinds(&evidence, (const char *const[]){ "kind 0", "kind 1", "kind 2" });
}

static void open_none__has_the_reason(void **state)
{
	static const char *const details[] = { "not asked for", "not asked for",
					       "not asked for" };
	struct evidence evidence;

	memset(&kinds, 0, sizeof(kinds));
	memset(&evidence, 0xff, sizeof(evidence));
	evidence_open_none(&evidence, "not asked for");
	assert_int_equal(kinds.opens, 0);
	expect_kinds(&evidence, details);
	evidence_close(&evidence);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(open__all_but_the_one_that_is_missing, reset),
	cmocka_unit_test_setup(open_none__has_the_reason, reset),
	cmocka_unit_test_setup(witness__that_works, reset),
	cmocka_unit_test_setup(witness__that_cannot_be_started, reset),
	cmocka_unit_test_setup(witness__that_gives_its_reason, reset),
	cmocka_unit_test_setup(witness__that_cannot_be_read, reset),
	cmocka_unit_test(witness__is_given_names_and_reset),
	cmocka_unit_test_setup(lag__until_it_has_what_another_has_seen, reset),
	cmocka_unit_test_setup(lag__has_an_end, reset),
	cmocka_unit_test_setup(lag__of_the_only_one, reset),
};

int main(void)
{
	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
