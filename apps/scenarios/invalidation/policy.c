// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * policy.c - INV-28: each memory policy of mbind(2), on each kind of memory
 *
 * A policy may move pages to another NUMA node, and never changes data.
 */
#include <linux/mempolicy.h>
#include <string.h>

#include "scenario/scenario.h"

/* include/uapi/linux/mempolicy.h, where the headers are older */
#define PREFERRED_MANY	    5
#define WEIGHTED_INTERLEAVE 6

static const struct {
	const char *name;
	int policy;
} policies[] = {
	{ "MPOL_PREFERRED", MPOL_PREFERRED },
	{ "MPOL_BIND", MPOL_BIND },
	{ "MPOL_INTERLEAVE", MPOL_INTERLEAVE },
	{ "MPOL_LOCAL", MPOL_LOCAL },
	{ "MPOL_PREFERRED_MANY", PREFERRED_MANY },
	{ "MPOL_WEIGHTED_INTERLEAVE", WEIGHTED_INTERLEAVE },
	{ "MPOL_DEFAULT", MPOL_DEFAULT },
};

/* Later pages only; those that are there, too; likewise, and fail if one stays. */
static const unsigned int ways[] = { 0, MPOL_MF_MOVE, MPOL_MF_MOVE | MPOL_MF_STRICT };

#define EACH_NODE 2
#define CALLS	  (ARRAY_SIZE(policies) * ARRAY_SIZE(ways) * EACH_NODE)

struct placed {
	enum region_kind kind;
	uint64_t unit; /* bytes of the part that a policy is set for */
};

static void place_each(struct test *t, const void *row)
{
	const struct placed *placed = row;
	uint64_t unit = placed->unit;
	struct target *memory = responder_target(t, placed->kind, 3 * unit, MR_ODP);
	unsigned int taken = 0;

	for (unsigned int i = 0; i < CALLS; i++) {
		unsigned int which = i / EACH_NODE / ARRAY_SIZE(ways);
		unsigned int way = i / EACH_NODE % ARRAY_SIZE(ways);
		uint16_t generation = GENERATION(i + 1);
		int error;

		for (unsigned int part = 0; part < 3; part++)
			rdma_write(t, memory, part * unit, KiB(64), generation);
		error = policy_errno(t, memory, unit, unit, policies[which].policy,
				     ways[way], i % EACH_NODE);
		taken += !error;
		if (error)
			test_note(t, "%s, flags %u: %s", policies[which].name, ways[way],
				  strerror(error));
		for (unsigned int part = 0; part < 3; part++)
			rdma_read(t, memory, part * unit, KiB(64), generation);
		check_mapping(t, memory, unit, KiB(64), generation);
	}
	test_note(t, "%u of %zu policies were set", taken, CALLS);
	if (!taken)
		test_skip(t, "the kernel set no policy");
}

#define PLACED(word, memory, needs_, ...)                                     \
	{                                                                     \
		.id = "INV-28." word,                                         \
		.about = "after each memory policy is set with mbind() RDMA " \
			 "reads what it wrote to " memory,                    \
		.needs = (needs_) | NEEDS(NODES, ODP, RC_WRITE, RC_READ),     \
		.run = place_each,                                            \
		.row = &(const struct placed){ __VA_ARGS__ },                 \
	}

static const struct scenario placed_kinds[] = {
	PLACED("anon", "private memory", 0, REGION_ANON, KiB(64)),
	PLACED("thp", "huge pages", NEEDS(COLLAPSE), REGION_THP, MiB(2)),
	PLACED("hugetlb", "hugetlb pages", NEEDS(HUGE_PAGES), REGION_HUGETLB_2M, MiB(2)),
	PLACED("memfd", "shared memory", 0, REGION_MEMFD, KiB(64)),
	PLACED("file", "a file in the page cache", NEEDS(FILE), REGION_FILE, KiB(64)),
	PLACED("fsdax", "a DAX file", NEEDS(FSDAX), REGION_FSDAX, KiB(64)),
	PLACED("private-dax", "private memory over a DAX file", NEEDS(FSDAX),
	       REGION_FSDAX_PRIVATE, KiB(64)),
	PLACED("devdax", "a DAX device", NEEDS(DEVDAX), REGION_DEVDAX, MiB(2)),
};
SCENARIO_FAMILY(placed_kinds);
