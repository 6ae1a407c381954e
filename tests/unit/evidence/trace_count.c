// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_count.c - what is counted of one watched range: places, pieces, and in words */
#include "evidence/trace_count.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/util.h"

static void text__each_part(void **state)
{
	struct trace_count seen = { .pages = 9,
				    .events = 2,
				    .perhaps = 1,
				    .returned = 3,
				    .along = 7,
				    .neighbours = 8,
				    .repeats = 10,
				    .refused = 2,
				    .refusal = EFAULT,
				    .pending = 3,
				    .remote_dax = 4,
				    .snapshots = 5,
				    .invalidations = 6 };
	char text[320];

	trace_count_text(&seen, text, sizeof(text));
	assert_string_equal(
		text, "9 pages faulted in by 2 events, 1 of them perhaps present before, "
		      "3 faulted in again, "
		      "7 brought along by an earlier fault, "
		      "8 neighbours brought along, 10 asked for again, "
		      "2 faults refused (Bad address), "
		      "3 pages of faults still in progress, "
		      "4 remote DAX faults, 5 snapshots, 6 invalidations");
}

static void text__never_overflows(void **state)
{
	struct trace_count seen = { .lost = true,
				    .pages = UINT64_MAX,
				    .refused = UINT64_MAX,
				    .refusal = EFAULT,
				    .snapshots = UINT64_MAX,
				    .invalidations = UINT64_MAX,
				    .remote_dax = UINT64_MAX };

	for (size_t size = 1; size < 300; size++) {
		char text[301];

		memset(text, '!', sizeof(text));
		trace_count_text(&seen, text, size);
		assert_true(strlen(text) < size);
		for (size_t i = size; i < sizeof(text); i++)
			assert_int_equal(text[i], '!');
	}
}

#define AT 0x200000ull

static struct trace_count watching(size_t unit)
{
	struct watched range = { .addr = AT, .len = MiB(4), .unit = unit };
	struct trace_count count;

	trace_count_begin(&count, &range);
	return count;
}

static void within__whole_translations(void **state)
{
	struct trace_count small = watching(0), huge = watching(MiB(2));

	assert_int_equal(trace_count_within(&small, AT + 8, AT + 16), 1);
	assert_int_equal(trace_count_within(&small, AT + 4088, AT + 4097), 2);
	assert_int_equal(trace_count_within(&small, AT + 8, AT + 8), 0);
	assert_int_equal(trace_count_within(&small, AT - MiB(1), AT), 0);
	assert_int_equal(trace_count_within(&small, AT - MiB(1), AT + MiB(8)), 1024);
	assert_int_equal(trace_count_within(&huge, AT + 8, AT + 16), 512);
	assert_int_equal(trace_count_within(&huge, AT + MiB(2) - 1, AT + MiB(2) + 1),
			 1024);
}

static void expect_name(const struct trace_count *count, unsigned int i, uint64_t from,
			uint64_t to)
{
	assert_int_equal(count->name[i].from, AT + from);
	assert_int_equal(count->name[i].to, AT + to);
}

/*
 * A name is of whole pages; one that begins in the last name, or at its end, makes that
 * longer.
 */
static void names__joined(void **state)
{
	struct trace_count count = watching(0);

	trace_count_name(&count, AT + KiB(8) + 8, AT + KiB(8) + 16, true);
	assert_int_equal(count.names, 1);
	expect_name(&count, 0, KiB(8), KiB(12));
	trace_count_name(&count, AT + KiB(12), AT + KiB(20), true);
	assert_int_equal(count.names, 1);
	expect_name(&count, 0, KiB(8), KiB(20));
	trace_count_name(&count, AT + KiB(8), AT + KiB(12), true);
	assert_int_equal(count.names, 1);
	expect_name(&count, 0, KiB(8), KiB(20));
	trace_count_name(&count, AT + KiB(24), AT + KiB(28), true);
	assert_int_equal(count.names, 2);
	expect_name(&count, 1, KiB(24), KiB(28));
	trace_count_name(&count, AT, AT + KiB(4), true);
	assert_int_equal(count.names, 3);
	expect_name(&count, 2, 0, KiB(4));
	trace_count_name(&count, AT + MiB(4), AT + MiB(5), true);
	assert_int_equal(count.names, 3);
}

/* Pages one after the other are one piece. */
static void brought__pieces(void **state)
{
	struct trace_count count = watching(0);

	for (uint64_t i = 0; i < 200; i++)
		for (uint64_t k = 0; k < 2; k++)
			trace_count_brought(&count, AT + (3 * i + k) * PAGE_BYTES,
					    BROUGHT);
	trace_count_brought(&count, AT + 599 * PAGE_BYTES, BROUGHT_PERHAPS);
	assert_int_equal(count.n, 201);
	assert_true(count.size >= count.n);
	assert_false(count.lost);
	for (uint64_t i = 0; i < 200; i++) {
		assert_int_equal(count.brought[i].from, AT + 3 * i * PAGE_BYTES);
		assert_int_equal(count.brought[i].to, AT + (3 * i + 2) * PAGE_BYTES);
	}
	trace_count_free(&count);
	assert_null(count.brought);
	assert_int_equal(count.n, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(text__each_part),
	cmocka_unit_test(text__never_overflows),
	cmocka_unit_test(within__whole_translations),
	cmocka_unit_test(names__joined),
	cmocka_unit_test(brought__pieces),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_count", tests, NULL, NULL);
}
