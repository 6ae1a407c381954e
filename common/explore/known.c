// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* known.c - the known defects that any program meets */
#include "explore/known.h"

#include <string.h>

#include "base/util.h"
#include "rdma/mr.h"
#include "testcase/test.h"

/* Its numbers are those of docs/findings.md. */
struct known {
	unsigned int finding;
	const char *driver;
	unsigned int allowance;
	bool (*meets)(const struct memory *m);
};

/* A fault on a child that is going away is an error. */
static bool implicit_and_taken(const struct memory *m)
{
	return m->opened->mode == MR_ODP_IMPLICIT && m->taken;
}

/* Pages that a refused fault had found stay in the list of the region. */
static bool refused_in_part(const struct memory *m)
{
	return m->refused_in_part;
}

static bool on_demand(const struct memory *m)
{
	return !memory_is_pinned(m);
}

static const struct known rows[] = {
	{ 3, "mlx5", KNOWN_REFUSES, implicit_and_taken },
	{ 20, "mlx5", KNOWN_SPOILT, refused_in_part },
	{ 4, "rxe", KNOWN_OFFSET, on_demand },
	{ 5, "rxe", KNOWN_CLEAN, on_demand },
};

unsigned int known_allowance(const struct world *world, const struct memory *m)
{
	unsigned int allowance = KNOWN_NONE;

	for (size_t i = 0; i < ARRAY_SIZE(rows) && !world->strict; i++)
		if (!strcmp(rows[i].driver, world->t->env->device.driver) &&
		    rows[i].meets(m))
			allowance |= rows[i].allowance;
	return allowance;
}
