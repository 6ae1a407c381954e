// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * mremap.c - INV-29: each form of mremap(2), on each kind of memory
 *
 * Whatever a form does, and if it is refused: device and process read the same after it,
 * both can write, and what is unmapped refuses the device.
 */
#include <string.h>

#include "region/mremap.h"
#include "scenario/scenario.h"

struct moved {
	enum region_kind kind;
	uint64_t unit;	 /* bytes of a part; a form is for the second of three */
	bool is_private; /* what a form takes away is lost */
};

#define PARTS 3

static void write_all(struct test *t, struct target *memory, uint64_t unit,
		      uint16_t generation)
{
	for (unsigned int part = 0; part < PARTS; part++)
		rdma_write(t, memory, part * unit, KiB(64), generation);
}

/* The device reads before the process, or after it. */
static void both_read(struct test *t, struct target *memory, uint64_t offset,
		      uint16_t generation, bool device_first)
{
	if (!device_first)
		check_mapping(t, memory, offset, KiB(64), generation);
	rdma_read(t, memory, offset, KiB(64), generation);
	check_mapping(t, memory, offset, KiB(64), generation);
}

static bool take(struct test *t, struct target *memory, uint64_t len,
		 const struct moved *moved, enum mremap_form form)
{
	int error = mremap_errno(t, memory, moved->unit, len, form);

	if (error)
		test_note(t, "%s: %s", region_mremap_name(form), strerror(error));
	return !error;
}

static const struct {
	enum mremap_form form;
	bool takes_away;
} in_place[] = {
	{ MREMAP_KEEPS, true },
	{ MREMAP_COPIES, false },
	{ MREMAP_REPLACES, true },
};

/* The second part, twice in each form: as of the first time it is another mapping. */
static unsigned int each_in_place(struct test *t, struct target *memory,
				  const struct moved *moved)
{
	uint16_t generation = GENERATION(1);
	unsigned int taken = 0;

	for (unsigned int i = 0; i < 2 * ARRAY_SIZE(in_place); i++) {
		bool lost = moved->is_private && in_place[i / 2].takes_away;
		bool was_taken;

		write_all(t, memory, moved->unit, generation);
		was_taken = take(t, memory, moved->unit, moved, in_place[i / 2].form);
		taken += was_taken;
		both_read(t, memory, moved->unit, lost && was_taken ? ZEROS : generation,
			  i % 2);
		rdma_read(t, memory, 0, KiB(64), generation);
		rdma_read(t, memory, 2 * moved->unit, KiB(64), generation);
		generation++;
		rdma_write(t, memory, moved->unit, KiB(64), generation);
		check_mapping(t, memory, moved->unit, KiB(64), generation);
		generation++;
	}
	return taken;
}

/* The third part goes, and comes back. */
static unsigned int shrink_and_grow(struct test *t, struct target *memory,
				    const struct moved *moved)
{
	static const struct per_driver refused = EVERY_DRIVER(OP_REM_ACCESS_ERR);
	uint64_t third = 2 * moved->unit;
	uint16_t generation = GENERATION(100);
	enum op_status status;

	write_all(t, memory, moved->unit, generation);
	if (!take(t, memory, third, moved, MREMAP_SHRINKS))
		return 0;
	status = rdma_read_status(t, memory, third, KiB(4));
	expect_status(t, status, &refused);
	reconnect(t);
	both_read(t, memory, moved->unit, generation, true);
	if (!take(t, memory, moved->unit, moved, MREMAP_GROWS))
		return 1;
	both_read(t, memory, third, moved->is_private ? ZEROS : generation, true);
	both_read(t, memory, moved->unit, generation, true);
	write_all(t, memory, moved->unit, generation + 1);
	check_mapping(t, memory, third, KiB(64), generation + 1);
	return 2;
}

static void move_each(struct test *t, const void *row)
{
	const struct moved *moved = row;
	struct target *memory =
		responder_target(t, moved->kind, PARTS * moved->unit, MR_ODP);
	unsigned int taken = each_in_place(t, memory, moved);

	taken += shrink_and_grow(t, memory, moved);
	test_note(t, "%u of %zu calls were taken", taken, 2 * ARRAY_SIZE(in_place) + 2);
	if (!taken)
		test_skip(t, "the kernel took no form of mremap()");
}

#define MOVED(word, memory, needs_, ...)                                     \
	{                                                                    \
		.id = "INV-29." word,                                        \
		.about = "after each form of mremap() the device reads the " \
			 "same data as the process from " memory,            \
		.needs = (needs_) | NEEDS(ODP, RC_WRITE, RC_READ),           \
		.run = move_each,                                            \
		.row = &(const struct moved){ __VA_ARGS__ },                 \
	}

static const struct scenario moved_kinds[] = {
	MOVED("anon", "private memory", 0, REGION_ANON, KiB(64), true),
	MOVED("thp", "huge pages", NEEDS(COLLAPSE), REGION_THP, MiB(2), true),
	MOVED("hugetlb", "hugetlb pages", NEEDS(HUGE_PAGES), REGION_HUGETLB_2M, MiB(2),
	      true),
	MOVED("memfd", "shared memory", 0, REGION_MEMFD, KiB(64), false),
	MOVED("file", "a file in the page cache", NEEDS(FILE), REGION_FILE, KiB(64),
	      false),
	MOVED("fsdax", "a DAX file", NEEDS(FSDAX), REGION_FSDAX, KiB(64), false),
	MOVED("private-dax", "private memory over a DAX file", NEEDS(FSDAX),
	      REGION_FSDAX_PRIVATE, KiB(64), true),
	MOVED("devdax", "a DAX device", NEEDS(DEVDAX), REGION_DEVDAX, MiB(2), false),
};
SCENARIO_FAMILY(moved_kinds);
