// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_either.c - a range that a message may have reached in part: old words, or new ones */
#include <errno.h>
#include <string.h>

#include "run/test.h"

#define WORD sizeof(uint64_t)

/*
 * How many bytes of the range hold @generation, from its start, in whole words. Sets
 * *mismatch where it is not all of them.
 */
static uint64_t reaches(struct test *t, struct target *target, uint64_t offset,
			uint64_t len, uint16_t generation, struct mismatch *mismatch)
{
	struct side_request request = {
		.kind = SIDE_TARGET_CHECK_MAPPING,
		.target = target->info.id,
		.offset = offset,
		.len = len,
		.pattern = { target->seed, generation },
		.pattern_offset = offset,
	};
	struct side_reply reply;
	int ret = side_call(target->side, &request, &reply);

	if (!ret)
		return len;
	if (ret != -EBADMSG)
		test_fail(t, "check: %s", strerror(-ret));
	*mismatch = reply.mismatch;
	return round_down(reply.mismatch.offset, WORD) - offset;
}

void(check_either)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t one, uint16_t other)
{
	char text[MISMATCH_TEXT];
	struct mismatch mismatch;
	uint64_t done;

	while (len) {
		done = reaches(t, target, offset, len, one, &mismatch);
		if (!done)
			done = reaches(t, target, offset, len, other, &mismatch);
		if (!done)
			test_fail(t, "wrong data, neither generation %u nor %u: %s", one,
				  other, mismatch_describe(&mismatch, text));
		offset += done;
		len -= done;
	}
}
