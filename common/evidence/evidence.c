// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* evidence.c - all witnesses, started and read together */
#include "evidence/evidence.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/util.h"

static const struct witness_ops *const kinds[] = {
	&trace_witness,
	&mr_counters_witness,
	&hw_counters_witness,
};

_Static_assert(ARRAY_SIZE(kinds) == WITNESSES, "a place for each");

void evidence_open(struct evidence *evidence, const struct witness_spec *spec)
{
	memset(evidence, 0, sizeof(*evidence));
	for (size_t i = 0; i < WITNESSES; i++) {
		evidence->witness[i].ops = kinds[i];
		evidence->witness[i].open =
			!kinds[i]->open(&evidence->witness[i].state, spec,
					evidence->witness[i].why, WITNESS_WHY);
	}
}

void evidence_open_none(struct evidence *evidence, const char *why)
{
	memset(evidence, 0, sizeof(*evidence));
	for (size_t i = 0; i < WITNESSES; i++) {
		evidence->witness[i].ops = kinds[i];
		snprintf(evidence->witness[i].why, WITNESS_WHY, "%s", why);
	}
}

void evidence_close(struct evidence *evidence)
{
	for (size_t i = 0; i < WITNESSES; i++) {
		if (evidence->witness[i].open)
			evidence->witness[i].ops->close(evidence->witness[i].state);
		evidence->witness[i].open = false;
	}
}

void evidence_begin(struct evidence *evidence, const struct watched *range)
{
	for (size_t i = 0; i < WITNESSES; i++)
		if (evidence->witness[i].open)
			evidence->witness[i].begun[range->slot] =
				evidence->witness[i].ops->begin(
					evidence->witness[i].state, range);
}

void evidence_name(struct evidence *evidence, unsigned int slot, uint64_t from,
		   uint64_t to, bool writes)
{
	for (size_t i = 0; i < WITNESSES; i++)
		if (evidence->witness[i].open && evidence->witness[i].ops->names)
			evidence->witness[i].ops->names(evidence->witness[i].state, slot,
							from, to, writes);
}

void evidence_absent(struct evidence *evidence, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < WITNESSES; i++)
		if (evidence->witness[i].open && evidence->witness[i].ops->absent)
			evidence->witness[i].ops->absent(evidence->witness[i].state, from,
							 to);
}

void evidence_reset(struct evidence *evidence)
{
	for (size_t i = 0; i < WITNESSES; i++)
		if (evidence->witness[i].open && evidence->witness[i].ops->reset)
			evidence->witness[i].ops->reset(evidence->witness[i].state);
}

/* Returns 0 or -errno, then with the reason in ->detail where there is one. */
static int read_witness(struct evidence *evidence, size_t i, const struct watched *range,
			struct observation *observation)
{
	int begun = evidence->witness[i].begun[range->slot], ret;

	if (!evidence->witness[i].open) {
		snprintf(observation->detail, sizeof(observation->detail), "%s",
			 evidence->witness[i].why);
		return -ENODEV;
	}
	ret = evidence->witness[i].ops->end(evidence->witness[i].state, range,
					    observation);
	if (ret || !begun)
		return ret;
	snprintf(observation->detail, sizeof(observation->detail),
		 "could not be started: %s", strerror(-begun));
	return begun;
}

/* As read_witness(), whatever becomes of it. */
static void observe(struct evidence *evidence, size_t i, const struct watched *range,
		    struct observation *observation)
{
	int ret;

	*observation = (struct observation){ .witness = evidence->witness[i].ops->name,
					     .pages = ANYTHING };
	ret = read_witness(evidence, i, range, observation);
	observation->available = !ret;
	if (!ret)
		return;
	observation->pages = ANYTHING;
	observation->some = false;
	observation->along = observation->neighbours = observation->repeats = 0;
	observation->returned = observation->events = 0;
	observation->saw_invalidations = false;
	observation->lines = 0;
	if (!observation->detail[0])
		snprintf(observation->detail, sizeof(observation->detail), "%s",
			 strerror(-ret));
}

/*
 * Far more than a driver takes from an update of the device's table to that of its
 * counters.
 */
#define LAG_NS	     NSEC_PER_SEC
#define LOOK_NS	     (10 * NSEC_PER_MSEC)
#define UNCHECKED_NS (50 * NSEC_PER_MSEC)

/* Faults that another witness saw for certain. */
static uint64_t seen_at_least(const struct observation *observations)
{
	uint64_t least = 0;

	for (size_t i = 0; i < WITNESSES; i++)
		if (observations[i].available && observations[i].pages.min > least)
			least = observations[i].pages.min;
	return least;
}

static bool another_counts(const struct observation *observations, size_t one)
{
	for (size_t i = 0; i < WITNESSES; i++)
		if (i != one && observations[i].available &&
		    observations[i].pages.max != UINT64_MAX)
			return true;
	return false;
}

/* Reads a witness that lags again until it knows what others know. */
static void wait_for(struct evidence *evidence, size_t i, const struct watched *range,
		     struct observation *observations)
{
	uint64_t deadline = clock_ns() + LAG_NS;

	if (!another_counts(observations, i)) {
		clock_sleep_ns(UNCHECKED_NS);
		observe(evidence, i, range, &observations[i]);
	}
	while (observations[i].available &&
	       observations[i].pages.max < seen_at_least(observations) &&
	       !clock_passed(deadline)) {
		clock_sleep_ns(LOOK_NS);
		observe(evidence, i, range, &observations[i]);
	}
}

unsigned int evidence_end(struct evidence *evidence, const struct watched *range,
			  struct observation observations[WITNESSES])
{
	for (size_t i = 0; i < WITNESSES; i++)
		observe(evidence, i, range, &observations[i]);
	for (size_t i = 0; i < WITNESSES; i++)
		if (observations[i].available && evidence->witness[i].ops->lags)
			wait_for(evidence, i, range, observations);
	return WITNESSES;
}
