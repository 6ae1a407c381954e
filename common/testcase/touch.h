/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * touch.h - which pages of watched targets an operation names
 *
 * A device may fault in more than it was asked for. So the witnesses are given the
 * addresses of each operation that is posted during a watch, and count its pages apart
 * from the others.
 */
#ifndef ODPLAB_TESTCASE_TOUCH_H
#define ODPLAB_TESTCASE_TOUCH_H

#include "testcase/test.h"

/* Before it is posted: the pages at both ends. */
void test_touches(struct test *t, const struct side_op *op);

/*
 * Likewise of a receive of the responder. Until it is done, a watch that begins later is
 * given its pages, too.
 */
void test_receive_touches(struct test *t, const struct side_op *receive);
void test_receive_done(struct test *t);	    /* the oldest one */
void test_receives_dropped(struct test *t); /* all, with their queue pair */

/* At the beginning of a watch: what may touch its pages already. */
void test_touches_begin(struct test *t, struct watch *watch);

/* Operations that go on by themselves: any page of a watched target may be theirs. */
void test_touches_anything(struct test *t);

#endif
