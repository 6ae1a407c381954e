// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_background.c - steps that let traffic go on while the scenario does something else */
#include <string.h>

#include "base/units.h"
#include "run/test.h"

/* No scenario that has traffic writes these itself. */
#define FIRST_GENERATION 0x1000

void(background_begin)(struct test *t, struct target *target, uint64_t offset,
		       uint64_t len)
{
	struct target *locals[2];
	struct side_request request = {
		.kind = SIDE_BACKGROUND_BEGIN,
		.pattern = { target->seed, FIRST_GENERATION },
		.pattern_offset = offset,
		.op.pieces = 2,
		.op.remote_addr = target->info.addr - target->spec.mr_offset + offset,
		.op.rkey = target->info.rkey,
	};
	struct side_reply reply;

	for (unsigned int i = 0; i < ARRAY_SIZE(locals); i++) {
		locals[i] =
			(initiator_target)(t, (struct target_spec){ .kind = REGION_ANON,
								    .mode = MR_PINNED,
								    .len = len });
		request.op.piece[i] =
			(struct piece){ locals[i]->info.id, 0, (uint32_t)len };
	}
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
	char longest[UNITS_TEXT], text[MISMATCH_TEXT];

	test_call(t, t->side[INITIATOR], &request, reply, "end traffic");
	if (reply->background.wrong)
		test_fail(t, "traffic: wrong data in turn %llu: %s",
			  (unsigned long long)reply->background.turns + 1,
			  mismatch_describe(&reply->mismatch, text));
	test_note(t, "traffic: %llu WRITEs read back, the longest operation %s",
		  (unsigned long long)reply->background.turns,
		  units_format_duration(reply->background.longest_ns, longest));
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
