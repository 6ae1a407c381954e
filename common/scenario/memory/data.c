// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data.c - words that fill targets and check what lies in them */
#include "scenario/memory/data.h"

#include <errno.h>

#include "testcase/test.h"

/*
 * What is filled, stored or checked: @len bytes of @target, with what is written for
 * @meant.
 */
struct data {
	struct target *target;
	uint64_t offset;
	const struct target *meant;
	uint64_t meant_offset, len;
	uint16_t generation;
};

static int ask(enum request_kind kind, const struct data *data, struct side_reply *reply)
{
	return TRY_TARGET(data->target, reply, kind, .offset = data->offset,
			  .len = data->len,
			  .pattern = { data->meant->seed, data->generation },
			  .pattern_offset = data->meant_offset);
}

static void put(struct test *t, enum request_kind kind, const char *what,
		const struct data *data)
{
	struct side_reply reply;
	int ret = ask(kind, data, &reply);

	record_due(&t->record, 0);
	if (ret)
		test_fail_errno(t, ret, "%s", what);
}

/*
 * A check that cannot fail proves nothing: the same check must refuse another generation,
 * byte for byte. Less than a word may be the same in both generations by chance.
 */
static void check_control(struct test *t, enum request_kind kind, const struct data *data)
{
	uint64_t n = size_min(data->len, KiB(64)), skip = data->len - n;
	const struct data other = { data->target,
				    data->offset + skip,
				    data->meant,
				    data->meant_offset + skip,
				    n,
				    data->generation ^ 1 };
	struct side_reply reply;
	int ret;

	if (n < sizeof(uint64_t))
		return;
	ret = ask(kind, &other, &reply);
	if (ret != -EBADMSG || reply.mismatch.bytes < n / 2)
		test_fail(t, "self-test of the data check failed: it accepted a wrong "
			     "generation");
}

/* @where: of wrong data, as " in the child"; "" where the side itself looks. */
static void check(struct test *t, enum request_kind kind, const char *where,
		  const struct data *data)
{
	struct side_reply reply;
	char text[MISMATCH_TEXT];
	int ret = ask(kind, data, &reply);

	record_due(&t->record, 0);
	if (ret == -EBADMSG)
		test_fail(t, "wrong data%s: %s", where,
			  mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(t, ret, "check%s", where);
	check_control(t, kind, data);
}

void(target_fill)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation)
{
	(target_fill_for)(t, target, offset, target, offset, len, generation);
}

void(target_fill_for)(struct test *t, struct target *target, uint64_t offset,
		      struct target *meant, uint64_t meant_offset, uint64_t len,
		      uint16_t generation)
{
	put(t, SIDE_TARGET_FILL, "fill",
	    &(struct data){ target, offset, meant, meant_offset, len, generation });
}

void(target_store)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	(target_store_for)(t, target, offset, target, offset, len, generation);
}

void(target_store_for)(struct test *t, struct target *target, uint64_t offset,
		       struct target *meant, uint64_t meant_offset, uint64_t len,
		       uint16_t generation)
{
	put(t, SIDE_TARGET_STORE, "store",
	    &(struct data){ target, offset, meant, meant_offset, len, generation });
}

void(check_mapping)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation)
{
	(check_mapping_for)(t, target, offset, target, offset, len, generation);
}

void(check_mapping_for)(struct test *t, struct target *target, uint64_t offset,
			struct target *meant, uint64_t meant_offset, uint64_t len,
			uint16_t generation)
{
	check(t, SIDE_TARGET_CHECK_MAPPING, "",
	      &(struct data){ target, offset, meant, meant_offset, len, generation });
}

void(check_file)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		 uint16_t generation)
{
	(check_file_for)(t, target, offset, target, offset, len, generation);
}

void(check_file_for)(struct test *t, struct target *target, uint64_t offset,
		     struct target *meant, uint64_t meant_offset, uint64_t len,
		     uint16_t generation)
{
	check(t, SIDE_TARGET_CHECK_FILE, "",
	      &(struct data){ target, offset, meant, meant_offset, len, generation });
}

void(child_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	put(t, SIDE_CHILD_STORE, "store by the child",
	    &(struct data){ target, offset, target, offset, len, generation });
}

void(check_child)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		  uint16_t generation)
{
	check(t, SIDE_CHILD_CHECK, " in the child",
	      &(struct data){ target, offset, target, offset, len, generation });
}

void(mirror_stores)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		    uint16_t generation)
{
	put(t, SIDE_MIRROR_STORE, "store by the second mirror",
	    &(struct data){ target, offset, target, offset, len, generation });
}

void(check_mirror)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t generation)
{
	check(t, SIDE_MIRROR_CHECK, " in the second mirror",
	      &(struct data){ target, offset, target, offset, len, generation });
}

void(check_either)(struct test *t, struct target *target, uint64_t offset, uint64_t len,
		   uint16_t one, uint16_t other)
{
	char text[MISMATCH_TEXT];
	struct side_reply reply;
	int ret = TRY_TARGET(target, &reply, SIDE_TARGET_CHECK_EITHER, .offset = offset,
			     .len = len, .pattern = { target->seed, one },
			     .other = { target->seed, other }, .pattern_offset = offset);

	record_due(&t->record, 0);
	if (ret == -EBADMSG)
		test_fail(t, "wrong data, neither of generation %u nor of %u: %s", one,
			  other, mismatch_describe(&reply.mismatch, text));
	if (ret)
		test_fail_errno(t, ret, "check");
}
