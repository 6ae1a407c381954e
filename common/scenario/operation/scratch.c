// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* scratch.c - the initiator's memory for operations that name none, with its guards */
#include "scenario/operation/scratch.h"

#include "scenario/memory/target.h"
#include "testcase/test.h"

#define GUARD	       64     /* bytes, before and after */
#define GUARD_IDENTITY 0xfffd /* a generation that no scenario writes */

/* Fills or checks one guard. */
static int guard(struct test *t, enum request_kind kind, uint64_t offset,
		 struct mismatch *mismatch)
{
	struct side_reply reply;
	int ret = TRY_TARGET(t->scratch, &reply, kind, .offset = offset, .len = GUARD,
			     .pattern = { t->scratch->seed, GUARD_IDENTITY },
			     .pattern_offset = offset);

	record_due(&t->record, 0);
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
		{ SCRATCH_AT + t->scratch_len, "after" },
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
