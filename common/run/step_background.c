// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_background.c - steps that let traffic go on while the scenario does something else */
#include <string.h>

#include "base/units.h"
#include "run/test.h"

/* No scenario that has traffic writes these itself. Each beginning goes on from the last. */
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
	struct side_request request = {
		.kind = SIDE_BACKGROUND_BEGIN,
		.pattern = { target->seed,
			     FIRST_GENERATION + t->background.turns % GENERATIONS },
		.pattern_offset = offset,
		.op.pieces = ARRAY_SIZE(t->background.locals),
		.op.remote_addr = target->info.addr - target->spec.mr_offset + offset,
		.op.rkey = target->info.rkey,
	};
	struct side_reply reply;

	for (unsigned int i = 0; i < request.op.pieces; i++)
		request.op.piece[i] =
			(struct piece){ local(t, i, len)->info.id, 0, (uint32_t)len };
	test_call(t, t->side[INITIATOR], &request, &reply, "begin traffic");
}

void(background_wait)(struct test *t)
{
	struct side_request request = { .kind = SIDE_BACKGROUND_WAIT };
	struct side_reply reply;

	test_call(t, t->side[INITIATOR], &request, &reply, "wait for traffic");
}

static void end_traffic(struct test *t, struct side_reply *reply)
{
	struct side_request request = { .kind = SIDE_BACKGROUND_END };
	struct background_traffic *total = &t->background;
	char text[MISMATCH_TEXT];

	test_call(t, t->side[INITIATOR], &request, reply, "end traffic");
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
		test_fail(t, "traffic: completed with %s in turn %llu",
			  op_status_name(reply.background.status),
			  (unsigned long long)reply.background.turns + 1);
	if (!reply.background.turns)
		test_fail(t, "traffic: not one turn");
	return reply.background.generation;
}

enum op_status(background_end_status)(struct test *t)
{
	struct side_reply reply;

	end_traffic(t, &reply);
	return reply.background.status;
}

void test_say_background(struct test *t)
{
	const struct background_traffic *total = &t->background;
	char longest[UNITS_TEXT];

	if (total->times)
		test_note(t,
			  "background traffic x %u: %" PRIu64
			  " WRITEs read back, the longest operation %s",
			  total->times, total->turns,
			  units_format_duration(total->longest_ns, longest));
}
