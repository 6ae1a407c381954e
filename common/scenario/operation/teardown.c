// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* teardown.c - words that end a process, a device, or its use by a side */
#include "scenario/operation/teardown.h"

#include "scenario/operation/queue_pair.h"
#include "side/child.h"
#include "testcase/test.h"

/* The targets of a responder that is gone. */
static void forget_targets(struct test *t)
{
	t->trailing_target = NULL;
}

static void replace_responder(struct test *t, side_open_fn *open)
{
	int ret;

	forget_targets(t);
	ret = open(&t->side[RESPONDER], t->env, RESPONDER);
	if (ret)
		test_fail_errno(t, ret, "the responder could not be opened");
	(reconnect)(t);
}

void responder_in_child(struct test *t)
{
	if (t->side[RESPONDER])
		t->side[RESPONDER]->close(t->side[RESPONDER]);
	replace_responder(t, child_side_open);
}

void kill_responder(struct test *t)
{
	int ret = child_side_kill(t->side[RESPONDER]);

	t->side[RESPONDER] = NULL;
	if (ret)
		test_fail_errno(t, ret, "the killed process does not end");
}

void new_responder(struct test *t)
{
	replace_responder(t, side_open);
}

void responder_dies(struct test *t)
{
	int ret = child_side_wait(t->side[RESPONDER]);

	if (ret)
		test_fail_errno(t, ret, "the process of the responder lives on");
	t->side[RESPONDER] = NULL;
}

void remove_device(struct test *t)
{
	ASK(t, t->side[RESPONDER], "remove the device", SIDE_REMOVE_DEVICE);
}

void close_device(struct test *t)
{
	forget_targets(t);
	ASK(t, t->side[RESPONDER], "close the device", SIDE_REOPEN);
}
