// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* windows.c - DP: memory windows over memory that faults */
#include "scenario/scenario.h"

struct windowed {
	enum window_type type;
	uint64_t offset; /* of the access that leaves the window */
};

static struct target *windowed_target(struct test *t)
{
	return responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
				.access = MR_READ_WRITE | MR_BIND);
}

static void write_through(struct test *t, const void *row)
{
	const struct windowed *windowed = row;
	struct target *cold = windowed_target(t);
	struct target *window = target_window(t, cold, windowed->type, KiB(16), KiB(16));

	expect_faults(t, cold, EXACTLY(4))
		rdma_write(t, window, KiB(16), KiB(16), GENERATION(1));
	expect_faults(t, cold, NONE)
		rdma_read(t, window, KiB(16), KiB(16), GENERATION(1));
	target_evict(t, cold, KiB(16), KiB(16));
	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, window, KiB(20), KiB(4), GENERATION(2));
	check_mapping(t, cold, 0, KiB(16), ZEROS);
	check_mapping(t, cold, KiB(20), KiB(4), GENERATION(2));
	check_mapping(t, cold, KiB(32), KiB(32), ZEROS);
}

/* The region covers the memory beside the window, and has a translation for it. */
static struct target *narrow_window(struct test *t, struct target *warm,
				    enum window_type type)
{
	rdma_write(t, warm, KiB(12), KiB(12), GENERATION(1));
	return target_window(t, warm, type, KiB(16), KiB(4));
}

