// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_storm.c - steps that take pages away from a device, and traffic that must bear it */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "run/test.h"

/* The kernel may be unable to for a moment, while somebody holds a page. */
#define PATIENCE_NS (2 * NSEC_PER_SEC)

static void insist(struct test *t, struct target *target,
		   const struct side_request *request, const char *what)
{
	uint64_t deadline = clock_ns() + PATIENCE_NS;
	struct side_reply reply;
	int ret;

	do
		ret = side_call(target->side, request, &reply);
	while (ret == -EAGAIN && !clock_passed(deadline));
	if (ret)
		test_fail(t, "%s: %s", what, strerror(-ret));
}

void(target_madvise)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		     enum region_advice advice)
{
	struct side_request request = { .kind = SIDE_TARGET_MADVISE,
					.target = target->info.id,
					.offset = offset,
					.len = len,
					.argument = advice };

	insist(t, target, &request, region_advice_name(advice));
}

#define SWAP_PAUSE_NS (200 * NSEC_PER_MSEC)

void(await_swap_written)(struct test *t)
{
	(void)t;
	clock_sleep_ns(SWAP_PAUSE_NS);
}

void(join_cgroup)(struct test *t)
{
	struct side_request request = { .kind = SIDE_JOIN_CGROUP };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "join a cgroup");
}

void(invalidate)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 enum invalidator by)
{
	struct side_request request = { .kind = SIDE_TARGET_INVALIDATE,
					.target = target->info.id,
					.offset = offset,
					.len = len,
					.argument = by };

	insist(t, target, &request, invalidator_name(by));
}

bool(compact_memory)(struct test *t, struct target *target)
{
	struct side_request request = { .kind = SIDE_TARGET_INVALIDATE,
					.target = target->info.id,
					.len = target_len(target),
					.argument = BY_COMPACTION };
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (ret && ret != -EAGAIN)
		test_fail(t, "%s: %s", invalidator_name(BY_COMPACTION), strerror(-ret));
	return !ret;
}

bool storm_begins(struct test *t, struct target *target, enum invalidator by,
		  bool relentless, const char *step, const char *file, int line)
{
	struct side_request request = { .kind = SIDE_STORM_BEGIN,
					.target = target->info.id,
					.argument = by,
					.flag = relentless,
					.pattern.seed = target->seed };
	struct side_reply reply;

	test_at(t, file, line, step);
	test_call(t, target->side, &request, &reply, "begin a storm");
	t->stormy = target;
	t->storm = by;
	return true;
}

/* Returns false where the storm has ended before its time: storm_ends() will tell why. */
static bool storm_goes_on(struct test *t, uint64_t *cycles)
{
	struct side_request request = { .kind = SIDE_STORM_CYCLES };
	struct side_reply reply;

	if (side_call(t->stormy->side, &request, &reply))
		return false;
	*cycles = reply.number;
	return true;
}

#define CYCLES_PATIENCE_S 20

void(await_cycles)(struct test *t, uint64_t n)
{
	uint64_t deadline = clock_ns() + CYCLES_PATIENCE_S * NSEC_PER_SEC, from, now;

	if (!storm_goes_on(t, &from))
		return;
	while (storm_goes_on(t, &now) && now - from < n)
		if (clock_passed(deadline))
			test_fail(t, "only %" PRIu64 " cycles of the storm in %d s",
				  now - from, CYCLES_PATIENCE_S);
}

bool storm_ends(struct test *t, const char *step, const char *file, int line)
{
	struct side_request request = { .kind = SIDE_STORM_END };
	const char *name = invalidator_name(t->storm);
	struct side_reply reply;
	uint64_t cycles = 0;
	int ret;

	test_at(t, file, line, step);
	storm_goes_on(t, &cycles);
	ret = side_call(t->stormy->side, &request, &reply);
	if (ret == -EBADMSG)
		test_fail(t, "%s: data changed while nobody was allowed to write", name);
	if (ret)
		test_fail(t, "%s: %s", name, strerror(-ret));
	test_note(t,
		  "%" PRIu64 " rounds of traffic during %" PRIu64 " times %s, %" PRIu64
		  " operations refused",
		  t->traffic.rounds, cycles, name, t->traffic.refusals);
	t->stormy = NULL;
	return false;
}

/* Far more than any storm causes, and an end where memory stays closed. */
#define REFUSALS_IN_A_ROW 1000

/* Was it a refusal that the storm explains? Then the queue pair is a new one. */
static bool refused(struct test *t, enum op_status status, uint64_t took_ns,
		    unsigned int harm, unsigned int *row)
{
	if (status == OP_SUCCESS)
		return false;
	/* the time tells HMM's limit of a second from a refusal out of hand */
	if (!(harm & REFUSES) || status != OP_REM_ACCESS_ERR)
		test_fail(t, "completed with %s after %llu ms", op_status_name(status),
			  (unsigned long long)(took_ns / NSEC_PER_MSEC));
	if (++*row == REFUSALS_IN_A_ROW)
		test_fail(t, "refused %u times in a row", *row);
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

/* What lies at page @at of the initiator's scratch memory, against what a page must hold. */
static void check_page(struct test *t, struct target *target, uint64_t page, uint64_t at,
		       unsigned int harm)
{
	uint16_t written = t->traffic.written[page];
	uint16_t generation = written ? written : ZEROS;
	struct pattern due = { target->seed, generation };
	struct side_request request = {
		.kind = SIDE_TARGET_CHECK_EITHER,
		.target = t->scratch->info.id,
		.offset = SCRATCH_AT + at * PAGE_BYTES,
		.len = PAGE_BYTES,
		.pattern = due,
		.other = { target->seed, harm & LOSES ? ZEROS : generation },
		.pattern_offset = page * PAGE_BYTES,
	};
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = side_call(t->scratch->side, &request, &reply);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data: %s", mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail(t, "check: %s", strerror(-ret));
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

void(use_local)(struct test *t, struct target *local)
{
	t->scratch = local;
}

void(traffic)(struct test *t, struct target *target, uint64_t rounds, unsigned int harm)
{
	uint64_t cycles = t->stormy ? 0 : rounds;

	bool goes_on = true;

	if (t->traffic.target != target)
		t->traffic = (struct traffic){ target, .rand = { target->seed } };
	t->traffic.rounds = t->traffic.refusals = 0;
	while (goes_on && test_round(t, size_min(t->traffic.rounds, cycles), rounds)) {
		one_round(t, target, harm);
		if (t->stormy)
			goes_on = storm_goes_on(t, &cycles);
	}
}

/*
 * A translation that has survived the storm takes writes to where the CPU does not look
 * any more, and reads them back from there: so the CPU is asked. One page at a time, as a
 * fault on any page of a longer message would have all of them mapped anew.
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
