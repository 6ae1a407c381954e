// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* event.c - words about completion events */
#include "scenario/operation/event.h"

#include "testcase/test.h"

#define MOMENT_MS 20

static const char *const names[SIDE_ROLES] = {
	[INITIATOR] = "initiator",
	[RESPONDER] = "responder",
};

void(ask_for_event)(struct test *t, enum side_role role, enum event_kind kind)
{
	ASK(t, t->side[role], "ask for a completion event", SIDE_ARM,
	    .flag = kind == EVENT_SOLICITED);
}

void(expect_event)(struct test *t, enum side_role role)
{
	if (!ASK(t, t->side[role], "wait for a completion event", SIDE_WAIT_EVENT).number)
		test_fail(t, "the %s got no event for the completion", names[role]);
}

void(expect_no_event)(struct test *t, enum side_role role)
{
	if (ASK(t, t->side[role], "look for a completion event", SIDE_WAIT_EVENT,
		.argument = MOMENT_MS)
		    .number)
		test_fail(t, "the %s got an event for a completion that is not solicited",
			  names[role]);
}