static void write_outside(struct test *t, const void *row)
{
	const struct windowed *windowed = row;
	struct target *warm = windowed_target(t);
	struct target *window = narrow_window(t, warm, windowed->type);

	expect_status(
		t, rdma_write_status(t, window, windowed->offset, KiB(8), GENERATION(2)),
		&(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	check_mapping(t, warm, 0, KiB(12), ZEROS);
	check_mapping(t, warm, KiB(12), KiB(12), GENERATION(1));
	check_mapping(t, warm, KiB(24), KiB(40), ZEROS);
}

static void read_outside(struct test *t, const void *row)
{
	const struct windowed *windowed = row;
	struct target *window = narrow_window(t, windowed_target(t), windowed->type);

	expect_status(t, rdma_read_status(t, window, windowed->offset, KiB(8)),
		      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
}

/* @cold has data in its first page only, before and after the refused WRITE. */
static void expect_closed(struct test *t, struct target *window, struct target *cold)
{
	expect_faults(t, cold, NONE)
		expect_status(t, rdma_write_status(t, window, 0, KiB(8), GENERATION(2)),
			      &(const struct per_driver)EVERY_DRIVER(OP_REM_ACCESS_ERR));
	check_mapping(t, cold, 0, KiB(4), GENERATION(1));
	check_mapping(t, cold, KiB(4), KiB(60), ZEROS);
}

static void write_invalidated(struct test *t, const void *row)
{
	const struct windowed *windowed = row;
	struct target *cold = windowed_target(t);
	struct target *window = target_window(t, cold, windowed->type, 0, KiB(64));

	rdma_write(t, window, 0, KiB(4), GENERATION(1));
	window_invalidate(t, window);
	expect_closed(t, window, cold);
	reconnect(t);
	rdma_write(t, cold, 0, KiB(8), GENERATION(3));
	check_mapping(t, cold, 0, KiB(8), GENERATION(3));
}

static const struct windowed type_1 = { WINDOW_TYPE_1, KiB(16) };
static const struct windowed type_2 = { WINDOW_TYPE_2, KiB(16) };
static const struct windowed before_1 = { WINDOW_TYPE_1, KiB(12) };
static const struct windowed before_2 = { WINDOW_TYPE_2, KiB(12) };

static const struct scenario windows[] = {
	{ "DP-14.type-1",
	  "WRITE through a memory window of type 1 faults its pages in, and READ returns "
	  "the data",
	  NEEDS(REGION, RC_WRITE, RC_READ, WINDOW_1), write_through, &type_1 },
	{ "DP-14.type-2",
	  "WRITE through a memory window of type 2 faults its pages in, and READ returns "
	  "the data",
	  NEEDS(REGION, RC_WRITE, RC_READ, WINDOW_2), write_through, &type_2 },
	{ "DP-14.outside-1",
	  "a WRITE that leaves its window of type 1 is refused and writes nothing",
	  NEEDS(REGION, RC_WRITE, WINDOW_1), write_outside, &type_1 },
	{ "DP-14.outside-2",
	  "a WRITE that leaves its window of type 2 is refused and writes nothing",
	  NEEDS(REGION, RC_WRITE, WINDOW_2), write_outside, &type_2 },
	{ "DP-14.outside-before-1",
	  "a WRITE that begins before its window of type 1 is refused and writes nothing",
	  NEEDS(REGION, RC_WRITE, WINDOW_1), write_outside, &before_1 },
	{ "DP-14.outside-before-2",
	  "a WRITE that begins before its window of type 2 is refused and writes nothing",
	  NEEDS(REGION, RC_WRITE, WINDOW_2), write_outside, &before_2 },
	{ "DP-14.outside-read-1", "a READ that leaves its window of type 1 is refused",
	  NEEDS(REGION, RC_WRITE, RC_READ, WINDOW_1), read_outside, &type_1 },
	{ "DP-14.outside-read-2", "a READ that leaves its window of type 2 is refused",
	  NEEDS(REGION, RC_WRITE, RC_READ, WINDOW_2), read_outside, &type_2 },
	{ "DP-14.unbound-1",
	  "an unbound window of type 1 refuses access and faults nothing in",
	  NEEDS(REGION, RC_WRITE, WINDOW_1), write_invalidated, &type_1 },
	{ "DP-14.invalidated-2",
	  "an invalidated window of type 2 refuses access and faults nothing in",
	  NEEDS(REGION, RC_WRITE, WINDOW_2), write_invalidated, &type_2 },
};
SCENARIO_FAMILY(windows);

SCENARIO("DP-14.send-invalidate",
	 "a SEND with invalidate invalidates the peer's window, and its receive reports "
	 "the key",
	 NEEDS(REGION, RC_WRITE, WINDOW_2))
{
	struct target *cold = windowed_target(t);
	struct target *window = target_window(t, cold, WINDOW_TYPE_2, 0, KiB(64));

	expect_faults(t, cold, EXACTLY(1))
		rdma_write(t, window, 0, KiB(4), GENERATION(1));
	rdma_send_invalidate(t, window);
	expect_closed(t, window, cold);
}

/* A window that its region cannot hold. */
struct bad_window {
	enum window_type type;
	uint64_t addr; /* absolute; 0: the region's */
	uint64_t len;
	bool foreign; /* the region is of another protection domain */
};

static const struct per_driver bind_refused = {
	.rxe = OP_FLUSH_ERR,
	.mlx5 = OP_MW_BIND_ERR,
	.reason =
		"soft-RoCE sets the queue pair to error before it completes the bind, so "
		"that this request is flushed too",
};

static void refuse_window(struct test *t, const void *row)
{
	const struct bad_window *bad = row;
	struct target *target = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP,
						 .access = MR_READ_WRITE | MR_BIND,
						 .other_pd = bad->foreign);
	struct target *other = responder_target(t, REGION_CHOSEN, KiB(64), MR_ODP);
	uint64_t offset = bad->addr ? bad->addr - target_addr(target) : 0;
	enum op_status status =
		window_bind_status(t, target, bad->type, offset, bad->len);

	/* a library may refuse what a device would */
	if (status != OP_NOT_POSTED)
		expect_status(t, status, &bind_refused);
	reconnect(t);
	rdma_write(t, other, 0, KiB(16), GENERATION(1));
	check_mapping(t, other, 0, KiB(16), GENERATION(1));
	check_mapping(t, target, 0, KiB(64), ZEROS);
}

#define BAD_WINDOW(word, about_, need, ...)                       \
	{                                                         \
		.id = "DP-14.bind-" word,                         \
		.about = "a window of type " about_,              \
		.needs = NEEDS(REGION, RC_WRITE) | (need),        \
		.run = refuse_window,                             \
		.row = &(const struct bad_window){ __VA_ARGS__ }, \
	}
#define BOTH_TYPES(word, about_, ...)                                               \
	BAD_WINDOW(word "-1", "1 cannot be bound " about_, NEEDS(WINDOW_1),         \
		   WINDOW_TYPE_1, __VA_ARGS__),                                     \
		BAD_WINDOW(word "-2", "2 cannot be bound " about_, NEEDS(WINDOW_2), \
			   WINDOW_TYPE_2, __VA_ARGS__)

static const struct scenario bad_windows[] = {
	BOTH_TYPES("longer", "beyond the end of its region", 0, KiB(68)),
	BOTH_TYPES("wraps", "from its region to the end of 64 bits of addresses", 0,
		   0 - KiB(64)),
	BOTH_TYPES("top", "to the last KiB of 64 bits of addresses", 0 - KiB(1), KiB(1)),
	BOTH_TYPES("foreign", "to a region of another protection domain", 0, KiB(16),
		   .foreign = true),
};
SCENARIO_FAMILY(bad_windows);
