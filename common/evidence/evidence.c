// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* evidence.c - all the witnesses at hand, asked together */
#include "evidence/evidence.h"

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
			evidence->witness[i].ops->begin(evidence->witness[i].state,
							range);
}

unsigned int evidence_end(struct evidence *evidence, const struct watched *range,
			  struct observation observations[WITNESSES])
{
	for (size_t i = 0; i < WITNESSES; i++) {
		const struct witness_ops *ops = evidence->witness[i].ops;
		struct observation *t = &observations[i];
		int ret;

		*t = (struct observation){ .witness = ops->name, .pages = ANYTHING };
		if (!evidence->witness[i].open) {
			snprintf(t->detail, sizeof(t->detail), "%s",
				 evidence->witness[i].why);
			continue;
		}
		ret = ops->end(evidence->witness[i].state, range, t);
		t->available = !ret;
		if (ret) {
			t->pages = ANYTHING;
			if (!t->detail[0])
				snprintf(t->detail, sizeof(t->detail), "%s",
					 strerror(-ret));
		}
	}
	return WITNESSES;
}
