// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* evidence.c - all witnesses, started and read together */
#include "evidence/evidence.h"

#include <errno.h>
#include <string.h>

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

unsigned int evidence_end(struct evidence *evidence, const struct watched *range,
			  struct observation observations[WITNESSES])
{
	for (size_t i = 0; i < WITNESSES; i++) {
		struct observation *observation = &observations[i];
		int ret;

		*observation =
			(struct observation){ .witness = evidence->witness[i].ops->name,
					      .pages = ANYTHING };
		ret = read_witness(evidence, i, range, observation);
		observation->available = !ret;
		if (!ret)
			continue;
		observation->pages = ANYTHING;
		observation->saw_invalidations = false;
		observation->lines = 0;
		if (!observation->detail[0])
			snprintf(observation->detail, sizeof(observation->detail), "%s",
				 strerror(-ret));
	}
	return WITNESSES;
}
