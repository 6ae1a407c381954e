// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* data.c - what lies in a side's targets: filled, checked, and changed by the CPU */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "asked_side.h"
#include "base/util.h"
#include "memory.h"

/* Data moves in blocks of 1 MiB; a target of two and a half. */
#define BLOCK MiB(1)
#define LEN   (2 * BLOCK + BLOCK / 2)

static struct local_target *target;

static int setup(void **state)
{
	struct side_request open = {
		.kind = SIDE_TARGET_OPEN,
		.spec = { .kind = REGION_MEMFD, .len = LEN, .unregistered = true }
	};

	loopback_reset(state);
	side = loopback_side(INITIATOR);
	assert_int_equal(loopback_ask(side, &open, &reply), 0);
	target = &side->targets[0];
	request = (struct side_request){
		.offset = 40, .len = LEN - 48, .pattern = { 3, 4 }, .pattern_offset = 4096
	};
	return 0;
}

/* The range has the pattern, and what is around it zeros. */
static void is_filled(const unsigned char *bytes)
{
	assert_int_equal(pattern_check(bytes + 40, 4096, LEN - 48, request.pattern, NULL),
			 0);
	assert_true(all_bytes(bytes, 0, 40));
	assert_true(all_bytes(bytes + LEN - 8, 0, 8));
}

/* FILL goes by the file, STORE by the mapping. */
static void fill__without_the_mapping(void **state)
{
	assert_int_equal(ask(SIDE_TARGET_FILL), 0);
	assert_int_equal(resident(&target->region, 0, LEN), 0);
	is_filled(target->region.addr);
}

static void store__by_the_mapping(void **state)
{
	assert_int_equal(ask(SIDE_TARGET_STORE), 0);
	assert_int_equal(resident(&target->region, 0, LEN), LEN / 4096);
	is_filled(target->region.addr);
}

/* The first wrong word ends a check; it is named by its offset in the pattern. */
static void check__by_file_or_mapping(void **state)
{
	static const enum request_kind kinds[] = { SIDE_TARGET_CHECK_FILE,
						   SIDE_TARGET_CHECK_MAPPING,
						   SIDE_TARGET_CHECK_EITHER };

	assert_int_equal(ask(SIDE_TARGET_FILL), 0);
	request.other = request.pattern;
	assert_int_equal(ask(SIDE_TARGET_CHECK_FILE), 0);
	assert_int_equal(resident(&target->region, 0, LEN), 0);
	assert_int_equal(ask(SIDE_TARGET_CHECK_MAPPING), 0);
	assert_int_equal(ask(SIDE_TARGET_CHECK_EITHER), 0);
	target->region.addr[LEN - 9] ^= 1;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		assert_int_equal(ask(kinds[i]), -EBADMSG);
		assert_int_equal(reply.mismatch.offset / 8, (4096 + LEN - 48 - 1) / 8);
		assert_true(reply.mismatch.bytes);
	}
	target->region.addr[BLOCK + 40 + 9] ^= 1;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		assert_int_equal(ask(kinds[i]), -EBADMSG);
		assert_int_equal(reply.mismatch.offset / 8, (4096 + BLOCK + 9) / 8);
	}
}

static void check__of_either(void **state)
{
	request.other = (struct pattern){ 3, 5 };
	assert_int_equal(ask(SIDE_TARGET_FILL), 0);
	pattern_fill(target->region.addr + 48, 4096 + 8, 8, request.other);
	assert_int_equal(ask(SIDE_TARGET_CHECK_MAPPING), -EBADMSG);
	assert_int_equal(ask(SIDE_TARGET_CHECK_EITHER), 0);
	request.other.generation = 6;
	assert_int_equal(ask(SIDE_TARGET_CHECK_EITHER), -EBADMSG);
	assert_int_equal(reply.mismatch.offset / 8, (4096 + 8) / 8);
}

static void file__cannot_be_read(void **state)
{
	assert_int_equal(region_truncate(&target->region, 0), 0);
	assert_true(ask(SIDE_TARGET_CHECK_FILE) < 0);
	assert_int_equal(reply.mismatch.bytes, 0);
}

static void word__is_read_and_added_to(void **state)
{
	static const uint64_t word = 0x1122334455667788;

	memcpy(target->region.addr + LEN - 8, &word, sizeof(word));
	request.offset = LEN - 8;
	request.len = 0;
	assert_int_equal(ask(SIDE_TARGET_READ_WORD), 0);
	assert_true(reply.number == word);
	request.argument = 3;
	assert_int_equal(ask(SIDE_TARGET_ADD), 0);
	assert_int_equal(ask(SIDE_TARGET_READ_WORD), 0);
	assert_true(reply.number == word + 3);
	request.offset += 4;
	assert_int_equal(ask(SIDE_TARGET_READ_WORD), -EINVAL);
	assert_int_equal(ask(SIDE_TARGET_ADD), -EINVAL);
	request.offset = 4; /* not aligned, and not atomic */
	assert_int_equal(ask(SIDE_TARGET_ADD), -EINVAL);
	assert_int_equal(ask(SIDE_TARGET_READ_WORD), 0);
	request.offset = LEN; /* aligned, and outside */
	assert_int_equal(ask(SIDE_TARGET_ADD), -EINVAL);
	request.offset = 0;
	assert_int_equal(ask(SIDE_TARGET_READ_WORD), 0);
	assert_int_equal(reply.number, 0);
}

/* A forked child has its own page table, and the same file. */
static void child__stores_and_checks(void **state)
{
	request.offset = 4096;
	request.len = 64;
	assert_int_equal(ask(SIDE_CHILD_BEGIN), 0);
	assert_int_equal(ask(SIDE_CHILD_STORE), 0);
	assert_int_equal(resident(&target->region, 0, LEN), 0);
	assert_int_equal(ask(SIDE_TARGET_CHECK_MAPPING), 0);
	assert_int_equal(ask(SIDE_CHILD_CHECK), 0);
	target->region.addr[4096 + 17] ^= 1;
	assert_int_equal(ask(SIDE_CHILD_CHECK), -EBADMSG);
	assert_int_equal(reply.mismatch.offset, 4096 + 17);
	assert_int_equal(ask(SIDE_CHILD_END), 0);
	assert_true(ask(SIDE_CHILD_STORE) < 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(fill__without_the_mapping), TEST(store__by_the_mapping),
	TEST(check__by_file_or_mapping), TEST(check__of_either),
	TEST(file__cannot_be_read),	 TEST(word__is_read_and_added_to),
	TEST(child__stores_and_checks),
};

int main(void)
{
	return cmocka_run_group_tests_name("data", tests, NULL, NULL);
}
