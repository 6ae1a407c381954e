// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* step_end.c - steps that end a side's hold on its device, or the side itself */
#include <string.h>

#include "run/child_side.h"
#include "run/test.h"

/* The targets of a responder that is gone. */
static void forget(struct test *t)
{
	t->bystander = NULL;
}

static void replace_responder(struct test *t, side_open_fn *open)
{
	forget(t);
	if (open(&t->side[RESPONDER], t->lab, RESPONDER))
		test_fail(t, "the responder could not be opened");
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
		test_fail(t, "the killed process does not end: %s", strerror(-ret));
}

void new_responder(struct test *t)
{
	replace_responder(t, t->lab->open_side);
}

void remove_device(struct test *t)
{
	struct side_request request = { .kind = SIDE_REMOVE_DEVICE };
	struct side_reply reply;

	test_call(t, t->side[RESPONDER], &request, &reply, "remove the device");
}

void close_device(struct test *t)
{
	struct side_request request = { .kind = SIDE_REOPEN };
	struct side_reply reply;

	forget(t);
	test_call(t, t->side[RESPONDER], &request, &reply, "close the device");
}
