// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* trace_count.c - what the kernel's trace says of one watched range, in words */
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
		      "3 invalidated and faulted in again, "
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

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(text__each_part),
	cmocka_unit_test(text__never_overflows),
};

int main(void)
{
	return cmocka_run_group_tests_name("trace_count", tests, NULL, NULL);
}
