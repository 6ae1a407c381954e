// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* background.c - words for traffic in a thread while the scenario does other things */
#include "scenario/operation/background.h"

#include "scenario/memory/target.h"
#include "testcase/execute.h"
#include "testcase/touch.h"

/*
 * Scenarios with background traffic do not write these. Each beginning continues the
 * count.
 */
#define FIRST_GENERATION 0x1000
#define GENERATIONS	 0x4000

static struct target *local(struct test *t, unsigned int i, uint64_t len)
{
	struct target *before = t->background.locals[i];
	struct target_spec spec = { .kind = REGION_ANON, .mode = MR_PINNED, .len = len };

	if (!before || before->spec.len != len)
		t->background.locals[i] = (initiator_target)(t, spec);
	return t->background.locals[i];
}

void(background_begin)(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len)
{
	uint16_t first = FIRST_GENERATION + t->background.turns % GENERATIONS;
	struct side_op op = { 0 };

	for (unsigned int i = 0; i < ARRAY_SIZE(t->background.locals); i++)
		side_op_add(&op, local(t, i, len), 0, len);
	side_op_aim(&op, target, offset);
	test_touches_anything(t);
	t->background.running = true;
	ASK(t, t->side[INITIATOR], "begin traffic", SIDE_BACKGROUND_BEGIN,
	    .pattern = { target->seed, first }, .pattern_offset = offset, .op = op);
}

void(background_wait)(struct test *t)
{
	ASK(t, t->side[INITIATOR], "wait for traffic", SIDE_BACKGROUND_WAIT);
}

static void end_traffic(struct test *t, struct side_reply *reply)
{
	struct background_traffic *total = &t->background;
	char text[MISMATCH_TEXT];

	*reply = ASK(t, t->side[INITIATOR], "end traffic", SIDE_BACKGROUND_END);
	total->running = false;
	total->times++;
	total->turns += reply->background.turns;
	if (reply->background.longest_ns > total->longest_ns)
		total->longest_ns = reply->background.longest_ns;
	if (reply->background.wrong)
		test_fail(t, "traffic: wrong data in turn %llu: %s",
			  (unsigned long long)reply->background.turns + 1,
			  mismatch_describe(&reply->mismatch, text));
}

uint16_t(background_end)(struct test *t)
{
	struct side_reply reply;

	end_traffic(t, &reply);
	if (reply.background.status != OP_SUCCESS)
		test_fail_access(t, "traffic: completed with %s in turn %llu",
				 op_status_name(reply.background.status),
				 (unsigned long long)reply.background.turns + 1);
	if (!reply.background.turns)
		test_fail(t, "traffic: no turn was completed");
	return reply.background.generation;
}

enum op_status(background_end_status)(struct test *t)
{
	struct side_reply reply;

	end_traffic(t, &reply);
	return reply.background.status;
}
