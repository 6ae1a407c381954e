// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* teardown.c - a responder that is replaced, killed, or closes its device */
#include "scenario/operation/teardown.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scripted_side.h"
#include "side/child.h"

static struct test *const t = &script.test;
static int open_error, kill_error;
static unsigned int opened, opened_child, closed;

/* A responder that follows the script, too. */
static int open_responder(struct side **side, struct env *env, enum side_role role)
{
	assert_ptr_equal(env, &script.env);
	assert_int_equal(role, RESPONDER);
	opened++;
	*side = &script.side[RESPONDER];
	return -open_error;
}

int __wrap_child_side_open(struct side **side, struct env *env, enum side_role role);
int __wrap_child_side_open(struct side **side, struct env *env, enum side_role role)
{
	opened_child++;
	return open_responder(side, env, role);
}

int __wrap_child_side_kill(struct side *side);
int __wrap_child_side_kill(struct side *side)
{
	assert_ptr_equal(side, &script.side[RESPONDER]);
	return -kill_error;
}

int __wrap_child_side_wait(struct side *side);
int __wrap_child_side_wait(struct side *side)
{
	assert_ptr_equal(side, &script.side[RESPONDER]);
	return -kill_error;
}

static void close_side(struct side *side)
{
	closed++;
}

static int begin(void **state)
{
	int ret = script_begin(state);

	script.env.open_side = open_responder;
	script.side[RESPONDER].close = close_side;
	t->trailing_target = script_target(RESPONDER, PAGE_BYTES);
	open_error = kill_error = 0;
	opened = opened_child = closed = 0;
	return ret;
}

/* Its targets are gone with it, and its queue pairs are new. */
static void replaced(unsigned int children)
{
	assert_int_equal(opened, 1);
	assert_int_equal(opened_child, children);
	assert_ptr_equal(t->side[RESPONDER], &script.side[RESPONDER]);
	assert_null(t->trailing_target);
	assert_int_equal(count_of(SIDE_QP_CONNECT), 2);
}

static void responder__is_new(void **state)
{
	t->side[RESPONDER] = NULL;
	new_responder(t);
	replaced(0);
	assert_int_equal(closed, 0);
	open_error = EIO;
	fails(new_responder(t), "the responder could not be opened: Input/output error");
}

static void responder__in_a_child(void **state)
{
	responder_in_child(t);
	replaced(1);
	assert_int_equal(closed, 1);
	/* there is none after it was killed */
	t->side[RESPONDER] = NULL;
	responder_in_child(t);
	assert_int_equal(closed, 1);
	assert_int_equal(opened_child, 2);
}

static void responder__is_killed(void **state)
{
	kill_responder(t);
	assert_null(t->side[RESPONDER]);
	t->side[RESPONDER] = &script.side[RESPONDER];
	kill_error = ETIMEDOUT;
	fails(kill_responder(t), "the killed process does not end: Connection timed out");
	assert_null(t->side[RESPONDER]);
}

static void responder__dies(void **state)
{
	responder_dies(t);
	assert_null(t->side[RESPONDER]);
	t->side[RESPONDER] = &script.side[RESPONDER];
	kill_error = ETIMEDOUT;
	fails(responder_dies(t),
	      "the process of the responder lives on: Connection timed out");
	assert_non_null(t->side[RESPONDER]);
}

static void device__is_closed(void **state)
{
	close_device(t);
	next_is(RESPONDER, &REQUEST(SIDE_REOPEN));
	assert_null(t->trailing_target);
}

#define WITH_RESPONDER(test) cmocka_unit_test_setup_teardown(test, begin, script_end)

static const struct CMUnitTest tests[] = {
	WITH_RESPONDER(responder__is_new),    WITH_RESPONDER(responder__in_a_child),
	WITH_RESPONDER(responder__is_killed), WITH_RESPONDER(responder__dies),
	WITH_RESPONDER(device__is_closed),
};

int main(void)
{
	return cmocka_run_group_tests_name("teardown", tests, NULL, NULL);
}
