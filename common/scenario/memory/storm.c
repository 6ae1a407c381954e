// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm.c - words that make the kernel invalidate pages of a target, in a loop */
#include "scenario/memory/storm.h"

#include <errno.h>

#include "base/clock.h"
#include "testcase/expect.h"
#include "testcase/test.h"

bool storm_begins(struct test *t, struct target *target, enum invalidator by,
		  uint32_t pause_us, const char *step, const char *file, int line)
{
	test_at(t, file, line, step);
	ASK_TARGET(t, target, "begin a storm", SIDE_STORM_BEGIN, .argument = by,
		   .key = pause_us, .pattern.seed = target->seed);
	t->storm_target = target;
	t->storm = by;
	return true;
}

bool test_storm_goes_on(struct test *t, uint64_t *cycles)
{
	struct side_reply reply;

	if (side_call(t->storm_target->side, &REQUEST(SIDE_STORM_CYCLES), &reply))
		return false;
	*cycles = reply.number;
	return true;
}

#define CYCLES_PATIENCE_S 20

void(await_cycles)(struct test *t, uint64_t n)
{
	struct deadline deadline = deadline_for(t, CYCLES_PATIENCE_S * NSEC_PER_SEC);
	uint64_t from, now;

	if (!test_storm_goes_on(t, &from))
		return;
	while (test_storm_goes_on(t, &now) && now - from < n)
		if (deadline_passed(&deadline))
			test_fail(t, "only %" PRIu64 " cycles of the storm in %llu s",
				  now - from, deadline.ns / NSEC_PER_SEC);
}

bool storm_ends(struct test *t, const char *step, const char *file, int line)
{
	const char *name = invalidator_name(t->storm);
	struct side_reply reply;
	uint64_t cycles = 0;
	int ret;

	test_at(t, file, line, step);
	test_storm_goes_on(t, &cycles);
	ret = side_call(t->storm_target->side, &REQUEST(SIDE_STORM_END), &reply);
	if (ret == -EBADMSG)
		test_fail(t, "%s: data changed while the target was write-protected",
			  name);
	if (ret)
		test_fail_errno(t, ret, "%s", name);
	test_note(t,
		  "%" PRIu64 " rounds of traffic during %" PRIu64 " times %s, %" PRIu64
		  " operations refused",
		  t->traffic.rounds, cycles, name, t->traffic.refusals);
	t->storm_target = NULL;
	return false;
}
