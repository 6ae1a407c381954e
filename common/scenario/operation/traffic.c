// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* traffic.c - words for traffic of the initiator during a storm */
#include "scenario/operation/traffic.h"

#include <errno.h>

#include "base/clock.h"
#include "scenario/memory/data.h"
#include "scenario/memory/storm.h"
#include "scenario/operation/queue_pair.h"
#include "scenario/operation/rdma.h"
#include "scenario/operation/scratch.h"
#include "testcase/test.h"

/* Far more than any storm causes: the memory stays inaccessible. */
#define REFUSALS_IN_A_ROW 1000

/*
 * HMM_RANGE_DEFAULT_TIMEOUT (mm/hmm.c): a fault on a range that is invalidated meanwhile
 * is given up after a second. On a host that is slow enough each storm does that.
 */
#define HMM_GIVES_UP_NS NSEC_PER_SEC

/* Was it a refusal that the storm can cause? Then the queue pair is replaced. */
static bool refused(struct test *t, enum op_status status, uint64_t took_ns,
		    unsigned int harm, unsigned int *row)
{
	if (status == OP_SUCCESS)
		return false;
	if (t->storm_target && took_ns > HMM_GIVES_UP_NS)
		harm |= REFUSES;
	if (!(harm & REFUSES) || status != OP_REM_ACCESS_ERR)
		test_fail_access(t, "completed with %s after %llu ms",
				 op_status_name(status),
				 (unsigned long long)(took_ns / NSEC_PER_MSEC));
	if (++*row == REFUSALS_IN_A_ROW)
		test_fail_access(t, "refused %u times in a row", *row);
	t->traffic.refusals++;
	(reconnect)(t);
	return true;
}

#define GENERATIONS 60000 /* before their numbers are used again */

static void write_pages(struct test *t, struct target *target, uint64_t first, uint64_t n,
			unsigned int harm)
{
	uint16_t generation = t->traffic.generation % GENERATIONS + 1;
	unsigned int row = 0;
	enum op_status status;
	uint64_t begin;

	do {
		begin = clock_ns();
		status = (rdma_write_status)(t, target, first * PAGE_BYTES,
					     n * PAGE_BYTES, generation);
	} while (refused(t, status, clock_ns() - begin, harm, &row));
	for (uint64_t page = first; page < first + n; page++)
		t->traffic.written[page] = generation;
	t->traffic.generation = generation;
}

/*
 * What lies at page @at of the initiator's scratch memory, against what a page must hold.
 */
static void check_page(struct test *t, struct target *target, uint64_t page, uint64_t at,
		       unsigned int harm)
{
	uint16_t written = t->traffic.written[page];
	uint16_t generation = written ? written : ZEROS;
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = TRY_TARGET(t->scratch, &reply, SIDE_TARGET_CHECK_EITHER,
			     .offset = SCRATCH_AT + at * PAGE_BYTES, .len = PAGE_BYTES,
			     .pattern = { target->seed, generation },
			     .other = { target->seed, harm & LOSES ? ZEROS : generation },
			     .pattern_offset = page * PAGE_BYTES);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data: %s", mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(t, ret, "check");
}

static void read_pages(struct test *t, struct target *target, uint64_t first, uint64_t n,
		       unsigned int harm)
{
	unsigned int row = 0;
	enum op_status status;
	uint64_t begin;

	do {
		begin = clock_ns();
		status =
			(rdma_read_status)(t, target, first * PAGE_BYTES, n * PAGE_BYTES);
	} while (refused(t, status, clock_ns() - begin, harm, &row));
	for (uint64_t i = 0; i < n; i++)
		check_page(t, target, first + i, i, harm);
}

#define RUN_OF_PAGES 4 /* most pages that one operation takes */

static uint64_t traffic_pages(const struct target *target)
{
	uint64_t pages = target->spec.len / PAGE_BYTES;

	return pages < TRAFFIC_PAGES ? pages : TRAFFIC_PAGES;
}

static void one_round(struct test *t, struct target *target, unsigned int harm)
{
	uint64_t pages = traffic_pages(target);
	uint64_t first = rand_below(&t->traffic.rand, pages);
	uint64_t most = pages - first < RUN_OF_PAGES ? pages - first : RUN_OF_PAGES;
	uint64_t n = 1 + rand_below(&t->traffic.rand, most);

	write_pages(t, target, first, n, harm);
	read_pages(t, target, first, n, harm);
	t->traffic.rounds++;
}

void(traffic)(struct test *t, struct target *target, uint64_t rounds, unsigned int harm)
{
	uint64_t cycles = t->storm_target ? 0 : rounds, early = 0;
	bool goes_on = true;

	if (t->traffic.target != target)
		t->traffic = (struct traffic){ target, .rand = { target->seed } };
	t->traffic.rounds = t->traffic.refusals = 0;
	while (goes_on &&
	       test_round(t, size_min(t->traffic.rounds, cycles - early), rounds)) {
		one_round(t, target, harm);
		if (t->storm_target)
			goes_on = test_storm_goes_on(t, &cycles);
		/* cycles before the device had a page have invalidated none */
		if (t->storm_target && t->traffic.rounds == 1)
			early = cycles;
	}
}

/*
 * A stale translation that survived the storm directs WRITE and READ to the same wrong
 * page, so the CPU checks the data. One page at a time: a fault on any page of a longer
 * message would renew the translations of all its pages.
 */
static void check_anew(struct test *t, struct target *target, uint64_t page)
{
	write_pages(t, target, page, 1, KEEPS);
	(check_mapping)(t, target, page * PAGE_BYTES, PAGE_BYTES, t->traffic.generation);
}

#define CHECKED_ANEW	64 /* pages, at most */
#define CHECKED_AT_ONCE 64

void(check_traffic)(struct test *t, struct target *target, unsigned int harm)
{
	uint64_t pages = traffic_pages(target);

	for (uint64_t page = 0; page < pages; page += 1 + pages / (CHECKED_ANEW + 1)) {
		if (!t->traffic.written[page])
			continue;
		read_pages(t, target, page, 1, harm & LOSES);
		check_anew(t, target, page);
	}
	for (uint64_t page = 0; page < pages; page += CHECKED_AT_ONCE)
		read_pages(t, target, page, size_min(pages - page, CHECKED_AT_ONCE),
			   KEEPS);
}
