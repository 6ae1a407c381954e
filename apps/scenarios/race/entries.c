// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * entries.c - RACE-04, RACE-05: entries of pfn_list beside an invalidation
 *
 * As in INV-24, an entry that outlives its page is written to the device as a neighbour
 * of another page.
 */
#include "base/clock.h"
#include "scenario/scenario.h"

/* The pages that are touched after the first page was freed. */
#define OTHERS	   KiB(8)
#define OTHERS_LEN KiB(56)

/* The device maps a neighbour, and must not reach what the evicted page at @at was. */
static void read_evicted(struct test *t, struct target *memory, uint64_t at)
{
	reconnect(t);
	target_store(t, memory, OTHERS, OTHERS_LEN, GENERATION(2));
	rdma_read(t, memory, OTHERS, PAGE_BYTES, GENERATION(2));
	rdma_read(t, memory, at, PAGE_BYTES, ZEROS);
}

/*
 * Both pages are entered. Before that is validated the first one is unmapped and the
 * second one evicted: the next try ends at the first.
 */
static void unmap_before_the_check(struct test *t, const void *row)
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	const enum kernel_race *race = row;

	target_store(t, memory, 0, KiB(8), GENERATION(1));
	hold_race(t, memory, *race);
	attempt_begin(t, RDMA_READ, memory, .len = KiB(8));
	await_pause(t, memory, 1);
	target_evict(t, memory, PAGE_BYTES, PAGE_BYTES);
	target_unmap(t, memory, 0, PAGE_BYTES);
	expect(t, attempt_end(t) == OP_REM_ACCESS_ERR, "an unmapped page was read");
	release_race(t, memory);
	read_evicted(t, memory, PAGE_BYTES);
}

static const struct scenario entries[] = {
	{ "RACE-04.unmapped",
	  "after a page fault that ended in its second try a page that was freed "
	  "meanwhile "
	  "is never read",
	  NEEDS(ODP, RC_READ, PAUSES), unmap_before_the_check,
	  &(const enum kernel_race){ RACE_WALKED } },
	{ "RACE-04.elsewhere",
	  "after a page fault that ended in its first try a page that was freed before "
	  "is "
	  "never read",
	  NEEDS(ODP, RC_READ, PAUSES), unmap_before_the_check,
	  &(const enum kernel_race){ RACE_NOT_WALKED } },
};
SCENARIO_FAMILY(entries);

#define GIVES_UP_NS (3 * NSEC_PER_SEC) /* longer than the pause of the second try */

/*
 * The first page is entered, and is evicted while the next one is faulted in. So the walk
 * of the prefetch begins again, too late: HMM gives up after a second.
 */
static void give_up(struct test *t, const void *row)
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	const enum kernel_race *race = row;

	target_store(t, memory, 0, PAGE_BYTES, GENERATION(1));
	hold_race(t, memory, *race);
	hold_race(t, memory, RACE_TRIES_AGAIN);
	expect(t, !advise_errno(t, memory, 0, KiB(8), MR_PREFETCH_WRITE, .async = true),
	       "the prefetch was refused");
	await_pause(t, memory, 1);
	target_evict(t, memory, 0, PAGE_BYTES);
	/* that the second try began late is what makes the case */
	if (*race == RACE_FAULTED)
		await_pause(t, memory, 2);
	clock_sleep_ns(GIVES_UP_NS);
	release_race(t, memory);
	read_evicted(t, memory, 0);
}

static const struct scenario gave_up[] = {
	{ "RACE-06.gave-up",
	  "after a prefetch gave up a page that was freed meanwhile is never read",
	  NEEDS(ODP, PREFETCH, RC_READ, PAUSES), give_up,
	  &(const enum kernel_race){ RACE_FAULTED } },
	{ "RACE-06.elsewhere",
	  "a page that is freed before its prefetch looks at it is never read",
	  NEEDS(ODP, PREFETCH, RC_READ, PAUSES), give_up,
	  &(const enum kernel_race){ RACE_NOT_WALKED } },
};
SCENARIO_FAMILY(gave_up);

/*
 * While munmap() has taken the mapping away and not called the notifiers yet, a prefetch
 * without faults walks over the range, and goes on only long after munmap() has returned.
 */
static void prefetch_beside_munmap(struct test *t, const void *row)
{
	struct target *memory = responder_target(t, REGION_ANON, KiB(64), MR_ODP);
	const enum kernel_race *race = row;
	enum op_status status;

	rdma_write(t, memory, 0, KiB(16), GENERATION(1));
	rdma_read(t, memory, 0, KiB(16), GENERATION(1));
	hold_race(t, memory, RACE_PREFETCH_BEGINS);
	hold_race(t, memory, RACE_UNMAPPING);
	hold_race(t, memory, *race);
	expect(t,
	       !advise_errno(t, memory, 0, KiB(16), MR_PREFETCH_NO_FAULT, .async = true),
	       "the prefetch was refused");
	await_pause(t, memory, 1);
	target_unmap(t, memory, 0, KiB(16));
	status = rdma_read_status(t, memory, 0, KiB(16));
	release_race(t, memory);
	expect(t, status == OP_REM_ACCESS_ERR, "a READ after munmap() completed with %s",
	       op_status_name(status));
}

static const struct scenario unmappings[] = {
	{ "RACE-05.prefetch",
	  "after munmap() the device reads nothing, although a prefetch without faults "
	  "is "
	  "under way",
	  NEEDS(ODP, PREFETCH, RC_WRITE, RC_READ, PAUSES), prefetch_beside_munmap,
	  &(const enum kernel_race){ RACE_WALKED } },
	{ "RACE-05.elsewhere",
	  "after munmap() the device reads nothing, although a prefetch begins late",
	  NEEDS(ODP, PREFETCH, RC_WRITE, RC_READ, PAUSES), prefetch_beside_munmap,
	  &(const enum kernel_race){ RACE_NOT_WALKED } },
};
SCENARIO_FAMILY(unmappings);
