// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data.c - words that fill targets and check what lies in them */
#include "scenario/memory/data.h"

#include <errno.h>

#include "testcase/test.h"

/* Fill, store and check: one request, with the data of @meant at @meant_offset. */
static int data(struct target *target, enum request_kind kind, uint64_t offset,
		const struct target *meant, uint64_t meant_offset, uint64_t len,
		uint16_t generation, struct side_reply *reply)
{
	return TRY_TARGET(target, reply, kind, .offset = offset, .len = len,
			  .pattern = { meant->seed, generation },
			  .pattern_offset = meant_offset);
}

static void put(struct test *t, struct target *target, enum request_kind kind,
		uint64_t offset, const struct target *meant, uint64_t meant_offset,
		uint64_t len, uint16_t generation)
{
	struct side_reply reply;
	int ret =
		data(target, kind, offset, meant, meant_offset, len, generation, &reply);

	if (ret)
		test_fail_errno(t, ret, "fill");
}

/*
 * A check that cannot fail proves nothing: the same check must refuse another generation,
 * byte for byte. Less than a word may be the same in both generations by chance.
 */
static void check_control(struct test *t, struct target *target, enum request_kind kind,
			  uint64_t offset, const struct target *meant,
			  uint64_t meant_offset, uint64_t len, uint16_t generation)
{
	uint64_t n = size_min(len, KiB(64)), skip = len - n;
	struct side_reply reply;
	int ret;

	if (n < sizeof(uint64_t))
		return;
	ret = data(target, kind, offset + skip, meant, meant_offset + skip, n,
		   generation ^ 1, &reply);
	if (ret != -EBADMSG || reply.mismatch.bytes < n / 2)
		test_fail(t, "self-test of the data check failed: it accepted a wrong "
			     "generation");
}

static void check(struct test *t, struct target *target, enum request_kind kind,
		  uint64_t offset, const struct target *meant, uint64_t meant_offset,
		  uint64_t len, uint16_t generation)
{
	struct side_reply reply;
	char text[MISMATCH_TEXT];
	int ret =
		data(target, kind, offset, meant, meant_offset, len, generation, &reply);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data: %s", mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(t, ret, "check");
	check_control(t, target, kind, offset, meant, meant_offset, len, generation);
}

void(target_fill)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation)
{
	put(t, target, SIDE_TARGET_FILL, offset, target, offset, len, generation);
}

void(target_fill_for)(struct test *t, struct target *target, uint64_t offset,
		      struct target *meant, uint64_t meant_offset, uint64_t len,
		      uint16_t generation)
{
	put(t, target, SIDE_TARGET_FILL, offset, meant, meant_offset, len, generation);
}

void(target_store)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	put(t, target, SIDE_TARGET_STORE, offset, target, offset, len, generation);
}

void(target_store_for)(struct test *t, struct target *target, uint64_t offset,
		       struct target *meant, uint64_t meant_offset, uint64_t len,
		       uint16_t generation)
{
	put(t, target, SIDE_TARGET_STORE, offset, meant, meant_offset, len, generation);
}

void(check_mapping)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_MAPPING, offset, target, offset, len,
	      generation);
}

void(check_mapping_for)(struct test *t, struct target *target, uint64_t offset,
			struct target *meant, uint64_t meant_offset, uint64_t len,
			uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_MAPPING, offset, meant, meant_offset, len,
	      generation);
}

void(check_file)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_FILE, offset, target, offset, len, generation);
}

void(check_file_for)(struct test *t, struct target *target, uint64_t offset,
		     struct target *meant, uint64_t meant_offset, uint64_t len,
		     uint16_t generation)
{
	check(t, target, SIDE_TARGET_CHECK_FILE, offset, meant, meant_offset, len,
	      generation);
}

void(check_either)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t one, uint16_t other)
{
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_TARGET_CHECK_EITHER, .offset = offset,
			     .len = len, .pattern = { target->seed, one },
			     .other = { target->seed, other }, .pattern_offset = offset);

	if (ret == -EBADMSG)
		test_fail(t, "wrong data, neither of generation %u nor of %u: %s", one,
			  other, mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(t, ret, "check");
}
