// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data.c - data is filled in and checked where it belongs, and each check is checked */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scenario/scenario.h"
#include "scripted_side.h"

static struct test *const t = &script.test;
static struct target *target, *meant;

static int begin(void **state)
{
	int ret = script_begin(state);

	target = script_target(RESPONDER, MiB(1));
	meant = script_target(INITIATOR, MiB(1));
	return ret;
}

/* One request, of @of's data at @of_offset. */
static void asked(enum request_kind kind, const struct target *of, uint64_t of_offset,
		  uint16_t generation)
{
	next_is(RESPONDER, &REQUEST(kind, .target = target->info.id, .offset = 16,
				    .len = 4, .pattern = { of->seed, generation },
				    .pattern_offset = of_offset));
}

static void data__of_each_word(void **state)
{
	(target_fill)(t, target, 16, 4, 6);
	asked(SIDE_TARGET_FILL, target, 16, 6);
	(target_fill_for)(t, target, 16, meant, 64, 4, 6);
	asked(SIDE_TARGET_FILL, meant, 64, 6);
	(target_store)(t, target, 16, 4, 6);
	asked(SIDE_TARGET_STORE, target, 16, 6);
	(target_store_for)(t, target, 16, meant, 64, 4, 6);
	asked(SIDE_TARGET_STORE, meant, 64, 6);
	(check_mapping)(t, target, 16, 4, 6);
	asked(SIDE_TARGET_CHECK_MAPPING, target, 16, 6);
	(check_mapping_for)(t, target, 16, meant, 64, 4, 6);
	asked(SIDE_TARGET_CHECK_MAPPING, meant, 64, 6);
	(check_file)(t, target, 16, 4, 6);
	asked(SIDE_TARGET_CHECK_FILE, target, 16, 6);
	(check_file_for)(t, target, 16, meant, 64, 4, 6);
	asked(SIDE_TARGET_CHECK_FILE, meant, 64, 6);
	assert_int_equal(script.seen, script.asked);
	assert_string_equal(said(), "");
}

static void fill__that_fails(void **state)
{
	script.error[SIDE_TARGET_FILL] = ENOSPC;
	fails((target_fill)(t, target, 0, 8, 1), "fill: No space left on device");
	script.error[SIDE_TARGET_STORE] = EFAULT;
	fails((target_store)(t, target, 0, 8, 1), "store: Bad address");
}

static void check__that_fails(void **state)
{
	script.error[SIDE_TARGET_CHECK_FILE] = EIO;
	fails((check_file)(t, target, 0, 8, 1), "check: Input/output error");
	script.error[SIDE_TARGET_CHECK_FILE] = EBADMSG;
	script.reply[SIDE_TARGET_CHECK_FILE].mismatch =
		(struct mismatch){ MISMATCH_STALE, .bytes = 8, .expected = 2,
				   .generation = 1 };
	fails((check_file)(t, target, 0, 8, 2),
	      "wrong data: stale generation 1 at offset 0, expected generation 2 (8 "
	      "bytes "
	      "wrong)");
}

/* The end of the range, of the other generation; less than a word proves nothing. */
static void control__of_each_check(void **state)
{
	const uint64_t len = KiB(64) + 8;

	(check_mapping_for)(t, target, 32, meant, 64, len, 6);
	next_of(SIDE_TARGET_CHECK_MAPPING);
	next_is(RESPONDER,
		&REQUEST(SIDE_TARGET_CHECK_MAPPING, .target = target->info.id,
			 .offset = 32 + 8, .len = KiB(64), .pattern = { meant->seed, 7 },
			 .pattern_offset = 64 + 8));
	(check_mapping)(t, target, 0, 8, 7);
	next_of(SIDE_TARGET_CHECK_MAPPING);
	next_is(RESPONDER, &REQUEST(SIDE_TARGET_CHECK_MAPPING, .target = target->info.id,
				    .len = 8, .pattern = { target->seed, 6 }));
	(check_child)(t, target, 0, 8, 7);
	next_of(SIDE_CHILD_CHECK);
	next_is(RESPONDER, &REQUEST(SIDE_CHILD_CHECK, .target = target->info.id, .len = 8,
				    .pattern = { target->seed, 6 }));
	(check_mirror)(t, target, 0, 8, 7);
	next_of(SIDE_MIRROR_CHECK);
	next_is(RESPONDER, &REQUEST(SIDE_MIRROR_CHECK, .target = target->info.id,
				    .len = 8, .pattern = { target->seed, 6 }));
	(check_mapping)(t, target, 0, 7, 7);
	next_of(SIDE_TARGET_CHECK_MAPPING);
	none_of(SIDE_TARGET_CHECK_MAPPING);
}

static int wrong_bytes, control_error;

/* Accepts generation 2; of others it says that so many bytes are wrong. */
static int control(struct side *side, const struct side_request *request,
		   struct side_reply *reply)
{
	*reply = (struct side_reply){ .mismatch.bytes = (uint64_t)wrong_bytes };
	return request->pattern.generation == 2 ? 0 : -control_error;
}

#define SELF_TEST "self-test of the data check failed: it accepted a wrong generation"

static void control__must_be_refused(void **state)
{
	script.side[RESPONDER].call = control;
	control_error = 0;
	wrong_bytes = 16;
	fails((check_mapping)(t, target, 0, 16, 2), SELF_TEST);
	control_error = EIO;
	fails((check_mapping)(t, target, 0, 16, 2), SELF_TEST);
	control_error = EBADMSG;
	wrong_bytes = 7;
	fails((check_mapping)(t, target, 0, 16, 2), SELF_TEST);
	wrong_bytes = 8;
	(check_mapping)(t, target, 0, 16, 2);
}

static void either__of_two_generations(void **state)
{
	(check_either)(t, target, 16, 8, 3, 4);
	next_is(RESPONDER,
		&REQUEST(SIDE_TARGET_CHECK_EITHER, .target = target->info.id,
			 .offset = 16, .len = 8, .pattern = { target->seed, 3 },
			 .other = { target->seed, 4 }, .pattern_offset = 16));
	script.error[SIDE_TARGET_CHECK_EITHER] = EIO;
	fails((check_either)(t, target, 16, 8, 3, 4), "check: Input/output error");
	script.error[SIDE_TARGET_CHECK_EITHER] = EBADMSG;
	script.reply[SIDE_TARGET_CHECK_EITHER].mismatch =
		(struct mismatch){ MISMATCH_STALE, .offset = 16, .bytes = 8,
				   .expected = 3, .generation = 2 };
	fails((check_either)(t, target, 16, 8, 3, 4),
	      "wrong data, neither of generation 3 nor of 4: stale generation 2 at "
	      "offset "
	      "16, expected generation 3 (8 bytes wrong)");
}

#define WITH_TARGETS(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_TARGETS(data__of_each_word),	WITH_TARGETS(fill__that_fails),
	WITH_TARGETS(check__that_fails),	WITH_TARGETS(control__of_each_check),
	WITH_TARGETS(control__must_be_refused), WITH_TARGETS(either__of_two_generations),
};

int main(void)
{
	return cmocka_run_group_tests_name("data", tests, NULL, NULL);
}
