// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* traffic.c - traffic within storms: what is written, read back and checked */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "scenario/operation/scratch.h"
#include "scenario/scenario.h"
#include "scripted_side.h"

#define PAGES 8

static struct test *const t = &script.test;
static struct target *target;

/* Each look at the storm finds a cycle more. */
static int a_cycle_more(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_STORM_CYCLES)
		reply->number = count_of(SIDE_STORM_CYCLES);
	return complete_as_posted(request, reply);
}

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, PAGES * PAGE_BYTES);
	script.serve = a_cycle_more;
	return ret;
}

static void begin_storm(void)
{
	storm_begins(t, target, BY_PAGEOUT, 0, "storm()", "f.c", 3);
	said();
	script.seen = script.asked;
}

/* The page that was checked, and of which generations it may be. */
static uint64_t checked(uint64_t at, uint16_t generation, uint16_t other)
{
	const struct side_request *check = next_of(SIDE_TARGET_CHECK_EITHER);

	assert_int_equal(check->target, t->scratch->info.id);
	assert_int_equal(check->offset, SCRATCH_AT + at * PAGE_BYTES);
	assert_int_equal(check->len, PAGE_BYTES);
	assert_int_equal(check->pattern.seed, target->seed);
	assert_int_equal(check->pattern.generation, generation);
	assert_int_equal(check->other.seed, target->seed);
	assert_int_equal(check->other.generation, other);
	return check->pattern_offset / PAGE_BYTES;
}

/* Each round writes pages and reads the same pages back. */
static void traffic__writes_and_reads_back(void **state)
{
	uint16_t last[PAGES] = { 0 };

	(traffic)(t, target, 40, KEEPS);
	assert_int_equal(t->traffic.rounds, 40);
	assert_int_equal(t->traffic.refusals, 0);
	assert_int_equal(count_of(SIDE_POST), 2 * 40);
	for (uint16_t round = 1; round <= 40; round++) {
		const struct side_op *wrote = &next_of(SIDE_POST)->op;
		const struct side_op *got = &next_of(SIDE_POST)->op;
		uint64_t first = (got->rdma.remote_addr - target->info.addr) / PAGE_BYTES;
		uint32_t n = got->piece[0].len / PAGE_BYTES;

		assert_int_equal(wrote->rdma.opcode, RDMA_WRITE);
		assert_int_equal(got->rdma.opcode, RDMA_READ);
		assert_int_equal(wrote->rdma.remote_addr, got->rdma.remote_addr);
		assert_int_equal(wrote->piece[0].len, got->piece[0].len);
		assert_in_range(n, 1, 4);
		assert_true(first + n <= PAGES);
		for (uint32_t i = 0; i < n; i++) {
			assert_int_equal(checked(i, round, round), first + i);
			last[first + i] = round;
		}
	}
	for (size_t i = 0; i < PAGES; i++) {
		assert_true(last[i]); /* each has its turn */
		assert_int_equal(t->traffic.written[i], last[i]);
	}
}

/* In a storm as many cycles are due after the first round; and it ends with the storm. */
static void traffic__goes_on_with_the_storm(void **state)
{
	begin_storm();
	(traffic)(t, target, 5, KEEPS);
	assert_int_equal(count_of(SIDE_STORM_CYCLES), 1 + 5);
	assert_int_equal(t->traffic.rounds, 1 + 5);
	script.error[SIDE_STORM_CYCLES] = EIO;
	(traffic)(t, target, 5, KEEPS);
	assert_int_equal(t->traffic.rounds, 1);
}

/* What was written before is not forgotten, unless it is another target's. */
static void traffic__goes_on_with_the_target(void **state)
{
	struct target *other = script_target(RESPONDER, PAGE_BYTES);

	(traffic)(t, target, 3, KEEPS);
	(traffic)(t, target, 3, KEEPS);
	assert_int_equal(t->traffic.generation, 6);
	assert_int_equal(t->traffic.rounds, 3);
	(traffic)(t, other, 1, KEEPS);
	assert_int_equal(t->traffic.generation, 1);
	assert_int_equal(t->traffic.written[0], 1);
	assert_int_equal(t->traffic.written[1], 0);
	/* before the numbers are used up they begin again */
	t->traffic.generation = 60000;
	(traffic)(t, other, 1, KEEPS);
	assert_int_equal(t->traffic.generation, 1);
	t->traffic.generation = 59999;
	(traffic)(t, other, 1, KEEPS);
	assert_int_equal(t->traffic.generation, 60000);
}

static void traffic__may_lose_data(void **state)
{
	(traffic)(t, target, 1, LOSES);
	checked(0, 1, ZEROS);
}

static unsigned int refusals; /* still to come */

static int refuse(const struct side_request *request, struct side_reply *reply)
{
	if (request->kind == SIDE_WAIT && refusals) {
		refusals--;
		script.slept_ns += 2 * NSEC_PER_SEC;
		reply->completion.status = OP_REM_ACCESS_ERR;
	}
	return a_cycle_more(request, reply);
}

#define REFUSED "completed with REM_ACCESS_ERR after "

/*
 * A refused operation is made again, on a new queue pair. A failure has its milliseconds.
 */
