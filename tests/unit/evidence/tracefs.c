// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tracefs.c - lost events, as the kernel reports them for each processor */
#include "evidence/tracefs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define STATS(overrun, commit_overrun, dropped)                              \
	"entries: 12\noverrun: " overrun "\ncommit overrun: " commit_overrun \
	"\nbytes: 1204\noldest event ts:  120.123456\nnow ts:  130.000001\n" \
	"dropped events: " dropped "\nread events: 5"

static void stats__without_loss(void **state)
{
	assert_false(tracefs_stats_lost(STATS("0", "0", "0")));
}

static void stats__with_loss_of_each_sort(void **state)
{
	assert_true(tracefs_stats_lost(STATS("1", "0", "0")));
	assert_true(tracefs_stats_lost(STATS("0", "7", "0")));
	assert_true(tracefs_stats_lost(STATS("0", "0", "1000000")));
}

static void stats__that_say_nothing_prove_nothing(void **state)
{
	assert_true(tracefs_stats_lost(""));
	assert_true(tracefs_stats_lost("entries: 12\noverrun: 0\ncommit overrun: 0"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(stats__without_loss),
	cmocka_unit_test(stats__with_loss_of_each_sort),
	cmocka_unit_test(stats__that_say_nothing_prove_nothing),
};

int main(void)
{
	return cmocka_run_group_tests_name("tracefs", tests, NULL, NULL);
}
