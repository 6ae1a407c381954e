// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * advice.c - INV-27: each advice of madvise(2), on each kind of memory
 *
 * Whatever an advice does, and if it is refused: device and process read the same after
 * it, and both can write.
 */
#include <string.h>

#include "region/advice.h"
#include "scenario/scenario.h"

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

/* What becomes of the data, where the advice is taken. */
enum effect {
	LEAVES,	      /* it stays */
	DROPS_COPIES, /* private memory is as its file is, or zeros */
	DROPS_BLOCKS, /* so is the file itself */
};

static const struct {
	const char *name;
	int number;
	enum effect effect;
} advices[] = {
	{ "MADV_RANDOM", MADV_RANDOM, LEAVES },
	{ "MADV_SEQUENTIAL", MADV_SEQUENTIAL, LEAVES },
	{ "MADV_NORMAL", MADV_NORMAL, LEAVES },
	{ "MADV_WILLNEED", MADV_WILLNEED, LEAVES },
	{ "MADV_DONTNEED", MADV_DONTNEED, DROPS_COPIES },
	{ "MADV_DONTNEED_LOCKED", MADV_DONTNEED_LOCKED, DROPS_COPIES },
	{ "MADV_REMOVE", MADV_REMOVE, DROPS_BLOCKS },
	{ "MADV_COLD", MADV_COLD, LEAVES },
	{ "MADV_PAGEOUT", MADV_PAGEOUT, LEAVES },
	{ "MADV_POPULATE_READ", MADV_POPULATE_READ, LEAVES },
	{ "MADV_POPULATE_WRITE", MADV_POPULATE_WRITE, LEAVES },
	{ "MADV_HUGEPAGE", MADV_HUGEPAGE, LEAVES },
	{ "MADV_COLLAPSE", MADV_COLLAPSE, LEAVES },
	{ "MADV_NOHUGEPAGE", MADV_NOHUGEPAGE, LEAVES },
	{ "MADV_MERGEABLE", MADV_MERGEABLE, LEAVES },
	{ "MADV_UNMERGEABLE", MADV_UNMERGEABLE, LEAVES },
	{ "MADV_DONTFORK", MADV_DONTFORK, LEAVES },
	{ "MADV_DOFORK", MADV_DOFORK, LEAVES },
	{ "MADV_WIPEONFORK", MADV_WIPEONFORK, LEAVES },
	{ "MADV_KEEPONFORK", MADV_KEEPONFORK, LEAVES },
	{ "MADV_DONTDUMP", MADV_DONTDUMP, LEAVES },
	{ "MADV_DODUMP", MADV_DODUMP, LEAVES },
};

struct advised {
	enum region_kind kind;
	uint64_t unit;	     /* bytes of the part that an advice is given for */
	enum effect deepest; /* that reaches the data of this kind */
};

/* The device reads before the process, or after it. */
static void both_read(struct test *t, struct target *memory, uint64_t unit,
		      uint16_t generation, bool device_first)
{
	if (!device_first)
		check_mapping(t, memory, unit, unit, generation);
	rdma_read(t, memory, unit, KiB(64), generation);
	check_mapping(t, memory, unit, unit, generation);
}

static void advise_each(struct test *t, const void *row)
{
	const struct advised *advised = row;
	uint64_t unit = advised->unit;
	struct target *memory = responder_target(t, advised->kind, 3 * unit, MR_ODP);
	uint16_t generation = 1;
	unsigned int taken = 0;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(advices); i++) {
		size_t which = i / 2;
		bool drops = advices[which].effect != LEAVES &&
			     (advices[which].effect == advised->deepest);
		int error;

		for (unsigned int part = 0; part < 3; part++)
			rdma_write(t, memory, part * unit, KiB(64), generation);
		if (unit > KiB(64))
			target_store(t, memory, unit, unit, generation);
		error = madvise_errno(t, memory, unit, unit, advices[which].number);
		taken += !error;
		if (error)
			test_note(t, "%s: %s", advices[which].name, strerror(error));
		both_read(t, memory, unit, drops && !error ? ZEROS : generation, i % 2);
		rdma_read(t, memory, 0, KiB(64), generation);
		rdma_read(t, memory, 2 * unit, KiB(64), generation);
		generation++;
		rdma_write(t, memory, unit, KiB(64), generation);
		check_mapping(t, memory, unit, KiB(64), generation);
		generation++;
	}
	test_note(t, "%u of %zu advices were taken", taken, 2 * ARRAY_SIZE(advices));
	if (!taken)
		test_skip(t, "the kernel took no advice");
}

#define ADVISED(word, memory, needs_, ...)                                  \
	{                                                                   \
		.id = "INV-27." word,                                       \
		.about = "after each advice of madvise() the device reads " \
			 "the same data as the process from " memory,       \
		.needs = (needs_) | NEEDS(ODP, RC_WRITE, RC_READ),          \
		.run = advise_each,                                         \
		.row = &(const struct advised){ __VA_ARGS__ },              \
	}

static const struct scenario advised_kinds[] = {
	ADVISED("anon", "private memory", 0, REGION_ANON, KiB(64), DROPS_COPIES),
	ADVISED("thp", "huge pages", NEEDS(COLLAPSE), REGION_THP, MiB(2), DROPS_COPIES),
	ADVISED("hugetlb", "hugetlb pages", NEEDS(HUGE_PAGES), REGION_HUGETLB_2M, MiB(2),
		DROPS_COPIES),
	ADVISED("memfd", "shared memory", 0, REGION_MEMFD, KiB(64), DROPS_BLOCKS),
	ADVISED("file", "a file in the page cache", NEEDS(FILE), REGION_FILE, KiB(64),
		DROPS_BLOCKS),
	ADVISED("fsdax", "a DAX file", NEEDS(FSDAX), REGION_FSDAX, KiB(64), DROPS_BLOCKS),
	ADVISED("private-dax", "private memory over a DAX file", NEEDS(FSDAX),
		REGION_FSDAX_PRIVATE, KiB(64), DROPS_COPIES),
	ADVISED("devdax", "a DAX device", NEEDS(DEVDAX), REGION_DEVDAX, MiB(2), LEAVES),
};
SCENARIO_FAMILY(advised_kinds);