static void refusal__where_the_storm_may_refuse(void **state)
{
	const char *after;

	script.serve = refuse;
	refusals = 3;
	(traffic)(t, target, 1, REFUSES);
	assert_int_equal(count_of(SIDE_POST), 3 + 2);
	assert_int_equal(count_of(SIDE_QP_OPEN), 2 * 3);
	assert_int_equal(t->traffic.refusals, 3);
	assert_false(t->broken);
	refusals = 1;
	until_end((traffic)(t, target, 1, LOSES));
	after = strstr(said(), REFUSED);
	assert_non_null(after);
	assert_in_range(strtoull(after + strlen(REFUSED), NULL, 10), 2000, 100000);
	refusals = 0;
	script.reply[SIDE_WAIT].completion.status = OP_RETRY_EXC_ERR;
	until_end((traffic)(t, target, 1, REFUSES));
	assert_non_null(strstr(said(), "completed with RETRY_EXC_ERR after "));
}

/* HMM gives up after a second: on a slow host a storm of any kind makes it do so. */
static void refusal__after_a_second_of_a_storm(void **state)
{
	script.serve = refuse;
	begin_storm();
	refusals = 1;
	(traffic)(t, target, 1, KEEPS);
	assert_int_equal(t->traffic.refusals, 1);
	assert_false(t->broken);
}

static int refuse_all(struct side *side, const struct side_request *request,
		      struct side_reply *reply)
{
	*reply = (struct side_reply){ 0 };
	reply->completion.status = OP_REM_ACCESS_ERR;
	refusals += request->kind == SIDE_WAIT;
	return 0;
}

static void refusal__for_ever(void **state)
{
	refusals = 0;
	script.side[INITIATOR].call = refuse_all;
	script.serve = NULL;
	script.side[RESPONDER].call = refuse_all;
	fails((traffic)(t, target, 1, REFUSES), "refused 1000 times in a row");
	assert_int_equal(refusals, 1000);
}

static void traffic__with_wrong_data(void **state)
{
	script.reply[SIDE_TARGET_CHECK_EITHER].mismatch =
		(struct mismatch){ MISMATCH_ZEROS, .bytes = 8, .expected = 1 };
	script.error[SIDE_TARGET_CHECK_EITHER] = EBADMSG;
	fails((traffic)(t, target, 1, KEEPS),
	      "wrong data: zeros at offset 0, expected generation 1 (8 bytes wrong)");
	script.error[SIDE_TARGET_CHECK_EITHER] = EIO;
	fails((traffic)(t, target, 1, KEEPS), "check: Input/output error");
}

/* Pages that were written: read, written again and read by the CPU. Then all are read. */
static void check__afterwards(void **state)
{
	t->traffic.target = target;
	t->traffic.generation = 7;
	t->traffic.written[2] = 5;
	t->traffic.written[7] = 6;
	(check_traffic)(t, target, LOSES | REFUSES);
	assert_int_equal(checked(0, 5, ZEROS), 2);
	assert_int_equal(next_of(SIDE_POST)->op.rdma.opcode, RDMA_WRITE);
	next_of(SIDE_WAIT);
	next_of(SIDE_TARGET_CHECK_MAPPING);
	next_of(SIDE_TARGET_CHECK_MAPPING);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_CHECK_MAPPING, .target = target->info.id,
				    .offset = 2 * PAGE_BYTES, .len = PAGE_BYTES,
				    .pattern = { target->seed, 8 },
				    .pattern_offset = 2 * PAGE_BYTES));
	assert_int_equal(checked(0, 6, ZEROS), 7);
	assert_int_equal(t->traffic.written[2], 8);
	assert_int_equal(t->traffic.written[7], 9);
	assert_int_equal(next_of(SIDE_POST)->op.piece[0].len, PAGE_BYTES);
	assert_int_equal(next_of(SIDE_POST)->op.piece[0].len, PAGES * PAGE_BYTES);
	for (uint64_t page = 0; page < PAGES; page++) {
		uint16_t due = page == 2 ? 8 : page == 7 ? 9 : ZEROS;

		assert_int_equal(checked(page, due, due), page);
	}
	none_of(SIDE_POST);
}

/* 64 pages a READ; of a large target not all pages are written anew. */
static void check__of_a_large_target(void **state)
{
	struct target *large = script_target(RESPONDER, 130 * PAGE_BYTES);

	t->traffic.target = large;
	for (size_t i = 0; i < 130; i++)
		t->traffic.written[i] = 1;
	target = large;
	(check_traffic)(t, large, KEEPS);
	/* a READ and a WRITE of every third page, and three READs of all */
	assert_int_equal(count_of(SIDE_POST), 2 * 44 + 3);
	assert_int_equal(count_of(SIDE_TARGET_CHECK_EITHER), 44 + 130);
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGET(traffic__writes_and_reads_back),
	WITH_TARGET(traffic__goes_on_with_the_storm),
	WITH_TARGET(traffic__goes_on_with_the_target),
	WITH_TARGET(traffic__may_lose_data),
	WITH_TARGET(refusal__where_the_storm_may_refuse),
	WITH_TARGET(refusal__after_a_second_of_a_storm),
	WITH_TARGET(refusal__for_ever),
	WITH_TARGET(traffic__with_wrong_data),
	WITH_TARGET(check__afterwards),
	WITH_TARGET(check__of_a_large_target),
};

int main(void)
{
	return cmocka_run_group_tests_name("traffic", tests, NULL, NULL);
}
