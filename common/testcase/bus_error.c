// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bus_error.c - SIGBUS in a scenario's process */
#include "testcase/bus_error.h"

#include <stdio.h>

#include "env/bus_error.h"
#include "testcase/test.h"

static bool end_if_full(void *arg, void *address)
{
	char lack[SHORTAGE_TEXT], why[32 + SHORTAGE_TEXT];

	if (!test_lacks_space(arg, lack))
		return false;
	snprintf(why, sizeof(why), "crashed: Bus error: %s", lack);
	test_end(arg, VERDICT_ERROR, why);
}

void test_judge_bus_errors(struct test *t)
{
	bus_errors_judge(end_if_full, t);
}
