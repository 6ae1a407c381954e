// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* look.c - all that is known of a memory is compared with what is there */
#include "base/util.h"
#include "explore/content.h"
#include "explore/do.h"
#include "explore/known.h"
#include "scenario/scenario.h"
#include "testcase/execute.h"
#include "testcase/test.h"

/* The longest range from @offset on that @fits page by page; *len 0: none. */
typedef bool fits_fn(const struct world *world, const struct memory *m, uint64_t offset);

static uint64_t run_len(const struct world *world, const struct memory *m,
			uint64_t offset, fits_fn *fits)
{
	uint64_t at = offset;

	while (at < m->len && fits(world, m, at))
		at += PAGE_BYTES;
	return at - offset;
}

static bool device_reads(const struct world *world, const struct memory *m,
			 uint64_t offset)
{
	uint64_t good;

	return memory_due(world, m, offset, PAGE_BYTES, false, &good) == MUST_SUCCEED;
}

static bool process_reads(const struct world *world, const struct memory *m,
			  uint64_t offset)
{
	return pages_allow(m, offset, PAGE_BYTES, PAGE_READ_ONLY);
}

static bool file_has(const struct world *world, const struct memory *m, uint64_t offset)
{
	return offset < m->size;
}

static void check(struct world *world, struct target *target, enum request_kind kind,
		  uint64_t at, const struct memory *m, uint64_t offset, uint64_t len,
		  const char *where)
{
	content_check(world, &(struct glance){
				     .target = target,
				     .check = kind,
				     .at = at,
				     .words = &m->words[offset / WORD_BYTES],
				     .n = len / WORD_BYTES,
				     .where = where,
			     });
}

/* It goes first: the CPU's look at pages maps them. */
static void device_looks(struct world *world, struct memory *m, uint64_t offset,
			 uint64_t len)
{
	struct side_op op = { .rdma.opcode = RDMA_READ };

	side_op_add(&op, world->pond, 0, len);
	side_op_aim(&op, m->target, offset);
	test_succeeded(world->t, test_execute(world->t, &op));
	check(world, world->pond, SIDE_TARGET_CHECK_MAPPING, 0, m, offset, len,
	      " that the device READs");
}

static void process_looks(struct world *world, struct memory *m, uint64_t offset,
			  uint64_t len)
{
	check(world, m->target, SIDE_TARGET_CHECK_MAPPING, offset, m, offset, len,
	      " that the process reads");
}

static void file_looks(struct world *world, struct memory *m, uint64_t offset,
		       uint64_t len)
{
	check(world, m->target, SIDE_TARGET_CHECK_FILE, offset, m, offset, len,
	      " in the file");
}

static void in_runs(struct world *world, struct memory *m, fits_fn *fits,
		    void (*look)(struct world *world, struct memory *m, uint64_t offset,
				 uint64_t len))
{
	uint64_t len;

	for (uint64_t at = 0; at < m->len; at += len + PAGE_BYTES) {
		len = run_len(world, m, at, fits);
		if (len)
			look(world, m, at, len);
	}
}

void look_at(struct world *world, struct memory *m)
{
	if (m->opened->role == RESPONDER && m->registered && !known_allowance(world, m))
		in_runs(world, m, device_reads, device_looks);
	if (world->storm == m)
		return;
	in_runs(world, m, process_reads, process_looks);
	if (memory_has_file(m))
		in_runs(world, m, file_has, file_looks);
}
