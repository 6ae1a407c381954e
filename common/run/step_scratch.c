// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_scratch.c - the initiator's memory for operations that name none, with its guards */
#include <errno.h>

#include "run/test.h"

#define GUARD	       64     /* bytes, before and behind */
#define GUARD_IDENTITY 0xfffd /* a generation that no scenario writes */

static int guard(struct test *t, enum request_kind kind, uint64_t offset,
		 struct mismatch *mismatch)
{
	struct side_request request = {
		.kind = kind,
		.target = t->scratch->info.id,
		.offset = offset,
		.len = GUARD,
		.pattern = { t->scratch->seed, GUARD_IDENTITY },
		.pattern_offset = offset,
	};
	struct side_reply reply;
	int ret = side_call(t->scratch->side, &request, &reply);

	*mismatch = reply.mismatch;
	return ret;
}

struct target *test_scratch(struct test *t, uint64_t len)
{
	const struct target_spec spec = {
		.kind = REGION_ANON,
		.mode = MR_PINNED,
		.len = round_up(SCRATCH_AT + len + GUARD, MiB(1)),
	};
	struct mismatch none;

	if (!t->scratch || target_len(t->scratch) < spec.len)
		t->scratch = (initiator_target)(t, spec);
	t->scratch_len = len;
	if (guard(t, SIDE_TARGET_STORE, SCRATCH_AT - GUARD, &none) ||
	    guard(t, SIDE_TARGET_STORE, SCRATCH_AT + len, &none))
		test_fail(t, "guard the initiator's memory");
	return t->scratch;
}

void test_scratch_check(struct test *t)
{
	const struct {
		uint64_t offset;
		const char *where;
	} guards[] = {
		{ SCRATCH_AT - GUARD, "before" },
		{ SCRATCH_AT + t->scratch_len, "behind" },
	};
	char text[MISMATCH_TEXT];
	struct mismatch mismatch;

	for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
		if (guard(t, SIDE_TARGET_CHECK_MAPPING, guards[i].offset, &mismatch))
			test_fail(t,
				  "written outside of the message, %s the initiator's "
				  "buffer of %" PRIu64 " bytes: %s",
				  guards[i].where, t->scratch_len,
				  mismatch_describe(&mismatch, text));
}
