// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_either.c - a range that a message may have reached in part: old words, or new ones */
#include <errno.h>
#include <string.h>

#include "run/test.h"

void(check_either)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t one, uint16_t other)
{
	struct side_request request = {
		.kind = SIDE_TARGET_CHECK_EITHER,
		.target = target->info.id,
		.offset = offset,
		.len = len,
		.pattern = { target->seed, one },
		.other = { target->seed, other },
		.pattern_offset = offset,
	};
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data, nor is it of generation %u: %s", other,
			  mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail(t, "check: %s", strerror(-ret));
}
